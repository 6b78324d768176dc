"""What these tests share: the command line's installation, with its server kept running."""

from tests.offerpath.conftest import cli

__all__ = ["cli"]
