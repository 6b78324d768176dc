"""The pages a browser sees: a welcome that says what is here, and the query editor."""

from functools import lru_cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from offerpath.delivery import not_modified, revalidated, tag
from schema.print import printed

IDE_FOLDER = Path(__file__).with_name("static") / "ide"

FIRST_QUERY = """{
  paths(
    from: "BD938F12-058F-4927-BBA3-AE36B1D2501C"
    to: { offer: "CFQ7TTC0LF8R:0001" }
  ) {
    ... on PathsFound {
      paths {
        readiness
        steps { kind evidence from { title } to { title catalogId } }
        conditions { code message }
      }
    }
    ... on NoPath { verdict message causes { code message remedy } }
    ... on OfferNotFound { message remedy }
  }
}"""
"""The query that the server prints and the editor opens with: a way to Office 365 E3."""

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>offerpath</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body{{font:16px/1.5 system-ui,sans-serif;margin:3rem auto;max-width:46rem;padding:0 1rem}}
pre{{background:#f4f4f6;padding:1rem;overflow:auto}}</style></head><body>{body}</body></html>"""

_WELCOME = """<h1>offerpath</h1>
<p>Which moves are open from a Microsoft CSP offer, what is the best way to new commerce,
and what stops this customer.</p>
<ul>
<li><a href="/graphql">/graphql</a>: the API, with a query editor in the browser</li>
<li><a href="/schema.graphql">/schema.graphql</a>: the schema as text</li>
<li><a href="/reports/paths?format=csv&amp;market=US">/reports/paths</a>: every best path as CSV,
NDJSON or XLSX; <a href="/reports/paths/manifest?market=US">its manifest</a></li>
<li><a href="/healthz">/healthz</a>, <a href="/readyz">/readyz</a></li>
</ul>
<p>A first query:</p><pre>{query}</pre>"""

_NO_EDITOR = """<h1>The query editor is not built</h1>
<p>Run <code>tools/build-ide.sh</code> (it needs the npm registry once) and start again. The API
works all the same: POST a query to <code>/graphql</code>.</p>"""


async def welcome(request: Request) -> Response:
    """Say what this server has."""
    del request
    return HTMLResponse(_PAGE.format(body=_WELCOME.format(query=FIRST_QUERY)))


async def sdl(request: Request) -> Response:
    """Give the schema as text, the same to everybody."""
    return not_modified(request, _SDL_HEADERS) or PlainTextResponse(_SDL, headers=_SDL_HEADERS)


@lru_cache(maxsize=1)
def ide() -> str:
    """Return the query editor's page, or one that says how to build it."""
    built = IDE_FOLDER / "index.html"
    if built.is_file():
        return built.read_text(encoding="utf-8")
    return _PAGE.format(body=_NO_EDITOR)


_SDL = printed()
_SDL_HEADERS = revalidated(tag(_SDL), scope="public")
