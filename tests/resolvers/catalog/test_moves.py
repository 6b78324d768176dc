"""Many offers by many, and where one offer leads, within bounds."""

import pytest

from planner.ids import CatalogId
from planner.no_path import NoPath
from planner.offers import Commerce
from planner.paths import Path, PathsFound
from resolvers.asked import Asked
from resolvers.catalog import moves
from resolvers.catalog.moves import GoalRequest, ReachRequest, ScopeRequest
from resolvers.problems import BadInput, NotFound

BUSINESS_BASIC = "BD938F12-058F-4927-BBA3-AE36B1D2501C"
NEW_E3 = "CFQ7TTC0LF8R:0001"
NOBODY = "11111111-1111-4111-8111-111111111111"
ANYTHING = ScopeRequest()


async def test_a_matrix_has_at_most_2500_cells(bundled: Asked) -> None:
    with pytest.raises(BadInput) as refused:
        await moves.matrix(bundled, [BUSINESS_BASIC] * 51, [NEW_E3] * 50, ANYTHING)
    assert refused.value.code == "TOO_MANY_CELLS"
    assert await moves.matrix(bundled, [], [NEW_E3] * 9999, ANYTHING) == ()


async def test_the_largest_matrix_is_answered_whole(bundled: Asked) -> None:
    offers = list(bundled.catalog.offers)
    cells = await moves.matrix(bundled, offers[:50], offers[-50:], ANYTHING)
    assert isinstance(cells, tuple)
    assert len(cells) == moves.MAX_CELLS


async def test_cells_come_in_the_order_asked_for(bundled: Asked) -> None:
    rows, columns = [NEW_E3, BUSINESS_BASIC, NEW_E3], [BUSINESS_BASIC, NEW_E3]
    cells = await moves.matrix(bundled, [each.lower() for each in rows], columns, ANYTHING)
    assert isinstance(cells, tuple)
    assert [(cell.origin, cell.target) for cell in cells] == [
        (row, column) for row in rows for column in columns
    ]


async def test_a_cell_is_the_best_path_of_its_pair(bundled: Asked) -> None:
    offers = [BUSINESS_BASIC, "796B6B5F-613C-4E24-A17C-EBA730D49C02", "CFQ7TTC0LH18:0001", NEW_E3]
    cells = await moves.matrix(bundled, offers, offers, ANYTHING)
    assert isinstance(cells, tuple)
    for cell in cells:
        goal = GoalRequest(offer=cell.target)
        alone = moves.find_paths(bundled, cell.origin, goal, ANYTHING)
        if isinstance(alone, PathsFound):
            assert cell.answer == alone.paths[0]
        else:
            assert isinstance(cell.answer, NoPath)
            assert cell.answer == alone


async def test_an_offer_that_is_not_there_is_named(bundled: Asked) -> None:
    for rows, columns, scope in (
        ([NOBODY], [NEW_E3], ANYTHING),
        ([NEW_E3], [NOBODY], ANYTHING),
        ([NEW_E3], [NEW_E3], ScopeRequest(avoid=(NOBODY,))),
    ):
        missing = await moves.matrix(bundled, rows, columns, scope)
        assert isinstance(missing, NotFound)
        assert (missing.code, missing.identifier) == ("OFFER_NOT_FOUND", NOBODY)


@pytest.mark.parametrize("reverse", [False, True])
def test_pages_of_what_is_reachable_make_up_the_whole(bundled: Asked, reverse: bool) -> None:
    offer = CatalogId(NEW_E3 if reverse else BUSINESS_BASIC)
    request = ReachRequest(offer, reverse=reverse)
    whole = moves.reach(bundled, request, first=200, after=None)
    paged: list[Path] = []
    after = None
    while True:
        page = moves.reach(bundled, request, first=4, after=after)
        paged += page.paths
        assert page.total == whole.total
        if not page.has_next:
            break
        after = paged[-1].origin if reverse else paged[-1].target
    assert tuple(paged) == whole.paths
    assert not whole.has_next


def test_what_is_reachable_can_be_narrowed_to_a_commerce(bundled: Asked) -> None:
    offer = CatalogId(BUSINESS_BASIC)
    totals = {}
    for commerce in (None, Commerce.LEGACY, Commerce.NEW_COMMERCE):
        request = ReachRequest(offer, commerce=commerce)
        totals[commerce] = moves.reach(bundled, request, first=1, after=None).total
    assert totals[None] == totals[Commerce.LEGACY] + totals[Commerce.NEW_COMMERCE] == 19


def test_a_goal_that_says_nothing_is_refused(bundled: Asked) -> None:
    with pytest.raises(BadInput) as refused:
        moves.find_paths(bundled, BUSINESS_BASIC, GoalRequest(), ANYTHING)
    assert refused.value.code == "GOAL_MISSING"
