"""What these tests share: the command line's installation, and the API over the sample."""

from tests.offerpath.conftest import cli
from tests.schema.conftest import api_database, app, catalogs, sample

__all__ = ["api_database", "app", "catalogs", "cli", "sample"]
