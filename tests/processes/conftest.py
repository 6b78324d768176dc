"""What these tests share: the command line's installation, and the API over the sample."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.db.embedded_clients import new_folder
from tests.offerpath.conftest import cli
from tests.schema.conftest import api_database, app, catalogs, sample

__all__ = ["api_database", "app", "catalogs", "cli", "sample"]


@pytest.fixture
def folder() -> Iterator[Path]:
    """Give a data folder of which no process may be left after the test."""
    with new_folder() as path:
        yield path
