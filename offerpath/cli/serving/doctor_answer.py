"""What `doctor` shows: every check, what the catalog knows, and what is stored."""

import asyncio
import platform
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from importlib.metadata import version

from rich.console import RenderableType

from offerpath.cli import answers
from offerpath.cli.catalog import tables
from offerpath.cli.catalog.coverage import coverage
from offerpath.cli.exits import Exit
from offerpath.cli.running import set_up_logging, stop_at_sigterm
from offerpath.cli.serving.doctor import Check, Examination, examined
from offerpath.cli.serving.stored_counts import stored_counts
from offerpath.cli.terminal import show, show_json
from offerpath.settings import Settings
from planner.rules import RULES_VERSION
from planner.scope import Scope
from resolvers.asked import Asked

Topics = Mapping[str, Mapping[str, int]]


def answer_doctor(settings: Settings, *, as_json: bool) -> Exit:
    set_up_logging(settings)
    return asyncio.run(_examine(settings, as_json=as_json))


async def _examine(settings: Settings, *, as_json: bool) -> Exit:
    stop_at_sigterm()
    async with examined(settings) as found:
        asked = found.asked
        topics = {} if asked is None else await _count(asked)
    if as_json:
        show_json(_answer(found, topics))
    else:
        show(*_told(found, topics))
    return Exit.ANSWERED if found.is_ok else Exit.FAULT


async def _count(asked: Asked) -> Topics:
    counted = coverage(asked.catalog, Scope(at=asked.now))
    return {**counted, **await stored_counts(asked)}


def _versions(found: Examination) -> dict[str, str | None]:
    return {
        "offerpath": version("offerpath"),
        "python": platform.python_version(),
        "postgres": found.postgres,
        "rules": RULES_VERSION,
    }


def _answer(found: Examination, topics: Topics) -> answers.Json:
    told = answers.asked_of(found.asked, None) if found.asked else {"catalog": None, "at": None}
    return told | {
        "ok": found.is_ok,
        "versions": _versions(found),
        "checks": [
            {
                "name": one.name,
                "ok": one.is_ok,
                "warning": one.is_warning,
                "message": one.message,
                "remedy": one.remedy,
            }
            for one in found.checks
        ],
        "rows": dict(found.asked.version.counts) if found.asked else None,
        "counts": topics or None,
        "missingLists": _missing_lists(found.asked),
    }


def _missing_lists(asked: Asked | None) -> list[answers.Json]:
    lists = asked.catalog.facts.missing_lists if asked else ()
    return [asdict(one) for one in lists]


def _told(found: Examination, topics: Topics) -> Iterator[RenderableType]:
    yield ", ".join(f"{name} {number or 'not known'}" for name, number in _versions(found).items())
    for check in found.checks:
        yield f"{_mark(check)} {check.name}: {check.message}"
        if check.remedy:
            yield f"       remedy: {check.remedy}"
    if found.asked:
        yield ""
        yield tables.table("COUNTED", "What", rows=_rows(topics))
        yield ""
    for missing in _missing_lists(found.asked):
        yield f"not loaded ({missing['kind']}): {missing['title']}"
        yield f"       remedy: {missing['remedy']}"


def _mark(check: Check) -> str:
    if check.is_warning:
        return "WARN  "
    return "ok    " if check.is_ok else "BROKEN"


def _rows(topics: Topics) -> Iterator[tuple[str, str]]:
    for topic, counts in topics.items():
        yield topic, ", ".join(f"{name} {count}" for name, count in counts.items())
