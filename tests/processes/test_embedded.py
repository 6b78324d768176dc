"""What the embedded PostgreSQL promises its clients, with real processes."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest

from db.embedded import EmbeddedServer
from tests.db.embedded_clients import (
    NOBODY,
    ROOT,
    answer,
    as_nobody,
    ask,
    end,
    eventually,
    needs_root,
    processes,
    start_client,
)


async def test_first_start_makes_a_database_and_says_so(folder: Path) -> None:
    """An empty folder becomes a server of PostgreSQL 18, with checksums and C.UTF-8, for UTC."""
    said: list[str] = []
    server = await asyncio.to_thread(EmbeddedServer.attach, folder, on_progress=said.append)
    with server:
        assert said == ["Creating the database (first start)"]
        assert await ask(server.url) == 1
        assert server.version.startswith("18.")
        assert await ask(server.url, "SHOW data_checksums") == "on"
        assert await ask(server.url, "SHOW timezone") == "UTC"
        locale = (
            "SELECT datlocprovider::text || datlocale FROM pg_database WHERE datname = 'offerpath'"
        )
        assert await ask(server.url, locale) == "bC.UTF-8"
        assert server.problem() is None


async def test_second_start_has_the_same_data_and_address(folder: Path) -> None:
    """What was stored is there after a stop, at the same address, and nothing is made anew."""
    with EmbeddedServer.attach(folder) as first:
        await ask(first.owner_url, "CREATE TABLE kept AS SELECT 42 AS answer")
    assert not processes(folder), "close() of the last client waits until all has stopped"
    said: list[str] = []
    with EmbeddedServer.attach(folder, on_progress=said.append) as second:
        assert said == []
        assert second.url == first.url
        assert second.owner_url == first.owner_url
        assert await ask(second.owner_url, "SELECT answer FROM kept") == 42
    second.close()  # Closing twice is no error.


async def test_the_application_role_is_plain_and_secrets_are_private(folder: Path) -> None:
    """Neither role bypasses row-level security, one owns the database; files are 0600."""
    with EmbeddedServer.attach(folder) as server:
        role = "SELECT rolsuper OR rolbypassrls OR rolcreaterole FROM pg_roles WHERE rolname = "
        owns = (
            "SELECT pg_has_role(datdba, 'MEMBER') FROM pg_database"
            " WHERE datname = current_database()"
        )
        who = "SELECT concat_ws(' ', current_user, current_database())"
        for url, name, is_owner in (
            (server.url, "offerpath_app", False),
            (server.owner_url, "offerpath", True),
        ):
            assert await ask(url, role + "current_user") is False
            assert await ask(url, who) == f"{name} offerpath"
            assert await ask(url, owns) is is_owner
        assert await ask(server.admin_url, role + "current_user") is True
        wrong = server.url.replace("offerpath_app:", "offerpath_app:x")
        with pytest.raises(asyncpg.InvalidPasswordError):
            await ask(wrong)
    secrets = ("offerpath.password", "offerpath_app.password", "postgres.password")
    for name in (*secrets, "server.json", "server.log"):
        assert (folder / name).stat().st_mode & 0o777 == 0o600, name
    log = (folder / "server.log").read_text()
    assert [name for name in secrets if (folder / name).read_text() in log] == []


async def test_processes_that_start_at_once_share_one_server(folder: Path) -> None:
    """Of many first starts at the same time one makes the server, and all get its address."""
    clients = [start_client(folder) for _ in range(4)]
    urls = {answer(client) for client in clients}
    assert len(urls) == 1
    assert len([name for name in processes(folder).values() if "db.supervisor" in name]) == 1
    for client in clients[:3]:
        end(client)
    assert await ask(urls.pop()) == 1
    end(clients[3])


async def test_a_handover_between_clients_loses_nobody(folder: Path) -> None:
    """A client that attaches while the last one leaves gets a server that stays."""

    async def come_and_go(number: int) -> None:
        for turn in range(6):
            server = await asyncio.to_thread(EmbeddedServer.attach, folder)
            assert await ask(server.url) == 1
            await asyncio.sleep(0.01 * ((number + turn) % 3))
            await asyncio.to_thread(server.close)

    await asyncio.gather(*(come_and_go(number) for number in range(3)))


async def test_a_lost_password_file_is_made_anew(folder: Path) -> None:
    """A data folder copied without its private files works again, with new passwords."""
    EmbeddedServer.attach(folder).close()
    names = ("offerpath.password", "offerpath_app.password", "postgres.password")
    old = [(folder / name).read_text() for name in names]
    for name in names:
        (folder / name).unlink()
    with EmbeddedServer.attach(folder) as server:
        urls = (server.owner_url, server.url, server.admin_url)
        assert [url for url, password in zip(urls, old, strict=True) if password in url] == []
        assert [await ask(url) for url in urls] == [1, 1, 1]


async def test_a_long_path_needs_no_long_socket_path(folder: Path) -> None:
    """With a path too long for a unix socket the sockets are in a short folder, then removed."""
    deep = folder / ("long" * 20) / ("path" * 20)
    with EmbeddedServer.attach(deep) as server, EmbeddedServer.attach(deep) as other:
        assert other.url == server.url
        assert await ask(server.url) == 1
        private = server.socket_dir.parent
        assert private.stat().st_mode & 0o777 == 0o700
        assert len(str(private)) < 60
    assert not private.exists()


@needs_root
async def test_an_ordinary_user_has_its_own_server(folder: Path) -> None:
    """It works without root, and root that comes later uses the folder as its owner does."""
    nobody = as_nobody()
    folder.mkdir()
    os.chown(folder, NOBODY, NOBODY)
    client = start_client(folder, **nobody)
    url = answer(client)
    assert await ask(url) == 1
    with EmbeddedServer.attach(folder) as server:
        assert server.url == url
        end(client)
        assert await ask(url) == 1
    as_root = start_client(folder, python=nobody["python"], env=nobody["env"])
    assert await ask(answer(as_root)) == 1
    assert {path.stat().st_uid for path in folder.rglob("*")} == {NOBODY}
    end(as_root)
    with EmbeddedServer.attach(folder) as server:
        assert await ask(server.url) == 1


@needs_root
async def test_root_without_namespaces_runs_the_server_as_nobody(folder: Path) -> None:
    """Where `unshare` cannot be used the cluster belongs to another account, new or existing."""
    for _ in range(2):
        client = start_client(folder, env={**os.environ, "PATH": "/nowhere"})
        assert await ask(answer(client)) == 1
        end(client)
        assert (folder / "pgdata").stat().st_uid == NOBODY
        assert (folder / "offerpath.password").stat().st_uid == 0
    with EmbeddedServer.attach(folder) as server:
        assert await ask(server.url) == 1


async def test_a_port_taken_meanwhile_is_replaced(folder: Path) -> None:
    """When another program has the old port at a later start, the server takes another one."""
    with EmbeddedServer.attach(folder) as server:
        old = server.port
    with socket.create_server(("127.0.0.1", old)), EmbeddedServer.attach(folder) as server:
        assert server.port != old
        assert await ask(server.url) == 1


def test_a_forked_child_neither_prolongs_nor_ends_the_use(folder: Path) -> None:
    """Workers of a killed process do not keep the server, and closing theirs does not stop it."""
    script = f"""
import multiprocessing, time
from pathlib import Path
from db.embedded import EmbeddedServer
server = EmbeddedServer.attach(Path({str(folder)!r}))
def work(close):
    server.close() if close else time.sleep(60)
fork = multiprocessing.get_context("fork")
closing, staying = fork.Process(target=work, args=(True,)), fork.Process(target=work, args=(False,))
closing.start(), closing.join(), staying.start()
print(staying.pid, server.problem(), flush=True)
time.sleep(60)
"""
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=ROOT)
    assert parent.stdout is not None
    worker, problem = parent.stdout.readline().decode().split()
    try:
        assert problem == "None"
        parent.kill()
        assert eventually(lambda: not processes(folder))
        os.kill(int(worker), 0)  # The worker is still there.
    finally:
        os.kill(int(worker), signal.SIGKILL)
        parent.communicate()
