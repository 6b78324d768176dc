"""Offers are found by what users know of them, and paged without loss."""

from typing import Any

import pytest

from tests.schema.api import BUSINESS_BASIC, NEW_BASIC, NEW_E3, Api
from tests.schema.paging import all_pages, page_of

ALL_OFFERS = 2863
OFFERS = """
query Offers($text: String, $commerce: Commerce, $segment: Segment, $market: String,
             $addon: Known, $first: Int! = 20, $after: String) {
  page: offers(text: $text, commerce: $commerce, segment: $segment, market: $market,
               addon: $addon, first: $first, after: $after) {
    totalCount
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { cursor node { catalogId title commerce segment isAddon soldIn(market: "US") } }
  }
}
"""
REACHABLE = """
query Reachable($id: String!, $first: Int! = 20, $after: String, $reverse: Boolean! = false,
                $commerce: Commerce) {
  offer(catalogId: $id) {
    ... on Offer {
      page: reachable(first: $first, after: $after, reverse: $reverse, commerce: $commerce) {
        totalCount
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        edges { cursor node { catalogId commerce }
                path { cost { steps } from { catalogId } to { catalogId } } }
      }
    }
  }
}
"""


async def _found(api: Api, **variables: Any) -> list[Any]:
    return await all_pages(api, OFFERS, first=200, **variables)


async def test_every_offer_comes_on_exactly_one_page(sample: Api) -> None:
    nodes = [edge["node"] for edge in await _found(sample)]
    assert len(nodes) == ALL_OFFERS
    assert len({node["catalogId"] for node in nodes}) == ALL_OFFERS
    order = [(node["title"].casefold(), node["catalogId"]) for node in nodes]
    assert order == sorted(order)


async def test_pages_of_another_size_hold_the_same_offers_and_cursors(sample: Api) -> None:
    text = "exchange online"
    assert await all_pages(sample, OFFERS, first=7, text=text) == await _found(sample, text=text)


async def test_the_catalog_counts_as_many_offers_as_there_are(sample: Api) -> None:
    counts = (await sample.ask("{ catalog { counts { name count } } }"))["catalog"]["counts"]
    told = {each["name"]: each["count"] for each in counts}
    assert told["offers"] == ALL_OFFERS


@pytest.mark.parametrize(
    ("text", "catalog_id"),
    [
        ("Microsoft 365 Business Basic", BUSINESS_BASIC),
        ("  basic   BUSINESS ", NEW_BASIC),
        ("bd938f12", BUSINESS_BASIC),
        ("cfq7ttc0lf8r:0001", NEW_E3),
        ("O365_BUSINESS_ESSENTIALS", BUSINESS_BASIC),
    ],
)
async def test_an_offer_is_found_by_title_and_ids(sample: Api, text: str, catalog_id: str) -> None:
    assert catalog_id in [edge["node"]["catalogId"] for edge in await _found(sample, text=text)]


@pytest.mark.parametrize("text", ["no such offer", "%", "\0", "x" * 492])
async def test_a_text_that_no_offer_has_finds_none(sample: Api, text: str) -> None:
    page = await page_of(sample, OFFERS, text=f"{text} nowhere")
    assert (page["totalCount"], page["edges"]) == (0, [])
    assert page["pageInfo"] == {
        "hasNextPage": False,
        "hasPreviousPage": False,
        "startCursor": None,
        "endCursor": None,
    }


@pytest.mark.parametrize("length", [501, 5000])
async def test_a_text_of_more_than_500_characters_is_refused(sample: Api, length: int) -> None:
    assert await sample.refused(OFFERS, text="x" * length) == "TEXT_TOO_LONG"


@pytest.mark.parametrize(
    ("argument", "field", "values"),
    [
        ("commerce", "commerce", ("LEGACY", "NEW_COMMERCE")),
        ("addon", "isAddon", ("YES", "NO", "UNKNOWN")),
    ],
)
async def test_a_filter_divides_all_offers(
    sample: Api, argument: str, field: str, values: tuple[str, ...]
) -> None:
    total = 0
    for value in values:
        nodes = [edge["node"] for edge in await _found(sample, **{argument: value})]
        assert {node[field] for node in nodes} <= {value}
        total += len(nodes)
    assert total == ALL_OFFERS


@pytest.mark.parametrize("segment", ["COMMERCIAL", "EDUCATION", "CHARITY", "GOVERNMENT"])
async def test_a_segment_finds_its_offers_alone(sample: Api, segment: str) -> None:
    nodes = [edge["node"] for edge in await _found(sample, segment=segment)]
    assert {node["segment"] for node in nodes} == {segment}


async def test_a_market_keeps_what_is_sold_there_and_what_nobody_knows(sample: Api) -> None:
    everything = [edge["node"] for edge in await _found(sample)]
    kept = [edge["node"] for edge in await _found(sample, market="us")]
    assert kept == [node for node in everything if node["soldIn"] != "NO"]
    assert len(kept) < len(everything)


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("offer", [BUSINESS_BASIC, NEW_E3])
async def test_reachable_offers_in_pages_equal_the_whole_list(
    sample: Api, offer: str, reverse: bool
) -> None:
    asked = {"id": offer, "reverse": reverse}
    whole = await page_of(sample, REACHABLE, first=200, **asked)
    paged = await all_pages(sample, REACHABLE, first=3, **asked)
    assert paged == whole["edges"]
    assert len(paged) == whole["totalCount"]
    ends = ("to", "from") if reverse else ("from", "to")
    for edge in paged:
        here, there = (edge["path"][end]["catalogId"] for end in ends)
        assert (here, there) == (offer, edge["node"]["catalogId"])


async def test_reachable_offers_have_the_totals_of_the_bundled_catalog(sample: Api) -> None:
    async def total(**asked: Any) -> int:
        return int((await page_of(sample, REACHABLE, **asked))["totalCount"])

    assert await total(id=BUSINESS_BASIC) == 19
    assert await total(id=NEW_E3, reverse=True) == 27
    legacy = await total(id=BUSINESS_BASIC, commerce="LEGACY")
    assert legacy + await total(id=BUSINESS_BASIC, commerce="NEW_COMMERCE") == 19


async def test_reachable_offers_are_within_the_steps_asked_for(sample: Api) -> None:
    near = """query($id: String!, $steps: Int!) { offer(catalogId: $id) { ... on Offer {
        page: reachable(first: 200, scope: {maxSteps: $steps}) {
          totalCount edges { path { cost { steps } } } } } } }"""
    totals = []
    for steps in (1, 2, 12):
        page = await page_of(sample, near, id=BUSINESS_BASIC, steps=steps)
        assert all(edge["path"]["cost"]["steps"] <= steps for edge in page["edges"])
        totals.append(page["totalCount"])
    assert totals == sorted(totals)
    assert totals[0] < totals[-1] == 19


@pytest.mark.parametrize("text", ["E3", "e3", "Office 365 E3"])
async def test_words_are_found_in_titles_and_never_in_the_digits_of_ids(
    sample: Api, text: str
) -> None:
    titles = [edge["node"]["title"] for edge in await _found(sample, text=text, commerce="LEGACY")]
    assert "Office 365 E3" in titles
    assert all("E3" in title.upper() for title in titles)


@pytest.mark.parametrize("text", ["bd938f12", "BD938F12-058F-4927-BBA3-AE36B1D2501C", "o365_bus"])
async def test_the_beginning_of_an_id_finds_its_offer(sample: Api, text: str) -> None:
    found = [edge["node"]["catalogId"] for edge in await _found(sample, text=text)]
    assert BUSINESS_BASIC in found
