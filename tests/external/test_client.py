"""A typed client that a stranger's tool makes of the schema and the guide's documents compiles.

GraphQL Code Generator writes the types, `tsc --strict` takes them and what uses them, and the
program does with a started server what a front end does.
"""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from formats.sample.portfolio import sample_customers
from schema.print import FILE
from tests.external import node

CLIENT = Path(__file__).with_name("client")
GUIDE = Path(__file__).parents[2] / "docs" / "graphql"
MODULES = CLIENT / "node_modules"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the client's folder with the schema, the documents and what is generated of them."""
    node.install(CLIENT)
    folder = tmp_path_factory.mktemp("client") / "project"
    shutil.copytree(CLIENT, folder, ignore=shutil.ignore_patterns("node_modules"))
    (folder / "node_modules").symlink_to(MODULES)
    shutil.copy(FILE, folder / "schema.graphql")
    shutil.copytree(GUIDE, folder / "documents")
    generator = MODULES / "@graphql-codegen" / "cli" / "cjs" / "bin.js"
    node.run(generator, "--config", "codegen.ts", cwd=folder)
    return folder


@pytest.fixture(scope="module")
def compiled(project: Path) -> Path:
    """Give the program; where a type is wrong, or a wrong use passes, there is none."""
    node.run(MODULES / "typescript" / "bin" / "tsc", "--strict", "--project", ".", cwd=project)
    return project / "built" / "desk.js"


def test_every_operation_of_the_guide_has_a_typed_document(project: Path) -> None:
    generated = (project / "src" / "generated.ts").read_text(encoding="utf-8")
    written = [
        line.split()[1].split("(")[0]
        for document in sorted(GUIDE.iterdir())
        for line in document.read_text(encoding="utf-8").splitlines()
        if line.startswith(("query ", "mutation "))
    ]
    assert len(written) == 11
    for name in written:
        assert f"export const {name}Document" in generated, name
    assert ": any" not in generated


def test_a_front_end_of_these_types_gets_what_it_asks_for(server: str, compiled: Path) -> None:
    told: Any = json.loads(node.run(compiled, f"{server}/graphql", cwd=compiled.parent))
    customers = sorted(one.name for one in sample_customers())
    assert told["customers"] == len(customers)
    assert told["first"] == customers[0]
    assert told["unknown"] == ["OFFER_NOT_FOUND"]
    assert told["path"][-1] == "Microsoft 365 Business Standard"
    assert "LEGACY Microsoft 365 Business Basic" in told["offers"]
    assert "Microsoft 365 Business Basic: yellow" in told["targets"]
    assert "SEAT_CAP_EXCEEDED" in told["blockers"]
    assert told["approved"] == "APPROVED"
    assert told["refused"] == "BAD_ROWS"
    assert told["subscriptions"] > 0
