"""Where the tables belong to another role, the processes that answer do not know its address."""

from pathlib import Path

from db.embedded import EmbeddedServer
from tests.offerpath.command import Cli
from tests.offerpath.served import children_of, served


def test_workers_are_not_told_the_owners_address(cli: Cli, tmp_path: Path) -> None:
    """Neither in their environment nor in that of what they might start."""
    with EmbeddedServer.attach(cli.data_dir / "postgres") as postgres:
        given = {
            "OFFERPATH_DATABASE_URL": postgres.url,
            "OFFERPATH_MIGRATIONS_URL": postgres.owner_url,
        }
        with served(Cli(tmp_path / "data"), "--workers", "2", **given) as server:
            assert server.ask("{ customers(first: 1) { totalCount } }")
            workers = children_of(server.process.pid)
            assert len(workers) == 2
            for worker in workers:
                environment = Path(f"/proc/{worker}/environ").read_bytes().decode()
                assert postgres.url in environment
                assert postgres.owner_url not in environment


def test_workers_of_the_embedded_server_are_not_told_it_either(cli: Cli) -> None:
    folder = cli.data_dir / "postgres"
    with EmbeddedServer.attach(folder) as postgres, served(cli, "--workers", "2") as server:
        workers = children_of(server.process.pid)
        assert len(workers) == 2
        for worker in workers:
            environment = Path(f"/proc/{worker}/environ").read_bytes().decode()
            assert postgres.url in environment
            assert postgres.owner_url not in environment
