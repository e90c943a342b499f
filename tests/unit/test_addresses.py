"""The table of addresses built by rule: no wrong county, what is open told as open, and the rates in the docs."""

from pathlib import Path

import pytest

from tests.addresses import RULES, Measured, contradictions, measured, share_offered, table, wrong_ones
from tests.gazetteer import packaged_gazetteer

DOCS = Path(__file__).parent.parent.parent / "docs/gazetteer.md"
BY_RULE = {m.rule: m for m in measured()}


def test_no_address_is_read_as_another_county() -> None:
    assert wrong_ones() == []


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_has_its_share(rule: str) -> None:
    m: Measured = BY_RULE[rule]
    assert m.total >= 100
    assert m.outcomes["wrong"] == 0


def test_an_address_with_its_county_is_always_read() -> None:
    for rule, m in BY_RULE.items():
        if rule.startswith(("省、市、县", "同上", "县、乡镇", "旧称", "路名")):
            assert m.outcomes["county"] + m.outcomes["range"] == m.total, rule


def test_a_county_and_a_town_of_another_city_are_both_told() -> None:
    gazetteer = packaged_gazetteer()
    tried = list(contradictions())
    assert len(tried) > 700
    for text, *both in tried:
        found = gazetteer.find(text)
        read = {adcode for match in found for adcode in match.adcodes}
        assert len(found) > 1, text
        assert set(both) <= read, text


def test_several_thousand_addresses_stand_behind_the_rates() -> None:
    assert sum(m.total for m in BY_RULE.values()) > 40_000


def test_the_documentation_s_table_is_what_is_measured() -> None:
    assert table() in DOCS.read_text(encoding="utf-8")


def test_most_slips_are_offered_for_asking_back() -> None:
    assert share_offered() > 0.9
