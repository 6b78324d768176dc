"""Five hundred attempts later the process is no larger than it was."""

import gc
import resource
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from tests.schema.api import NEW_E3, Api

ATTEMPTS = 500
MOST_GROWTH = 32 * 1024 * 1024
"""What is kept has bounds of its own: half a million characters of documents, parsed, and what the
allocator holds back. Were anything kept of each attempt, it would be over 150 MB."""
_JSON = {"content-type": "application/json"}
_PAGE = resource.getpagesize()


def _resident() -> int:
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE


def _attempts(count: int, salt: str) -> Iterator[bytes]:
    """Yield requests that are never the same twice, each about as large as one may be."""
    for number in range(count):
        mark = f"{salt}{number}"
        yield orjson.dumps(_request(number % 8, mark))


def _request(kind: int, mark: str) -> dict[str, Any]:
    match kind:
        case 0:
            return {"query": "{ " + f"no{mark} " * 900 + "}"}
        case 1:
            fields = " ".join(f"a{mark}{each}: __typename" for each in range(400))
            return {"query": f"{{ {fields} }}"}
        case 2:
            return {"query": f"{{ catalog {{ label }} }} # {mark}" + "x" * 100_000}
        case 3:
            query = "query ($t: String!) { offers(text: $t) { totalCount } }"
            return {"query": query, "variables": {"t": mark + "x" * 900_000}}
        case 4:
            offers = ", ".join([f'"{NEW_E3}"'] * 700)
            return {"query": f"{{ m{mark}: matrix(from: [], to: [{offers}]) {{ __typename }} }}"}
        case 5:
            return {"query": "{ a " * 500 + mark, "operationName": mark * 100}
        case 6:
            query = "query ($o: [String!]!) { matrix(from: $o, to: $o) { __typename } }"
            return {"query": query + f" # {mark}", "variables": {"o": [mark] * 20_000}}
        case _:
            spreads = " ".join(
                f"fragment F{each} on Query {{ ...F{each + 1} }}" for each in range(80)
            )
            return {"query": f"{{ ...F0 q{mark}: __typename }} {spreads}"}


async def test_memory_stays_where_it_was(sample: Api) -> None:
    async with sample.client() as client:
        for body in _attempts(ATTEMPTS // 5, "before"):
            await client.post(
                "/graphql", content=body, headers={"content-type": "application/json"}
            )
        before = _resident()
        statuses = set()
        for body in _attempts(ATTEMPTS, "after"):
            answer = await client.post("/graphql", content=body, headers=_JSON)
            statuses.add(answer.status_code)
        after = _resident()
    assert statuses <= {200, 400, 413}
    assert after - before < MOST_GROWTH, f"{(after - before) / 1e6:.0f} MB more"
