"""Walking a connection page by page, as Relay does; the connection is called `page`."""

from typing import Any

from tests.schema.api import Api


async def page_of(api: Api, query: str, **variables: Any) -> Any:
    """Return the one connection that is called `page` in the answer."""
    data = await api.ask(query, **variables)
    (page,) = _pages(data)
    return page


async def all_pages(api: Api, query: str, **variables: Any) -> list[Any]:
    """Return the edges of all pages, and hold every page's info and total to them."""
    edges: list[Any] = []
    after: str | None = None
    while True:
        page = await page_of(api, query, after=after, **variables)
        info, here = page["pageInfo"], page["edges"]
        edges += here
        assert info["hasPreviousPage"] is (after is not None)
        assert info["startCursor"] == (here[0]["cursor"] if here else None)
        assert info["endCursor"] == (here[-1]["cursor"] if here else None)
        assert len(here) == min(variables["first"], page["totalCount"] - len(edges) + len(here))
        assert info["hasNextPage"] is (len(edges) < page["totalCount"])
        if not info["hasNextPage"]:
            return edges
        after = info["endCursor"]


def _pages(data: Any) -> list[Any]:
    if isinstance(data, list):
        return [page for each in data for page in _pages(each)]
    if not isinstance(data, dict):
        return []
    if "page" in data:
        return [data["page"]]
    return [page for each in data.values() for page in _pages(each)]
