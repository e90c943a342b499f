"""Several readings of a place, places known by name, and what a place is to a case."""

from dataclasses import replace

import pytest
from shapely import MultiPolygon, box

from geo_registry.geo.datum import gcj02_from_wgs84
from geo_registry.geo.reading.model import Reading
from geo_registry.geo.reading.numbers import read_numbers
from geo_registry.routing.explain import explain
from geo_registry.routing.model import Decision, Place
from geo_registry.terms import CaseKind, Outcome, Role, Territory, Text
from tests.unit import toy

METRE = 1 / 79_900


def courts(decision: Decision) -> set[str | None]:
    return {c.court.code if c.court else None for c in decision.candidates}


def codes(decision: Decision) -> set[str]:
    return {n.code for n in decision.notices}


def ways(*readings: Reading) -> Place:
    return Place(tuple(replace(r, why=Text(f"读法{i}", f"way {i}")) for i, r in enumerate(readings)))


def at(i: int) -> Reading:
    return toy.point(*toy.middle(i))


FAR = toy.point(toy.WEST - 3, toy.SOUTH)


def test_readings_that_lead_to_different_courts_are_asked_about() -> None:
    d = toy.ask(ways(at(0), at(2)))
    assert (d.outcome, d.court, courts(d)) == (Outcome.NEEDS_FACT, None, {"a", "b"})
    assert d.open_question is not None
    assert d.open_question.code == "reading"
    replies = {o.value: {c.court.code for c in o.candidates if c.court} for o in d.open_question.options}
    assert replies == {"125.0500000,44.0500000": {"a"}, "125.2500000,44.0500000": {"b"}}
    assert "way 1" in d.open_question.options[1].text.en
    assert all(c.condition and "way" in c.condition.en for c in d.candidates)


def test_readings_that_agree_decide_and_the_others_are_shown() -> None:
    d = toy.ask(ways(at(0), at(1)))
    assert (d.outcome, d.court.code if d.court else None) == (Outcome.CLEAR, "a")
    assert [r.why.en for r in d.places[0].alternatives] == ["way 1"]


def test_a_reading_outside_the_province_is_put_behind_not_dropped() -> None:
    d = toy.ask(ways(FAR, at(0)))
    assert (d.outcome, d.court.code if d.court else None) == (Outcome.CLEAR, "a")
    assert d.places[0].reading.why.en == "way 1"
    assert [r.why.en for r in d.places[0].alternatives] == ["way 0"]
    assert toy.ask(ways(FAR, FAR)).outcome is Outcome.OUTSIDE


def test_a_reading_that_is_merely_possible_is_never_asked_about() -> None:
    d = toy.ask(Place((at(0), replace(at(2), plausible=False))))
    assert (d.outcome, d.court.code if d.court else None) == (Outcome.CLEAR, "a")
    beside = toy.ask(Place((FAR, replace(at(2), plausible=False))))
    assert beside.outcome is Outcome.OUTSIDE
    assert "other-readings-inside" in codes(beside)


def test_an_intermediate_case_does_not_turn_on_the_reading() -> None:
    d = toy.ask(ways(at(0), at(2)), kind=CaseKind.DAMAGES)
    assert (d.outcome, d.court.code if d.court else None) == (Outcome.CLEAR, "top")


def test_an_open_reading_among_several_places() -> None:
    d = toy.ask(ways(at(0), at(2)), at(2))
    assert (d.outcome, courts(d)) == (Outcome.NEEDS_FACT, {"a", "b"})
    assert toy.ask(ways(at(0), at(2)), at(3)).outcome is Outcome.CROSS_COURT


def near_line(metres: float, **words: object) -> Reading:
    lon, lat = toy.edge(1)[0] - metres * METRE, toy.middle(0)[1]
    return read_numbers(x=lon, y=lat, **words)  # type: ignore[arg-type]


