"""`python -m offerpath.cli` is `offerpath`."""

from offerpath.cli.main import main

main()
