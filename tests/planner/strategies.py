"""Random small catalogs and questions: at most 7 offers, every kind, evidence and denial."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, time

from hypothesis import strategies as st

from planner.facts import CatalogFacts
from planner.ids import CatalogId
from planner.offers import Offer, Segment
from planner.profiles import LegacyUpgradePolicy, Profile
from planner.scope import Scope
from planner.transitions import (
    Claim,
    EvidenceKind,
    Execution,
    Stance,
    TransitionKind,
    Window,
    WindowState,
)
from tests.planner.builders import CONTESTED, offer, oid
from tests.planner.oracle import Ask

LEGACY = "ABCD"
NEW = "abc"
DAYS = (None, date(2021, 9, 1), date(2022, 3, 1), date(2023, 10, 23))
DENIED_ONE_IN = 6


def _kinds(origin: str, target: str) -> tuple[TransitionKind, ...]:
    if origin.islower():
        return (TransitionKind.CONVERSION, TransitionKind.TRIAL_CONVERSION)
    if target.islower():
        return (TransitionKind.MIGRATION,)
    return (TransitionKind.LEGACY_UPGRADE, TransitionKind.TRIAL_CONVERSION)


PAIRS = tuple(
    (origin, target)
    for origin in LEGACY + NEW
    for target in LEGACY + NEW
    if origin != target and not (origin.islower() and target.isupper())
)


@st.composite
def _claim(draw: st.DrawFn, number: int) -> Claim:
    origin, target = draw(st.sampled_from(PAIRS))
    is_denial = draw(st.integers(1, DENIED_ONE_IN)) == 1
    return Claim(
        oid(origin),
        oid(target),
        draw(st.sampled_from(_kinds(origin, target))),
        Stance.DENIES if is_denial else Stance.CLAIMS,
        draw(st.sampled_from(EvidenceKind)),
        f"source_{number}",
        draw(st.sampled_from(DAYS)),
        draw(st.sampled_from(Execution)),
    )


@st.composite
def _offer(draw: st.DrawFn, name: str) -> Offer:
    markets = draw(
        st.sampled_from([None, frozenset({"US"}), frozenset({"IN"}), frozenset({"US", "IN"})])
    )
    segment = draw(st.sampled_from([None, Segment.COMMERCIAL, Segment.EDUCATION]))
    return replace(offer(name), markets=markets, segment=segment)


CLOSED_FOR_EDUCATION = Window(
    TransitionKind.MIGRATION,
    Segment.EDUCATION,
    None,
    date(2024, 1, 1),
    WindowState.CLOSED,
    "not yet",
    ("note",),
)
OPEN_FOR_EDUCATION = replace(
    CLOSED_FOR_EDUCATION, starts=date(2024, 1, 1), ends=None, state=WindowState.OPEN
)
WINDOWS = (*CONTESTED, CLOSED_FOR_EDUCATION, OPEN_FOR_EDUCATION)


@st.composite
def sparse_facts(draw: st.DrawFn) -> CatalogFacts:
    """Few claims, drawn one by one, so that a counterexample shrinks to the ones that matter."""
    size = draw(st.integers(1, 16))
    told = tuple(draw(_claim(number)) for number in range(size))
    offers = tuple(draw(_offer(name)) for name in LEGACY + NEW)
    return CatalogFacts(offers, told, windows=WINDOWS)


def dense_facts(seed: int) -> CatalogFacts:
    """Return a catalog with about half of all moves: cycles, ties and long ways round."""
    dice = random.Random(seed)  # noqa: S311 - no secret
    pairs = [pair for pair in PAIRS if dice.random() < dice.choice((0.4, 0.8))]
    evidence = dice.sample(list(EvidenceKind), 2)
    told = tuple(
        Claim(
            oid(origin),
            oid(target),
            _kinds(origin, target)[dice.random() < 0.3 and not target.islower()],
            Stance.CLAIMS if dice.random() < 0.9 else Stance.DENIES,
            dice.choice(evidence),
            f"source_{number}",
            dice.choice(DAYS),
            Execution.MANUAL if dice.random() < 0.3 else Execution.API,
        )
        for number, (origin, target) in enumerate(pairs)
    )
    return CatalogFacts(tuple(map(offer, LEGACY + NEW)), told, windows=WINDOWS)


def small_facts() -> st.SearchStrategy[CatalogFacts]:
    return st.one_of(sparse_facts(), st.integers(0, 2**32).map(dense_facts))


@st.composite
def asks(draw: st.DrawFn) -> Ask:
    names = st.sampled_from(LEGACY + NEW).map(oid)
    return Ask(
        policy=draw(st.sampled_from([policy.value for policy in LegacyUpgradePolicy])),
        profile=draw(st.sampled_from([profile.value for profile in Profile])),
        on=draw(st.sampled_from([date(2022, 1, 1), date(2023, 12, 31), date(2026, 11, 23)])),
        market=draw(st.sampled_from([None, None, "US"])),
        avoid=draw(st.frozensets(names, max_size=1)),
        via=draw(st.frozensets(names, max_size=2)),
        max_steps=draw(st.sampled_from([None, None, 1, 2, 3])),
    )


def scope_of(ask: Ask) -> Scope:
    return Scope(
        datetime.combine(ask.on, time(), tzinfo=UTC),
        market=ask.market,
        policy=LegacyUpgradePolicy(ask.policy),
        profile=Profile(ask.profile),
        avoid=frozenset(map(CatalogId, ask.avoid)),
        max_steps=ask.max_steps,
    )


names = st.sampled_from(LEGACY + NEW).map(oid)
