"""The table of named places, asked through the action every door uses."""

import pytest

from geo_registry.actions.ask import Asked, parse_query
from geo_registry.actions.route_case import answer_from, now
from geo_registry.routing.snapshot import Snapshot
from geo_registry.terms import Outcome
from tests.places import PLACES, Place
from tests.support import DAY, snapshot_of


@pytest.mark.parametrize("place", PLACES, ids=lambda p: p.name)
def test_place(place: Place, snapshot: Snapshot, loaded_url: str) -> None:
    asked = {"on": DAY.isoformat(), **place.asked}
    accuracy = asked.pop("accuracy_m", None)
    query = parse_query([Asked(numbers=p, accuracy_m=accuracy) for p in place.points], **asked)
    held = snapshot if query.on == DAY else snapshot_of(loaded_url, query.on)
    answer = answer_from(held, query, asked_at=now())
    assert (answer.outcome, answer.court.name if answer.court else None) == (place.outcome, place.court)
    if place.possible:
        assert {c.court.name if c.court else None for c in answer.candidates} == place.possible
    if place.confidence:
        assert answer.designation is not None
        assert answer.designation.confidence == place.confidence
        assert answer.designation.instrument
        assert answer.designation.source
    assert answer.explanation.zh
    assert answer.explanation.en
    assert (answer.zone_version is None) == (place.outcome == "no_version")
    if place.court:
        assert place.court in answer.explanation.zh
    assert answer.data_version == held.data_version


def test_all_seven_outcomes_are_in_the_table() -> None:
    assert {p.outcome for p in PLACES} == set(Outcome)


def test_no_answer_ever_names_a_court_no_source_names(snapshot: Snapshot) -> None:
    """Wherever one asks in 松原 and 白山, in whatever way, the two unknown courts stay unnamed."""
    nameless = {c.code for c in snapshot.courts.values() if c.name is None}
    assert nameless == {"sy_unknown", "bs_unknown"}
    for adcode, unit in snapshot.units.items():
        if adcode[:4] not in ("2206", "2207") or unit.geometry is None or unit.level != "county":
            continue
        point = unit.geometry.representative_point()
        for words in (
            {},
            {"territory": "forest"},
            {"kind": "administrative"},
            {"level": "basic", "kind": "civil"},
        ):
            query = parse_query([Asked(numbers=(point.x, point.y))], on=DAY.isoformat(), **words)
            answer = answer_from(snapshot, query, asked_at=now())
            assert answer.court is None or answer.court.level == "intermediate"
            assert "unknown" not in answer.to_json().replace('"territory":"unknown"', "").replace(
                "forest-extent-unknown", ""
            ).replace('"result":"unknown"', "")
