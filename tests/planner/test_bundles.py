"""A bundle is a base with all its active add-ons, nested ones flattened, in order of id."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from planner.bundles import base_of, bundle_of, members_of
from planner.customers import Customer, Seller, Subscription, SubscriptionState
from tests.examples import checked
from tests.planner.builders import customer, subscription

ACTIVE = SubscriptionState.ACTIVE


def _own(number: int, parent: Subscription | str | None = None, **given: object) -> Subscription:
    one = subscription("A", number=number, **given)  # type: ignore[arg-type]
    parent_id = parent.subscription_id if isinstance(parent, Subscription) else parent
    return replace(one, parent_id=parent_id)


def test_nested_add_ons_are_flat_and_in_order_of_id() -> None:
    base = _own(9)
    first, other = _own(5, base), _own(3, base)
    nested = _own(1, first)
    held = customer(base, first, other, nested, _own(7))
    assert members_of(held, base) == (nested, other, first)
    assert members_of(held, first) == (nested,)
    assert members_of(held, nested) == ()


def test_an_inactive_add_on_stays_but_what_hangs_below_it_does_not() -> None:
    base = _own(1)
    suspended = _own(2, base, state=SubscriptionState.SUSPENDED)
    below = _own(3, suspended)
    silent = _own(4, base, state=SubscriptionState.UNRECOGNIZED)
    gone = _own(5, base, state=SubscriptionState.DELETED)
    bundle = bundle_of(customer(base, suspended, below, silent, gone), base)
    assert (bundle.addons, bundle.idle, bundle.unclear) == ((below,), (suspended,), (silent,))


def test_what_others_sold_and_what_is_of_new_commerce_is_in_no_bundle() -> None:
    base = _own(1)
    foreign = subscription("A", seller=Seller.ANOTHER_PARTNER)
    foreign = replace(foreign, parent_id=base.subscription_id)
    moved = replace(subscription("a", number=2), parent_id=base.subscription_id)
    assert members_of(customer(base, foreign, moved), base) == ()


def test_the_base_of_an_add_on_is_its_parent_where_that_is_loaded() -> None:
    base = _own(1)
    addon, orphan, own_parent = _own(2, base), _own(3, "f" * 8), _own(4)
    own_parent = replace(own_parent, parent_id=own_parent.subscription_id)
    held = customer(base, addon, orphan, own_parent)
    assert [base_of(held, one) for one in held.holdings.own] == [None, base, None, None]


@st.composite
def _forests(draw: st.DrawFn) -> tuple[Customer, list[Subscription]]:
    """Any parents at all: circles, oneself, and unknown ones too."""
    count = draw(st.integers(1, 7))
    ids = [_own(number).subscription_id for number in range(count)]
    states = st.sampled_from([ACTIVE, ACTIVE, SubscriptionState.SUSPENDED])
    held = [
        _own(number, draw(st.sampled_from([None, "nowhere", *ids])), state=draw(states))
        for number in range(count)
    ]
    return customer(*draw(st.permutations(held))), held


def _chain(held: list[Subscription], one: Subscription) -> set[str]:
    """Return every id above a subscription, the naive way: climb as often as there are any."""
    parents = {other.subscription_id: other.parent_id for other in held}
    above: set[str] = set()
    parent = one.parent_id
    for _ in held:
        if parent is None or parent not in parents:
            break
        above.add(parent)
        parent = parents[parent]
    return above


@checked(300)
@given(_forests())
def test_members_are_the_active_ones_whose_parent_chain_leads_to_the_base(
    forest: tuple[Customer, list[Subscription]],
) -> None:
    held_by, held = forest
    for base in held:
        expected = sorted(
            one.subscription_id
            for one in held
            if one.state is ACTIVE and one is not base and base.subscription_id in _chain(held, one)
        )
        found = [one.subscription_id for one in members_of(held_by, base)]
        assert found == expected
