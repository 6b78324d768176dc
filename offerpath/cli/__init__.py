"""The command line: the same use cases as the API, as tables or JSON."""

from offerpath.cli.main import main

__all__ = ["main"]
