"""A partner's own catalog version answers its own questions, and nobody else's."""

from dataclasses import replace

import orjson
import pytest_asyncio
from starlette.applications import Starlette

from db.bundled import bundled_facts
from db.catalog_rows import add_rows
from db.pool import Database
from db.statements import SQL
from planner.facts import CatalogFacts, content_hash
from planner.ids import CatalogId
from tests.schema.api import BUSINESS_BASIC, LEGACY_E3, Api, new_partner
from tests.schema.conftest import principal_of

OWN_OFFER = "CFQ7TTC0ZZZZ:0001"
OWN_TITLE = "An offer of one partner's own list"
OFFER = f'{{ offer(catalogId: "{OWN_OFFER}") {{ ... on Offer {{ id title }} }} }}'
RENAMED = f'{{ offer(catalogId: "{BUSINESS_BASIC}") {{ ... on Offer {{ title }} }} }}'
REACHED = f"""{{ offer(catalogId: "{LEGACY_E3}") {{ ... on Offer {{
  reachable(first: 100) {{ totalCount }} }} }} }}"""
QUESTIONS = (OFFER, RENAMED, REACHED, '{ offers(text: "own list") { totalCount } }')


def _own(facts: CatalogFacts) -> CatalogFacts:
    """Return the bundled facts with an offer more, another title, and no moves."""
    titled = tuple(
        replace(one, title="Our own name") if one.catalog_id == BUSINESS_BASIC else one
        for one in facts.offers
    )
    model = next(one for one in facts.offers if one.catalog_id.startswith("CFQ7TTC0"))
    added = replace(model, catalog_id=CatalogId(OWN_OFFER), title=OWN_TITLE, former_titles=())
    return replace(facts, offers=(*titled, added), claims=(), conflicts=())


@pytest_asyncio.fixture
async def owner(app: Starlette, api_database: Database) -> Api:
    """Give a partner that has a catalog version of its own."""
    api = new_partner(app)
    facts = _own(bundled_facts())
    async with api_database.transaction(principal_of(api)) as connection:
        row = await SQL.add_version(
            connection,
            content_hash=content_hash(facts),
            label=f"own list {api.partner_id}",
            counts=orjson.dumps({"offers": len(facts.offers)}).decode(),
        )
        await add_rows(connection, row["version_id"], facts)
    return api


async def test_what_one_partner_imported_answers_that_partner_alone(
    owner: Api, app: Starlette
) -> None:
    """In both orders, so that nothing kept for the one is given to the other."""
    for first_asker in (True, False):
        stranger = new_partner(app)
        askers = (owner, stranger) if first_asker else (stranger, owner)
        told = {id(api): [await api.ask(each) for each in QUESTIONS] for api in askers}
        for api in askers:
            told[id(api)] += [await api.ask(each) for each in QUESTIONS]
        mine, theirs = told[id(owner)], told[id(stranger)]
        assert mine[0]["offer"]["title"] == OWN_TITLE
        assert mine[1]["offer"]["title"] == "Our own name"
        assert mine[2]["offer"]["reachable"]["totalCount"] == 0
        assert mine[3]["offers"]["totalCount"] == 1
        assert theirs[0] == {"offer": {}}
        assert theirs[1]["offer"]["title"] != "Our own name"
        assert theirs[2]["offer"]["reachable"]["totalCount"] > 0
        assert theirs[3]["offers"]["totalCount"] == 0
        assert mine[:4] == mine[4:]
        assert theirs[:4] == theirs[4:]


async def test_ids_and_cursors_of_an_own_catalog_lead_nobody_else_anywhere(
    owner: Api, app: Starlette
) -> None:
    stranger = new_partner(app)
    node = "query($id: ID!) { node(id: $id) { __typename id } }"
    ids = [
        (await owner.ask(OFFER))["offer"]["id"],
        (await owner.ask("{ catalog { id } }"))["catalog"]["id"],
    ]
    for each in ids:
        assert (await owner.ask(node, id=each))["node"]["id"] == each
        assert await stranger.ask(node, id=each) == {"node": None}
    page = await owner.ask("{ offers(first: 1) { pageInfo { endCursor } } }")
    after = "query($after: String!) { offers(first: 1, after: $after) { totalCount } }"
    cursor = page["offers"]["pageInfo"]["endCursor"]
    assert await stranger.refused(after, after=cursor) == "CURSOR_FROM_ANOTHER_CATALOG"


async def test_the_path_report_is_of_the_asker_s_own_catalog(owner: Api, app: Starlette) -> None:
    def rows(text: str) -> int:
        return text.count("\r\n") or text.count("\n")

    async with owner.client() as mine, new_partner(app).client() as theirs:
        own = await mine.get("/reports/paths?format=csv")
        bundled = await theirs.get("/reports/paths?format=csv")
    assert rows(own.text) == 1
    assert rows(bundled.text) > 1_000
