"""The examples of docs/errors.toml, run against the API as a client meets it.

What is made on the way has a name from then on: the first `planId` of an answer is `<planId>` in
what is asked and answered later, the second `<planId2>`.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import httpx2
import orjson

from tests.schema.api import Api

FILE = Path(__file__).parents[3] / "docs" / "errors.toml"
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
    closing: str = ""
    times: int = 0
    """`<repeated>` in what is sent stands for this text so many times, `<closing>` for that one;
    `<number>` in it is the number of the time, from 00."""
    variables: str = ""
    """JSON, sent with the document."""
    server: str = ""
    """Which one is asked, where it is not one with the usual settings (example_servers.py)."""

    def whole(self, text: str) -> str:
        """Return what is sent with everything in it that is repeated."""
        for name, part in (("<repeated>", self.repeated), ("<closing>", self.closing)):
            if name in text:
                every = (part.replace("<number>", f"{one:02}") for one in range(self.times))
                text = text.replace(name, "".join(every))
        return text

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

    def __init__(self, api: Api, names: Mapping[str, str] = MappingProxyType({})) -> None:
        """Ask an API; `names` are those of texts that are known before, by the text."""
        self._api = api
        self._made = dict(names)

    async def answer(self, example: Example) -> tuple[int, Any]:
        """Return the status and the answer, with names for what was made."""
        for document in example.before:
            for one in range(example.times if "<number>" in document else 1):
                asked = self._filled(document.replace("<number>", f"{one:02}"))
                self._name(await self._api.ask(asked))
        response = await self._send(example)
        self._name(orjson.loads(_told(response)), only="traceId")
        answer = orjson.loads(self._named(_told(response)))
        # What a document costs is told beside every answer, and is no part of an example.
        answer.pop("extensions", None)
        return response.status_code, answer

    async def _send(self, example: Example) -> httpx2.Response:
        method, _, path = self._filled(example.whole(example.request)).partition(" ")
        sent = self._filled(example.whole(example.body)).encode()
        headers = {"content-type": "application/json"} | {
            name: self._filled(example.whole(value)) for name, value in example.headers.items()
        }
        if example.now:
            headers["x-now"] = example.now
        if example.document:
            asked: dict[str, Any] = {"query": self._filled(example.whole(example.document))}
            if example.variables:
                asked["variables"] = orjson.loads(example.whole(example.variables))
            sent = orjson.dumps(asked)
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


def _told(response: httpx2.Response) -> str:
    """Return the JSON of an answer; of an event stream that of its first event."""
    if not response.headers["content-type"].startswith("text/event-stream"):
        return response.text
    return next(line[6:] for line in response.text.splitlines() if line.startswith("data: {"))


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
