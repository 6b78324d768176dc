"""A data folder that is set up once for the run, its server kept so that commands come at once."""

from collections.abc import Iterator

import pytest

from db.embedded import EmbeddedServer
from tests.offerpath.command import Cli


@pytest.fixture(scope="session")
def cli(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cli]:
    """Give the command line of an installation with the sample customers."""
    made = Cli(tmp_path_factory.mktemp("offerpath") / "data")
    with EmbeddedServer.attach(made.data_dir / "postgres"):
        done = made.run("init")
        assert (done.code, done.err) == (0, ""), done
        yield made
