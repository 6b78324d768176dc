"""A server that refuses to start with the documents that it finds."""

from pathlib import Path

import pytest

from tests.offerpath.cli.test_cli_documents import BAD, GOOD, alone, manifest, sha256
from tests.offerpath.command import Cli

__all__ = ["alone"]


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_server_does_not_start_with_a_document_that_is_not_valid(
    cli: Cli, tmp_path: Path, workers: str
) -> None:
    done = cli.run(
        "serve",
        "--json",
        "--port=0",
        OFFERPATH_DOCUMENTS="accept",
        OFFERPATH_DOCUMENTS_FILE=manifest(tmp_path, GOOD, BAD),
        OFFERPATH_WORKERS=workers,
    )
    assert (done.code, done.error["code"]) == (2, "BAD_SETTING")
    assert f"{sha256(BAD)} (Wrong): " in done.error["message"]


def test_a_server_that_shall_know_documents_needs_their_file(alone: Cli, tmp_path: Path) -> None:
    done = alone.run("serve", "--json", OFFERPATH_DOCUMENTS="require")
    assert (done.code, done.error["code"]) == (2, "BAD_SETTING")
    assert "OFFERPATH_DOCUMENTS_FILE" in done.error["message"]
    missing = str(tmp_path / "none.json")
    done = alone.run(
        "serve",
        "--json",
        "--port=0",
        OFFERPATH_DOCUMENTS="accept",
        OFFERPATH_DOCUMENTS_FILE=missing,
    )
    assert (done.code, done.error["code"]) == (2, "BAD_SETTING")
    assert missing in done.error["message"]
