"""Taking away what somebody else sold to the customer never makes a move less ready."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from planner.customers import Customer, HoldingsState, Seller, Subscription, SubscriptionState
from planner.facts import SeatCap
from planner.options import judge, options
from planner.paths import Path
from planner.readiness import Readiness
from planner.rules import Choices, Mode
from tests.examples import checked
from tests.planner.builders import (
    ADMIN,
    SCOPE,
    complete,
    customer,
    facts,
    from_facts,
    oid,
    sold_and_billed,
    subscription,
    trusting,
)
from tests.planner.builders import with_plans as plans

PLANS = {"A": "MAIL", "B": "MAIL TEAMS", "C": "MAIL TEAMS DESK", "a": "MAIL", "b": "MAIL DESK"}
MOVES = """
    A>B upgrade documented, B>C upgrade matrix, A>a migration documented
    a>b conversion documented, B>b migration derived
"""
CAPS = (
    SeatCap(oid("B"), 30, "FAMILY", 40, "limits"),
    SeatCap(oid("a"), 30, "FAMILY", 40, "limits"),
)
CATALOG = from_facts(sold_and_billed(facts(MOVES, seat_caps=CAPS, **plans(PLANS))))
ORDER = list(Readiness)
FOREIGN_SELLERS = (Seller.ANOTHER_PARTNER, Seller.ANOTHER_CHANNEL, Seller.NOT_KNOWN)
LIVE_STATES = st.sampled_from(
    [SubscriptionState.ACTIVE, SubscriptionState.SUSPENDED, SubscriptionState.DELETED]
)


def _held(seller: st.SearchStrategy[Seller]) -> st.SearchStrategy[list[Subscription]]:
    one = st.builds(
        subscription,
        st.sampled_from("ABCab"),
        st.sampled_from([5, 20, 35]),
        number=st.integers(1, 99),
        seller=seller,
        state=LIVE_STATES,
    )
    return st.lists(one, max_size=3, unique_by=lambda one: one.subscription_id)


own = _held(st.just(Seller.US))
foreign = _held(st.sampled_from(FOREIGN_SELLERS))
sources = st.builds(subscription, st.sampled_from("Aa"), st.sampled_from([5, 20, 35])).map(complete)
modes = st.sampled_from(Mode)


def _readiness(held: Customer, source: Subscription, mode: Mode) -> dict[Path, Readiness]:
    found = options(CATALOG, trusting(held), source, SCOPE, choices=Choices(mode), acting=ADMIN)
    assert isinstance(found, tuple)
    # Nothing that decides is open, so that the order of readiness is put to the test.
    assert all(option.readiness is not Readiness.UNKNOWN for option in found)
    return {option.path: option.readiness for option in found}


def _without(held: Customer, gone: Subscription) -> Customer:
    left = tuple(one for one in held.holdings.foreign if one is not gone)
    return replace(held, holdings=replace(held.holdings, foreign=left))


@checked(150)
@given(sources, own, foreign, modes)
def test_removing_a_foreign_subscription_never_worsens_readiness_where_all_is_known(
    source: Subscription, ours: list[Subscription], others: list[Subscription], mode: Mode
) -> None:
    held = customer(source, *ours, *others)
    before = _readiness(held, source, mode)
    assert before
    for gone in held.holdings.foreign:
        after = _readiness(_without(held, gone), source, mode)
        assert after.keys() == before.keys()
        assert all(ORDER.index(after[path]) >= ORDER.index(before[path]) for path in before)


@checked(100)
@given(sources, own, foreign, modes, st.sampled_from(HoldingsState), st.booleans())
def test_removing_a_foreign_subscription_never_blocks_and_never_adds_a_blocker(
    source: Subscription,
    ours: list[Subscription],
    others: list[Subscription],
    mode: Mode,
    foreign_state: HoldingsState,
    is_opaque: bool,
) -> None:
    """Where not all is known a hit taken away may leave the question open, and no more than that.

    A hit answers the ownership rules for the whole customer (design: holdings), so CONDITIONAL can
    turn into UNKNOWN; no finding may appear that was not there before.
    """
    if is_opaque:
        others = [replace(other, product_guid=None) for other in others]
    held = trusting(customer(source, *ours, *others, foreign_state=foreign_state))
    scope = replace(SCOPE, market="US")
    found = options(CATALOG, held, source, scope, choices=Choices(mode), acting=ADMIN)
    assert isinstance(found, tuple)
    for before in found:
        for gone in held.holdings.foreign:
            less = _without(held, gone)
            after = judge(
                CATALOG, less, source, before.path, scope, choices=Choices(mode), acting=ADMIN
            )
            told = {(b.code, b.severity, b.subject, b.step) for b in before.blockers}
            tells = {(b.code, b.severity, b.subject, b.step) for b in after.blockers}
            assert tells <= told
            if after.readiness is Readiness.BLOCKED:
                assert before.readiness is Readiness.BLOCKED
