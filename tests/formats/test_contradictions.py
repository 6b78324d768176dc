"""A file that contradicts itself is refused with the place, or noted where it may be right."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats import content as formats_content
from formats.plans.markdown_text import escaped
from formats.problems import FileRefused, RowProblem
from planner.customers import HoldingsState
from tests.examples import checked
from tests.formats.samples import (
    ANY,
    CUSTOMER,
    OTHER_CUSTOMER,
    OWN,
    collection,
    customer,
    legacy,
    read,
    subscription_id,
    subscriptions,
)

# Parents that lead round


def _chain(*parents: int | None) -> list[dict[str, Any]]:
    """Return subscriptions 0, 1, ... with the parents of these numbers."""
    return [
        legacy(number, parentSubscriptionId=None if one is None else subscription_id(one))
        for number, one in enumerate(parents)
    ]


def _problems(value: object) -> tuple[RowProblem, ...]:
    with pytest.raises(FileRefused) as refused:
        read(value)
    return refused.value.problems


def test_a_circle_of_parents_is_refused_once_and_names_every_id_on_it() -> None:
    (problem,) = _problems(collection(*_chain(None, 2, 3, 1, 1)))
    assert (problem.code, problem.path) == ("PARENT_CIRCLE", "items[1].parentSubscriptionId")
    ids = [subscription_id(number) for number in (1, 2, 3, 1)]
    assert problem.message == f"its parents lead round: {' -> '.join(ids)}"


def test_its_own_parent_is_refused_and_told_as_such() -> None:
    (problem,) = _problems(collection(*_chain(0)))
    assert problem.code == "BAD_PARENT"


def test_an_addon_of_an_addon_and_a_base_that_is_not_listed_are_no_circle() -> None:
    found = subscriptions(read(collection(*_chain(None, 0, 1, 99))))
    assert [one.parent_id for one in found] == [
        None,
        subscription_id(0),
        subscription_id(1),
        subscription_id(99),
    ]


def test_a_circle_in_a_csv_file_is_refused_with_its_line() -> None:
    header = "customer_id,held_by,subscription_id,offer_id,state,parent_subscription_id"
    offer = "AAAAAAAA-0000-4000-8000-000000000001"
    lines = [
        f"{CUSTOMER},us,{subscription_id(mine)},{offer},active,{subscription_id(parent)}"
        for mine, parent in ((1, 2), (2, 1))
    ]
    with pytest.raises(FileRefused) as refused:
        read("\n".join([header, *lines]), ANY, name="subscriptions.csv")
    (problem,) = refused.value.problems
    assert (problem.code, problem.line, problem.path) == (
        "PARENT_CIRCLE",
        2,
        "parent_subscription_id",
    )


@checked(200)
@given(st.lists(st.none() | st.integers(0, 7), min_size=1, max_size=8))
def test_a_file_is_refused_for_its_parents_just_where_somebody_is_above_himself(
    parents: list[int | None],
) -> None:
    above = {number: set[int]() for number in range(len(parents))}
    for number in above:
        at = parents[number]
        while at is not None and at < len(parents) and at not in above[number]:
            above[number].add(at)
            at = parents[at]
    goes_round = any(number in those for number, those in above.items())
    if not goes_round:
        assert len(subscriptions(read(collection(*_chain(*parents))))) == len(parents)
        return
    codes = {one.code for one in _problems(collection(*_chain(*parents)))}
    assert codes <= {"PARENT_CIRCLE", "BAD_PARENT"}


# The same id twice


def test_a_subscription_under_two_customers_of_a_bundle_is_refused_with_both_places() -> None:
    held = [
        customer(each, subscriptions=collection(legacy(1))) for each in (CUSTOMER, OTHER_CUSTOMER)
    ]
    with pytest.raises(FileRefused) as refused:
        read({"customers": held}, ANY)
    (problem,) = refused.value.problems
    assert (problem.code, problem.path) == (
        "DUPLICATE_ID",
        "customers[1].subscriptions.items[0].id",
    )
    assert "customers[0].subscriptions.items[0].id" in problem.message


# Names given twice


@pytest.mark.parametrize("where", ["item", "wrapper", "nested"])
def test_a_name_given_twice_in_one_object_refuses_the_file(where: str) -> None:
    text = orjson.dumps(collection(legacy(1, links={"self": {"uri": "/x"}}))).decode()
    twice = {
        "item": ('"quantity":42', '"quantity":42,"quantity":300'),
        "wrapper": ('"totalCount":1', '"totalCount":1,"totalCount":2'),
        "nested": ('"uri":"/x"', '"uri":"/x","uri":"/y"'),
    }[where]
    assert twice[0] in text
    with pytest.raises(FileRefused) as refused:
        read(text.replace(*twice))
    assert refused.value.code == "REPEATED_NAME"
    name = twice[0].partition(":")[0].strip('"')
    assert name in refused.value.message
    assert (subscription_id(1).upper() in refused.value.message) is (where == "item")


def test_a_long_file_is_not_read_twice_and_its_last_value_counts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = orjson.dumps(collection(legacy(1))).decode()
    monkeypatch.setattr(formats_content, "MAX_LOOKED_THROUGH", len(text))
    (held,) = subscriptions(read(text.replace('"quantity":42', '"quantity":42,"quantity":300')))
    assert held.seats == 300


# Totals


@pytest.mark.parametrize(
    ("total", "code"), [(-1, "OUT_OF_RANGE"), (True, "WRONG_TYPE"), ("2", "WRONG_TYPE")]
)
def test_a_total_that_is_no_count_is_refused(total: object, code: str) -> None:
    (problem,) = _problems(collection(legacy(), totalCount=total))
    assert (problem.code, problem.path) == (code, "totalCount")


@pytest.mark.parametrize("total", [0, 1, 3])
def test_another_total_than_the_items_is_noted_and_the_list_is_partial(total: int) -> None:
    parsed = read(collection(legacy(1), legacy(2), totalCount=total))
    (change,) = parsed.customer_import.holdings
    assert change.state is HoldingsState.PARTIAL
    (notice,) = [one for one in parsed.notices if one.code == "TOTAL_DIFFERS"]
    assert (notice.path, notice.value) == ("totalCount", f"{total}, not 2")


def test_a_page_that_leads_on_has_another_total_by_right() -> None:
    links = {"next": {"uri": "/more"}}
    parsed = read(collection(legacy(), totalCount=2, links=links))
    assert "TOTAL_DIFFERS" not in {one.code for one in parsed.notices}


# Line ends and control characters

BREAKS = ["\n", "\r\n", "\t", "\x0b", "\x1b", "\x7f", "\x85", "\u2028", "\u2029"]


@pytest.mark.parametrize("breaks", BREAKS)
def test_line_ends_and_control_characters_in_names_become_a_space(breaks: str) -> None:
    name = f"Contoso{breaks}Ltd. | North"
    given = customer(companyProfile={"tenantId": CUSTOMER, "companyName": name})
    (found,) = read(given, ANY).customer_import.customers
    assert found.name == "Contoso Ltd. | North"
    (held,) = subscriptions(read(collection(legacy(offerName=name, friendlyName=name)), OWN))
    assert (held.title, held.friendly_name) == (found.name, found.name)


def test_a_name_of_line_ends_alone_is_none() -> None:
    given = customer(companyProfile={"tenantId": CUSTOMER, "companyName": "\r\n\t"})
    (found,) = read(given, ANY).customer_import.customers
    assert found.name == CUSTOMER


@given(st.text(max_size=20))
def test_text_of_a_plan_stays_within_its_line_whatever_a_name_holds(name: str) -> None:
    told = escaped(f"A {name} Z")
    assert len(told.splitlines()) == 1
    assert "|" not in told.replace("\\|", "")
