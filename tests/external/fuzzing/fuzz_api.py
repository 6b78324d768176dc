"""Schemathesis asks every root field with made-up arguments: whatever it sends is answered.

Runs in an environment of its own (requirements.lock beside it) against the server that
OFFERPATH_FUZZED names. The same questions in every run; numbers are kept small, and texts that
stand for offers and services are often real ones, so that the questions get past the front door.
"""

import os
from typing import Any
from zlib import crc32

import graphql
import schemathesis
from graphql import ArgumentNode, IntValueNode, ListValueNode, ObjectFieldNode, StringValueNode
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from schemathesis.graphql import nodes

EXAMPLES = int(os.environ.get("OFFERPATH_FUZZ_EXAMPLES", "20"))
LARGEST = 3
FAULTS = {"INTERNAL_ERROR", "DATABASE_UNAVAILABLE", "NO_CATALOG"}
KNOWN = {
    "offer": ("BD938F12-058F-4927-BBA3-AE36B1D2501C", "CFQ7TTC0LF8R:0001", "CFQ7TTC0LF8Q:0001"),
    "servicePlan": ("57ff2da0-773e-42df-b2af-ffb7a2317929",),
}
STANDS_FOR = {
    "from": "offer",
    "to": "offer",
    "offer": "offer",
    "catalogId": "offer",
    "target": "offer",
    "via": "offer",
    "avoid": "offer",
    "servicePlans": "servicePlan",
}

_digits = st.integers(0, 10**6)
_days = st.dates().map(str)
schemathesis.graphql.scalar("Day", _days.map(nodes.String))
schemathesis.graphql.scalar(
    "Instant", st.datetimes().map(lambda at: nodes.String(f"{at.isoformat()}Z"))
)
schemathesis.graphql.scalar("Decimal", _digits.map(lambda number: nodes.String(str(number / 100))))
schemathesis.graphql.scalar("JSON", st.just(nodes.Object(fields=[])))


class _Tamed(graphql.Visitor):
    """Clamps numbers, and puts known ids where a text stands for one; a third of them stay."""

    def enter_int_value(self, node: IntValueNode, *_: Any) -> IntValueNode:
        return IntValueNode(value=str(max(-1, min(LARGEST, int(node.value)))))

    def leave_argument(self, node: ArgumentNode, *_: Any) -> ArgumentNode:
        return ArgumentNode(name=node.name, value=_known(node.name.value, node.value))

    def leave_object_field(self, node: ObjectFieldNode, *_: Any) -> ObjectFieldNode:
        return ObjectFieldNode(name=node.name, value=_known(node.name.value, node.value))


def _known(name: str, value: Any) -> Any:
    choices = KNOWN.get(STANDS_FOR.get(name, ""), ())
    if isinstance(value, ListValueNode):
        return ListValueNode(values=tuple(_known(name, one) for one in value.values))
    if not isinstance(value, StringValueNode) or not choices:
        return value
    number = crc32(value.value.encode("utf-8", "surrogatepass"))
    return value if number % 3 == 0 else StringValueNode(value=choices[number % len(choices)])


schema = schemathesis.graphql.from_url(f"{os.environ['OFFERPATH_FUZZED']}/graphql")


@schema.hook
def map_body(context: Any, body: Any) -> Any:
    del context
    return graphql.visit(body, _Tamed()) if isinstance(body, graphql.Node) else body


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
def test_every_root_field_answers(case: Any) -> None:
    """No server error: no 5xx, no fault behind a 200, and JSON all the same."""
    answer = case.call(headers={"Accept": "application/graphql-response+json"}, timeout=60)
    assert answer.status_code < 500, (case.body, answer.content)
    codes = {error["extensions"]["code"] for error in answer.json().get("errors", ())}
    assert not codes & FAULTS, (case.body, answer.content)
