"""The examples of docs/errors.toml, run against the API as a client meets it.

What is made on the way has a name from then on: the first `planId` of an answer is `<planId>` in
what is asked and answered later, the second `<planId2>`.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import orjson

from tests.schema.api import Api

FILE = Path(__file__).parents[2] / "docs" / "errors.toml"
_MADE = frozenset({"planId", "fingerprint", "contentHash", "key", "keyId", "endCursor", "traceId"})


@dataclass(frozen=True, slots=True)
class Example:
    """What is sent, after what, and what comes back."""

    code: str
    answer: Any
    document: str = ""
    before: tuple[str, ...] = ()
    """Documents that are sent first, to make what the example speaks of."""
    request: str = "POST /graphql"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    status: int = 200
    roles: tuple[str, ...] = ()
    """Those that the asker has; every role where none is named."""
    now: str = ""
    """The instant of the request, where another one than that of the tests matters."""
    repeated: str = ""
    times: int = 0
    """`<repeated>` in the document stands for this text so many times."""

    @property
    def whole_document(self) -> str:
        return self.document.replace("<repeated>", self.repeated * self.times)

    @property
    def title(self) -> str:
        return f"{self.code} {self.document or self.request}"[:60]


def examples() -> tuple[Example, ...]:
    """Return the examples in the order of their file."""
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))["example"]
    return tuple(_example(**one) for one in told)


def _example(*, answer: str, **told: Any) -> Example:
    lists = {name: tuple(value) for name, value in told.items() if isinstance(value, list)}
    return Example(answer=orjson.loads(answer), **{**told, **lists})


class Run:
    """Sends what an example sends, and names what was made on the way."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._made: dict[str, str] = {}

    async def answer(self, example: Example) -> tuple[int, Any]:
        """Return the status and the answer, with names for what was made."""
        for document in example.before:
            self._name(await self._api.ask(self._filled(document)))
        response = await self._send(example)
        self._name(response.json(), only="traceId")
        answer = orjson.loads(self._named(response.text))
        # What a document costs is told beside every answer, and is no part of an example.
        answer.pop("extensions", None)
        return response.status_code, answer

    async def _send(self, example: Example) -> httpx2.Response:
        method, _, path = example.request.partition(" ")
        sent = example.body.encode()
        headers = {"content-type": "application/json", **example.headers}
        if example.now:
            headers["x-now"] = example.now
        if example.document:
            sent = orjson.dumps({"query": self._filled(example.whole_document)})
        async with self._api.client() as client:
            return await client.request(method, path, content=sent, headers=headers)

    def _name(self, answer: Any, *, only: str | None = None) -> None:
        for name, text in _leaves(answer):
            if name in _MADE and only in (None, name) and text not in self._made:
                count = sum(told.startswith(f"<{name}") for told in self._made.values())
                self._made[text] = f"<{name}{count + 1}>" if count else f"<{name}>"

    def _filled(self, document: str) -> str:
        for text, name in self._made.items():
            document = document.replace(name, text)
        return document

    def _named(self, answer: str) -> str:
        for text, name in self._made.items():
            answer = answer.replace(text, name)
        return answer


def _leaves(answer: Any) -> Iterator[tuple[str, str]]:
    match answer:
        case dict():
            for name, value in answer.items():
                if isinstance(value, str):
                    yield name, value
                else:
                    yield from _leaves(value)
        case list():
            for value in answer:
                yield from _leaves(value)
