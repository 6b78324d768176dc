"""`offerpath documents check`."""

import hashlib
import json
from pathlib import Path

import pytest

from tests.offerpath.command import Cli

GOOD = "query Label { catalog { label } }"
BAD = "query Wrong {\n  nothing\n  catalog { lable }\n}"


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def manifest(folder: Path, *texts: str) -> str:
    file = folder / "documents.json"
    file.write_text(json.dumps({sha256(text): text for text in texts}))
    return str(file)


@pytest.fixture
def alone(tmp_path: Path) -> Cli:
    """Give a command line that has no database, and must not make one."""
    return Cli(tmp_path / "data")


def test_a_manifest_of_valid_documents_is_fine_and_no_database_is_made(
    alone: Cli, tmp_path: Path
) -> None:
    file = manifest(tmp_path, GOOD)
    done = alone.call("documents", "check", file)
    assert (done.code, done.out) == (0, "1 document, valid\n")
    assert alone.call("documents", "check", file, "--json").json == {
        "ok": True,
        "documents": 1,
        "errors": [],
    }
    assert not alone.data_dir.exists()


def test_every_error_of_every_document_is_told_with_its_place(alone: Cli, tmp_path: Path) -> None:
    file = manifest(tmp_path, GOOD, BAD)
    done = alone.call("documents", "check", file, "--json")
    assert done.code == 5
    assert done.json["ok"] is False
    assert [
        (error["documentId"], error["operation"], error["code"]) for error in done.json["errors"]
    ] == [(sha256(BAD), "Wrong", "GRAPHQL_VALIDATION_FAILED")] * 2
    told = alone.call("documents", "check", file)
    assert told.code == 5
    assert "'nothing'" in told.out
    assert "(line 3, column 13)" in told.out


def test_a_file_that_is_no_manifest_is_bad_input(alone: Cli, tmp_path: Path) -> None:
    file = tmp_path / "documents.json"
    file.write_text("[]")
    refused = alone.call("documents", "check", str(file), "--json")
    assert (refused.code, refused.error["code"]) == (2, "NOT_JSON")
    missing = alone.call("documents", "check", str(tmp_path / "none.json"), "--json")
    assert (missing.code, missing.error["code"]) == (2, "FILE_NOT_READABLE")