def test_a_datum_that_was_not_given_is_told_where_it_changes_the_court() -> None:
    east = float(gcj02_from_wgs84(*toy.middle(1))[0]) - toy.middle(1)[0]
    beyond = read_numbers(x=toy.edge(1)[0] + east / 2, y=toy.middle(0)[1])  # shifted back, west of the line
    d = toy.ask(beyond)
    assert (d.outcome, d.court.code if d.court else None) == (Outcome.CLEAR, "b")
    (notice,) = [n for n in d.notices if n.code == "datum-matters"]
    assert "法院a" in notice.text.zh
    assert [r.datum for r in d.places[0].alternatives] == ["gcj02"]
    for known in ("EPSG:4490", "EPSG:4326"):
        assert "datum-matters" not in codes(
            toy.ask(read_numbers(x=beyond.lon or 0, y=beyond.lat or 0, crs=known))
        )
    assert "datum-matters" not in codes(toy.ask(near_line(3_000)))
    inside_one_court = read_numbers(x=toy.edge(0)[0] + east / 2, y=toy.middle(0)[1])
    assert "datum-matters" not in codes(toy.ask(inside_one_court))


def test_a_county_known_by_name_has_its_court_however_near_a_line_it_lies() -> None:
    d = toy.ask(toy.named("220101"))
    assert (d.outcome, d.court.code if d.court else None) == (Outcome.CLEAR, "a")
    assert d.boundary is None
    assert d.counties == (("220101", None),)
    at_the_line = replace(toy.named("220102"), where=near_line(1).where)
    assert toy.ask(at_the_line).outcome is Outcome.CLEAR


def test_a_county_known_by_name_is_asked_about_its_forest() -> None:
    d = toy.ask(toy.named("222402"))
    assert d.outcome is Outcome.NEEDS_FACT
    assert d.open_question is not None
    assert d.open_question.code == "territory"
    assert toy.ask(toy.named("222402"), territory=Territory.ORDINARY).outcome is Outcome.CLEAR


def test_part_of_a_named_county_drawn_as_forest_is_asked_about() -> None:
    drawn = MultiPolygon([box(toy.WEST + 0.33, toy.SOUTH + 0.01, toy.WEST + 0.37, toy.SOUTH + 0.05)])
    held = toy.snapshot(districts=toy.with_polygon("f2", drawn))
    d = toy.ask(toy.named("222401"), held=held)
    assert (d.outcome, courts(d)) == (Outcome.NEEDS_FACT, {"c", "d"})


@pytest.mark.parametrize(
    ("adcodes", "outcome", "expected"),
    [
        (("220101", "220102"), Outcome.CLEAR, {"a"}),
        (("220101", "220201"), Outcome.NEEDS_FACT, {"a", "b"}),
        (("220701",), Outcome.UNRESOLVED, {None}),
        (("220701", "220101"), Outcome.NEEDS_FACT, {None, "a"}),
        ((), Outcome.OUTSIDE, set()),
    ],
)
def test_a_name_that_several_counties_answer_to(
    adcodes: tuple[str, ...], outcome: Outcome, expected: set[str | None]
) -> None:
    d = toy.ask(toy.named(*adcodes))
    assert (d.outcome, courts(d)) == (outcome, expected)
    assert explain(d, toy.TOY).zh
    if outcome is Outcome.NEEDS_FACT:
        assert d.open_question is not None
        assert d.open_question.code == "county"
        assert [o.value for o in d.open_question.options] == list(adcodes)


def test_an_ambiguous_name_is_as_its_readings() -> None:
    assert toy.ask(Place((toy.named("220101"), toy.named("220102")))).outcome is Outcome.CLEAR
    d = toy.ask(Place((toy.named("220101"), toy.named("220201"))))
    assert d.outcome is Outcome.NEEDS_FACT
    assert d.open_question is not None
    assert d.open_question.code == "reading"


def test_several_places_are_asked_about_one_by_one() -> None:
    """Two places in forest-seat counties: both, none, or not the same for all."""
    rows = [replace(r, court_code="d") if r.district == "f1" else r for r in toy.ROWS]
    held = toy.snapshot(rows)
    d = toy.ask(at(2), at(4), held=held)
    assert d.open_question is not None
    replies = {o.value: {c.court.code for c in o.candidates if c.court} for o in d.open_question.options}
    assert replies == {"ordinary": {"b", "c"}, "forest": {"d"}, "each": {"b", "c", "d"}}


