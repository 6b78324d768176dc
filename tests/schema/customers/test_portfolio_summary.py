"""The portfolio through the API: in counts, in waves, and within its time."""

from typing import Any

import pytest

from formats.sample.portfolio import sample_as_of
from schema.customers import portfolio, portfolio_waves
from tests.schema.api import Api

TALLY = "tally { subscriptions seats seatsUnknown }"
SUMMARY = f"""query($filter: PortfolioFilterInput, $scope: ScopeInput) {{
  portfolio(filter: $filter, scope: $scope) {{
    isComplete customersLookedAt lastCustomerId customers
    total {{ subscriptions seats seatsUnknown }}
    standings {{ standing {TALLY} }}
    readiness {{ readiness {TALLY} }}
    blockers {{ code severity {TALLY} }}
    unanswered {{ rule {TALLY} }}
    targets {{ catalogId title {TALLY} }} targetsLeftOut
    money {{ subscriptions now {{ amount currency }} after {{ amount currency }} }} moneyUnknown
    renewals {{ month {TALLY} }}
    renewalsPast {{ subscriptions }} renewalsUnknown {{ subscriptions }}
    events {{ month code {TALLY} }}
  }}
}}"""
WAVES = """query($filter: PortfolioFilterInput) {
  portfolioWaves(filter: $filter) {
    __typename
    ... on PortfolioWaves {
      minutes
      waves {
        number creations conditional notBefore minute due undated
        rows { customerId subscriptionId baseId }
      }
      leftOver { reason count examples }
    }
    ... on PortfolioTooLarge { code message remedy customersLookedAt }
  }
}"""


@pytest.fixture
def then(sample: Api) -> Api:
    """Give the sample's partner on the day that the sample speaks for."""
    return sample.at(sample_as_of())


async def _summary(api: Api, **filtered: Any) -> Any:
    return (await api.ask(SUMMARY, filter=filtered or None))["portfolio"]


def _counts(lists: list[Any], name: str) -> dict[str, int]:
    return {one[name]: one["tally"]["subscriptions"] for one in lists}


async def test_all_customers_are_summed_up(then: Api) -> None:
    told = await _summary(then)
    assert told["isComplete"]
    assert told["customers"] <= told["customersLookedAt"]
    standings = _counts(told["standings"], "standing")
    assert sum(standings.values()) == told["total"]["subscriptions"]
    assert sum(_counts(told["readiness"], "readiness").values()) == standings["CAN_MOVE"]
    assert sum(_counts(told["targets"], "catalogId").values()) == standings["CAN_MOVE"]
    assert told["targetsLeftOut"] == 0
    assert told["money"]


async def test_an_empty_portfolio_is_an_answer(partner: Api) -> None:
    told = await _summary(partner)
    assert told["isComplete"]
    assert told["lastCustomerId"] is None
    assert told["total"] == {"subscriptions": 0, "seats": 0, "seatsUnknown": 0}
    assert told["standings"] == told["money"] == told["events"] == []


async def test_a_filter_narrows_the_counts(then: Api) -> None:
    everything = await _summary(then)
    blocked = await _summary(then, readiness="BLOCKED")
    count = _counts(everything["readiness"], "readiness")["BLOCKED"]
    assert _counts(blocked["readiness"], "readiness") == {"BLOCKED": count}
    assert blocked["total"]["subscriptions"] == count
    target = everything["targets"][0]["catalogId"]
    narrowed = await _summary(then, target=target.lower())
    assert _counts(narrowed["targets"], "catalogId") == {
        target: _counts(everything["targets"], "catalogId")[target]
    }
    assert (await _summary(then, market="US"))["customersLookedAt"] < everything[
        "customersLookedAt"
    ]
    assert (await _summary(then, text="oakline"))["customers"] == 1


@pytest.mark.parametrize(
    ("filtered", "code"),
    [
        ({"market": "nowhere"}, "MALFORMED_MARKET"),
        ({"target": "x"}, "MALFORMED_ID"),
        ({"target": "CFQ7TTC0ZZZZ:0001"}, "OFFER_NOT_FOUND"),
    ],
)
async def test_a_filter_that_is_wrong_is_refused(
    then: Api, filtered: dict[str, str], code: str
) -> None:
    assert await then.refused(SUMMARY, filter=filtered) == code
    assert await then.refused(WAVES, filter=filtered) == code


async def test_a_summary_out_of_time_says_how_far_it_got(
    then: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portfolio, "SECONDS", -1.0)
    told = await _summary(then)
    assert not told["isComplete"]
    assert told["customersLookedAt"] == told["total"]["subscriptions"] == 0


async def test_waves_hold_what_can_migrate_and_tell_the_rest(then: Api) -> None:
    told = (await then.ask(WAVES))["portfolioWaves"]
    assert told["__typename"] == "PortfolioWaves"
    rows = [row for wave in told["waves"] for row in wave["rows"]]
    assert rows
    assert len({row["subscriptionId"] for row in rows}) == len(rows)
    standings = _counts((await _summary(then))["standings"], "standing")
    legacy = sum(standings.values()) - standings["IN_NEW_COMMERCE"] - standings.get("NO_OFFER", 0)
    assert len(rows) + sum(one["count"] for one in told["leftOver"]) == legacy


async def test_too_many_for_one_answer_is_an_outcome(
    then: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portfolio, "MAX_WAVE_ROWS", 1)
    told = (await then.ask(WAVES))["portfolioWaves"]
    assert (told["__typename"], told["code"]) == ("PortfolioTooLarge", "PORTFOLIO_TOO_LARGE")
    assert portfolio_waves.MAX_WAVE_ROWS == 20_000


async def test_waves_out_of_time_are_the_same_outcome(
    then: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portfolio, "SECONDS", -1.0)
    told = (await then.ask(WAVES))["portfolioWaves"]
    assert told["__typename"] == "PortfolioTooLarge"
    assert told["customersLookedAt"] == 0
