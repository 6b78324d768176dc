"""The sources of a plan are told in titles that a customer can read."""

import re

from db.bundled import bundled_facts
from formats.plans.sources import in_words
from tests.formats.sample.test_sample_portfolio import catalog

RECORDED = "pcps_GetPartnerOffer_US_2019-01-11"


def test_every_source_of_the_catalog_has_a_title_without_calls_or_file_names() -> None:
    for source in bundled_facts().sources:
        (title,) = in_words(catalog(), [source.source_id])
        assert not re.search(r"GET |POST |/v1/|\?|_", title), source.source_id
        assert title == title.strip()


def test_a_recorded_answer_is_told_as_partner_centers_own_with_its_day() -> None:
    (title,) = in_words(catalog(), [RECORDED])
    assert title == "Partner Center's own answer on what it offers, recorded on 2019-01-11"