def test_a_reply_on_the_district_leaves_the_places_that_do_not_turn_on_it() -> None:
    d = toy.ask(at(3), at(4), territory=Territory.FOREST)
    assert d.open_question is not None
    replies = {o.value: {c.court.code for c in o.candidates if c.court} for o in d.open_question.options}
    assert replies == {"f2": {"d"}, "ordinary": {"c", "d"}}
    far = toy.ask(at(0), at(3), territory=Territory.FOREST)
    assert far.open_question is not None
    found = {o.value: set().union(*(c.adcodes for c in o.candidates)) for o in far.open_question.options}
    assert all(counties == {"220101", "222401"} for counties in found.values())


def test_forest_stated_in_a_seat_county_says_that_the_district_was_inferred() -> None:
    assert "forest-by-seat" in codes(toy.ask(at(4), territory=Territory.FOREST))
    assert "forest-by-seat" not in codes(toy.ask(at(4)))


def place(i: int, role: Role | None) -> Place:
    return Place((at(i),), role)


def test_real_estate_is_exclusive() -> None:
    d = toy.ask(place(0, Role.ACT), place(2, Role.PROPERTY), kind=CaseKind.CIVIL)
    assert (d.outcome, d.court.code if d.court else None) == (Outcome.CLEAR, "b")
    assert "exclusive-place" in codes(d)
    assert [g.role for c in d.candidates for g in c.grounds] == [Role.PROPERTY]
    assert len(d.places) == 2


def test_the_places_of_act_and_result_both_found_jurisdiction() -> None:
    d = toy.ask(place(0, Role.ACT), place(2, Role.RESULT), kind=CaseKind.CRIMINAL)
    assert (d.outcome, courts(d)) == (Outcome.CROSS_COURT, {"a", "b"})
    grounds = {c.court.code: [g.role for g in c.grounds] for c in d.candidates if c.court}
    assert grounds == {"a": [Role.ACT], "b": [Role.RESULT]}
    assert all(g.provision and g.rule == "territory/criminal" for c in d.candidates for g in c.grounds)


def test_two_roles_of_one_court_are_its_two_grounds() -> None:
    d = toy.ask(place(0, Role.ACT), place(1, Role.RESULT), kind=CaseKind.CRIMINAL)
    assert d.outcome is Outcome.CLEAR
    assert [g.role for c in d.candidates for g in c.grounds] == [Role.ACT, Role.RESULT]


def test_an_agency_s_seat_decides_an_administrative_case() -> None:
    d = toy.ask(place(0, Role.ACT), place(2, Role.AGENCY_SEAT), kind=CaseKind.ADMINISTRATIVE)
    assert (d.outcome, d.court.code if d.court else None) == (Outcome.CLEAR, "b")
    assert "role-is-no-ground" in codes(d)
    assert "place-read-as-agency-seat" not in codes(d)
    bare = toy.ask(place(2, None), kind=CaseKind.ADMINISTRATIVE)
    assert "place-read-as-agency-seat" in codes(bare)


def test_a_residence_founds_what_a_domicile_founds() -> None:
    for kind, role in ((CaseKind.CRIMINAL, Role.DOMICILE), (CaseKind.CIVIL, Role.RESIDENCE)):
        assert "role-is-no-ground" not in codes(toy.ask(place(0, role), kind=kind))


def test_a_role_no_rule_knows_is_told_and_the_place_still_answered() -> None:
    d = toy.ask(place(0, Role.PROPERTY), kind=CaseKind.CRIMINAL)
    assert (d.outcome, d.court.code if d.court else None) == (Outcome.CLEAR, "a")
    assert "role-is-no-ground" in codes(d)


def test_without_a_kind_no_rule_can_be_applied() -> None:
    d = toy.ask(place(0, Role.ACT), place(2, Role.PROPERTY))
    assert (d.outcome, courts(d)) == (Outcome.CROSS_COURT, {"a", "b"})
    assert not any(c.grounds for c in d.candidates)
