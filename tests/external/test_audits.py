"""graphql-http's audits: the server speaks GraphQL over HTTP as the specification says."""

import pytest

from tests.external import node

AUDITS = 61


@pytest.mark.usefixtures("packages")
def test_every_audit_of_graphql_http_is_passed(server: str) -> None:
    results = node.run_json("audits.mjs", f"{server}/graphql")
    assert isinstance(results, list)
    failed = [
        f"{one['id']} {one['name']}: {one['reason']}" for one in results if one["status"] != "ok"
    ]
    assert (len(results), failed) == (AUDITS, [])
