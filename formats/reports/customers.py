"""What the manifest of a report on customers says of its question and of those it looked at."""

from datetime import UTC

from formats.writing.manifest import Fact, ReportFacts
from planner.catalog import Catalog
from planner.customers import Customer, HoldingsState
from planner.permissions import Acting
from planner.portfolios.portfolio import CustomerFilter
from planner.rules import Choices
from planner.scope import Scope


def customers_facts(
    catalog: Catalog,
    scope: Scope,
    wanted: CustomerFilter,
    *,
    choices: Choices,
    acting: Acting,
    rules_version: str,
) -> ReportFacts:
    """Return the facts of a report on a partner's customers; rules ask for the very instant."""
    question: dict[str, Fact] = {
        "text": wanted.text,
        "market": wanted.market,
        "segment": None if wanted.segment is None else wanted.segment.value,
        "legacy_upgrades": scope.policy.value,
        "profile": scope.profile.value,
        "mode": choices.mode.value,
        "roles": None if acting.roles is None else sorted(role.value for role in acting.roles),
    }
    instant = scope.at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return ReportFacts(catalog.content_hash, rules_version, instant, question)


class CustomerTally:
    """Counts the customers of a report, and those of whom it can say nothing."""

    def __init__(self) -> None:
        self._customers = 0
        self._not_loaded = 0
        self._partial = 0
        self._without = 0

    def add(self, customer: Customer) -> None:
        held = customer.holdings
        self._customers += 1
        self._not_loaded += held.own_state is HoldingsState.NOT_LOADED
        self._partial += held.own_state is HoldingsState.PARTIAL
        self._without += held.own_state is HoldingsState.COMPLETE and not held.own

    def counts(self) -> dict[str, Fact]:
        return {
            "customers": self._customers,
            "customers_not_loaded": self._not_loaded,
            "customers_partly_loaded": self._partial,
            "customers_without_subscriptions": self._without,
        }
