"""What a browser and a terminal are given to begin with."""

from pathlib import Path

from offerpath.pages import FIRST_QUERY

EDITOR = Path(__file__).parents[2] / "web" / "ide" / "src" / "firstQuery.ts"


def test_the_editor_opens_with_the_query_that_the_server_prints() -> None:
    assert f"`{FIRST_QUERY}\n`" in EDITOR.read_text(encoding="utf-8")
