"""Every outcome of the contract, in a made-up province where each can be seen at a glance."""

from dataclasses import replace
from datetime import date

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiPolygon

from geo_registry.routing.explain import explain, referral
from geo_registry.routing.model import Decision
from geo_registry.terms import CaseKind, Level, Outcome, Status, Territory
from geo_registry.zones.validity import Validity
from tests.unit import toy

METRE = 1 / 79_900  # degrees of longitude at 44°N, nearly


def courts(decision: Decision) -> set[str | None]:
    return {c.court.code if c.court else None for c in decision.candidates}


def codes(decision: Decision) -> set[str]:
    return {n.code for n in decision.notices}


def test_clear() -> None:
    d = toy.ask(toy.middle(0))
    assert (d.outcome, d.court.code if d.court else None) == (Outcome.CLEAR, "a")
    assert d.designation is not None
    assert d.designation.id == "v/220101"
    assert d.status is Status.CONFIRMED
    assert d.counties == (("220101", None),)


def test_a_line_between_two_counties_of_one_court_is_none() -> None:
    d = toy.ask((toy.edge(0)[0], toy.middle(0)[1]))
    assert (d.outcome, d.court.code if d.court else None) == (Outcome.CLEAR, "a")
    assert [adcode for adcode, _ in d.counties] == ["220101", "220102"]
    assert d.boundary is not None
    assert d.boundary.distance_m > 5_000


def test_exactly_on_a_line_between_courts_no_court_is_chosen_and_both_are_named() -> None:
    d = toy.ask((toy.edge(1)[0], toy.middle(0)[1]))
    assert (d.outcome, d.court) == (Outcome.NEAR_BOUNDARY, None)
    assert courts(d) == {"a", "b"}
    assert d.boundary is not None
    assert d.boundary.distance_m == 0.0


def test_within_the_accuracy_of_a_line_the_court_stands_with_the_other_beside_it() -> None:
    lon, lat = toy.edge(1)[0] - 8 * METRE, toy.middle(0)[1]
    d = toy.ask((lon, lat))
    assert (d.outcome, d.court.code if d.court else None) == (Outcome.NEAR_BOUNDARY, "a")
    assert courts(d) == {"a", "b"}
    assert d.boundary is not None
    assert d.boundary.distance_m == pytest.approx(8, abs=0.1)
    assert toy.ask(toy.point(lon, lat, accuracy_m=7)).outcome is Outcome.CLEAR


def test_two_hundred_metres_from_a_line_the_map_itself_is_doubted() -> None:
    near, far = (toy.edge(1)[0] - m * METRE for m in (190, 210))
    assert "map-accuracy" in codes(toy.ask((near, toy.middle(0)[1])))
    assert "map-accuracy" not in codes(toy.ask((far, toy.middle(0)[1])))


def test_a_forest_seat_with_the_same_court_is_clear_all_the_same() -> None:
    d = toy.ask(toy.middle(2))
    assert (d.outcome, d.court.code if d.court else None) == (Outcome.CLEAR, "b")
    assert "forest-same-court" in codes(d)
    assert d.status is Status.CONFIRMED
    rows = [replace(r, status=Status.INFERRED) if r.district == "f1" else r for r in toy.ROWS]
    assert toy.ask(toy.middle(2), held=toy.snapshot(rows)).status is Status.INFERRED


def test_a_forest_seat_with_another_court_needs_the_fact() -> None:
    d = toy.ask(toy.middle(4))
    assert (d.outcome, d.court) == (Outcome.NEEDS_FACT, None)
    assert d.open_question is not None
    assert d.open_question.code == "territory"
    replies = {
        o.value: {c.court.code if c.court else None for c in o.candidates} for o in d.open_question.options
    }
    assert replies == {"ordinary": {"c"}, "forest": {"d"}}


@pytest.mark.parametrize(("territory", "expected"), [(Territory.ORDINARY, "c"), (Territory.FOREST, "d")])
def test_the_fact_decides(territory: Territory, expected: str) -> None:
    d = toy.ask(toy.middle(4), territory=territory)
    assert (d.outcome, d.court.code if d.court else None) == (Outcome.CLEAR, expected)


def test_a_designation_does_not_reach_a_kind_its_source_does_not_list() -> None:
    d = toy.ask(toy.middle(4), territory=Territory.FOREST, kind=CaseKind.ADMINISTRATIVE)
    assert (d.outcome, d.court) == (Outcome.UNRESOLVED, None)
    assert d.status is Status.UNRESOLVED
    open_ = toy.ask(toy.middle(4), kind=CaseKind.ADMINISTRATIVE)
    assert open_.outcome is Outcome.NEEDS_FACT
    assert courts(open_) == {"c", None}


def test_no_kind_counts_as_listed_with_a_warning() -> None:
    assert "kind-assumed" in codes(toy.ask(toy.middle(4), territory=Territory.FOREST))
    assert "kind-assumed" not in codes(
        toy.ask(toy.middle(4), territory=Territory.FOREST, kind=CaseKind.CIVIL)
    )


def test_a_county_beside_a_forest_seat_answers_with_a_warning() -> None:
    d = toy.ask(toy.middle(3))
    assert (d.outcome, d.court.code if d.court else None) == (Outcome.CLEAR, "c")
    assert "forest-extent-unknown" in codes(d)
    assert "forest-extent-unknown" not in codes(toy.ask(toy.middle(0)))
    for stated in (Territory.ORDINARY, Territory.FOREST):
        assert "forest-extent-unknown" not in codes(toy.ask(toy.middle(3), territory=stated))


def test_a_forest_seat_without_a_named_court_is_not_said_to_have_the_same() -> None:
    rows = [r for r in toy.ROWS if r.district != "f1" and r.adcode != "220201"]
    rows += [toy.row("f1", "x", Territory.FOREST), toy.row("220201", "x")]
    d = toy.ask(toy.middle(2), held=toy.snapshot(rows))
    assert d.outcome is Outcome.UNRESOLVED
    assert "forest-same-court" not in codes(d)


def test_a_reply_on_territory_touches_only_the_places_that_turn_on_it() -> None:
    """Of two places one is in a drawn district: forest or not is asked of the other alone."""
    drawn = MultiPolygon([shapely.box(toy.WEST + 0.33, toy.SOUTH + 0.01, toy.WEST + 0.37, toy.SOUTH + 0.05)])
    rows = [replace(r, court_code="d") if r.district == "f1" else r for r in toy.ROWS]
    held = toy.snapshot(rows, districts=toy.with_polygon("f1", drawn))
    d = toy.ask((toy.WEST + 0.35, toy.SOUTH + 0.03), toy.middle(4), held=held)
    assert d.outcome is Outcome.NEEDS_FACT
    assert d.open_question is not None
    replies = {o.value: {c.court.code for c in o.candidates if c.court} for o in d.open_question.options}
    assert replies == {"ordinary": {"d", "c"}, "forest": {"d"}}


def test_forest_stated_beside_a_forest_seat_asks_which_district() -> None:
    d = toy.ask(toy.middle(3), territory=Territory.FOREST)
    assert d.outcome is Outcome.NEEDS_FACT
    assert d.open_question is not None
    assert d.open_question.code == "forest-district"
    assert [o.value for o in d.open_question.options] == ["f2", "ordinary"]
    assert courts(d) == {"c", "d"}


def test_forest_stated_where_no_forest_court_is_near_asks_among_all() -> None:
    d = toy.ask(toy.middle(0), territory=Territory.FOREST)
    assert d.outcome is Outcome.NEEDS_FACT
    assert d.open_question is not None
    assert [o.value for o in d.open_question.options] == ["f1", "f2", "ordinary"]


def test_an_unresolved_designation_names_no_court() -> None:
    d = toy.ask(toy.middle(5))
    assert (d.outcome, d.court) == (Outcome.UNRESOLVED, None)
    assert courts(d) == {None}
    assert d.designation is not None
    assert d.designation.id == "v/220701"


def test_a_missing_designation_names_no_court_either() -> None:
    held = toy.snapshot([r for r in toy.ROWS if r.adcode != "220101"])
    d = toy.ask(toy.middle(0), held=held)
    assert (d.outcome, d.court, d.designation) == (Outcome.UNRESOLVED, None, None)


def test_unresolved_near_a_line_stays_with_the_other_side_named() -> None:
    d = toy.ask((toy.edge(4)[0] + 5 * METRE, toy.middle(0)[1]))
    assert d.outcome is Outcome.UNRESOLVED
    assert "near-boundary" in codes(d)
    assert courts(d) == {None, "c", "d"}


def test_needs_fact_near_a_line_stays_with_the_other_side_named() -> None:
    d = toy.ask((toy.edge(3)[0] + 5 * METRE, toy.middle(0)[1]))
    assert d.outcome is Outcome.NEEDS_FACT
    assert "near-boundary" in codes(d)
    on_line = toy.ask((toy.edge(3)[0], toy.middle(0)[1]))
    assert (on_line.outcome, on_line.court) == (Outcome.NEAR_BOUNDARY, None)
    assert courts(on_line) == {"c", "d"}
    assert "territory-open" in codes(on_line)
    between = toy.ask((toy.edge(1)[0], toy.middle(0)[1]))
    assert between.outcome is Outcome.NEAR_BOUNDARY
    assert "territory-open" not in codes(between)


@pytest.mark.parametrize(
    ("at", "says"),
    [
        ((toy.WEST, toy.SOUTH + 0.05), "exactly on a line"),
        ((toy.WEST - 5 * METRE, toy.SOUTH + 0.05), "reads as outside the province"),
        ((toy.WEST + 0.45, toy.SOUTH + 5 / 111_000), "the court on its own side is not settled either"),
    ],
)
def test_why_no_court_is_named_near_a_line_is_said_as_it_is(at: tuple[float, float], says: str) -> None:
    d = toy.ask(at)
    assert (d.outcome, d.court) == (Outcome.NEAR_BOUNDARY, None)
    assert says in explain(d, toy.TOY).en


def test_outside_gives_no_candidate_and_the_nearest_court_as_a_hint() -> None:
    d = toy.ask((toy.WEST - 0.5, toy.SOUTH))
    assert (d.outcome, d.court, d.candidates) == (Outcome.OUTSIDE, None, ())
    assert d.boundary is not None
    assert d.boundary.distance_m == pytest.approx(40_000, rel=0.02)
    assert [c.court.code for c in d.boundary.across if c.court] == ["a"]


@pytest.mark.parametrize("metres", [-6.0, 6.0])
def test_near_the_line_of_the_province_another_province_is_possible(metres: float) -> None:
    d = toy.ask((toy.WEST + metres * METRE, toy.middle(0)[1]))
    assert d.outcome is Outcome.NEAR_BOUNDARY
    assert (d.court.code if d.court else None) == ("a" if metres > 0 else None)
    assert {c.key[0] for c in d.candidates} == {"court", "outside"}


def test_on_the_line_of_the_province_no_court_is_chosen() -> None:
    d = toy.ask((toy.WEST, toy.middle(0)[1]))
    assert (d.outcome, d.court) == (Outcome.NEAR_BOUNDARY, None)


def test_before_the_version_there_is_none() -> None:
    d = toy.ask(toy.middle(0), on=date(2022, 9, 25))
    assert (d.outcome, d.court, d.version, d.candidates) == (Outcome.NO_VERSION, None, None, ())
    assert d.counties == (("220101", None),)
    assert codes(d) == {"pending-cases-unknown"}
    assert toy.ask(toy.middle(0), on=toy.BEGINS).outcome is Outcome.CLEAR


def test_the_last_day_of_a_version_is_not_its_own() -> None:
    held = toy.snapshot(validity=Validity(toy.BEGINS, date(2026, 1, 1)))
    assert toy.ask(toy.middle(0), held=held, on=date(2025, 12, 31)).outcome is Outcome.CLEAR
    assert toy.ask(toy.middle(0), held=held, on=date(2026, 1, 1)).outcome is Outcome.NO_VERSION


@pytest.mark.parametrize("i", range(6))
@pytest.mark.parametrize(
    "case",
    [{"level": Level.INTERMEDIATE}, {"kind": CaseKind.DAMAGES}, {"kind": CaseKind.CIVIL_PUBLIC_INTEREST}],
)
def test_level_before_place(i: int, case: dict[str, object]) -> None:
    d = toy.ask(toy.middle(i), **case)  # type: ignore[arg-type]
    assert (d.outcome, d.court.code if d.court else None) == (Outcome.CLEAR, "top")
    assert d.boundary is not None
    assert d.boundary.kind == "province"


def test_a_basic_level_stated_for_an_intermediate_kind_is_doubted() -> None:
    d = toy.ask(toy.middle(0), kind=CaseKind.DAMAGES, level=Level.BASIC)
    assert d.court is not None
    assert d.court.code == "top"
    assert "level-contradicts-kind" in codes(d)


def test_a_rule_is_cited_only_where_the_level_rests_on_it() -> None:
    assert toy.ask(toy.middle(0), kind=CaseKind.CRIMINAL).rules
    stated = toy.ask(toy.middle(0), kind=CaseKind.CRIMINAL, level=Level.INTERMEDIATE)
    assert stated.rules == ()
    assert (
        next(s for s in stated.trace if s.step == "level").text.en
        == "level of court: intermediate court (as stated)"
    )
    assert toy.ask(toy.middle(0), kind=CaseKind.DAMAGES, level=Level.INTERMEDIATE).rules


def test_a_public_interest_case_needs_its_sort() -> None:
    d = toy.ask(toy.middle(0), kind=CaseKind.PUBLIC_INTEREST)
    assert d.outcome is Outcome.NEEDS_FACT
    assert d.open_question is not None
    replies = {o.value: [c.court.code for c in o.candidates if c.court] for o in d.open_question.options}
    assert replies == {
        "civil-public-interest": ["top"],
        "administrative-public-interest": ["a"],
        "criminal": ["a"],
    }
    assert toy.ask(toy.middle(0), kind=CaseKind.PUBLIC_INTEREST, level=Level.BASIC).outcome is Outcome.CLEAR


@pytest.mark.parametrize("kind", [None, CaseKind.CRIMINAL, CaseKind.ADMINISTRATIVE])
def test_an_assumed_level_is_told_until_it_is_stated(kind: CaseKind | None) -> None:
    assert "level-assumed" in codes(toy.ask(toy.middle(0), kind=kind))
    assert "level-assumed" not in codes(toy.ask(toy.middle(0), kind=kind, level=Level.BASIC))


def test_administrative_places_are_read_as_the_agency_s_seat() -> None:
    for kind in (CaseKind.ADMINISTRATIVE, CaseKind.ADMINISTRATIVE_PUBLIC_INTEREST):
        assert "place-read-as-agency-seat" in codes(toy.ask(toy.middle(0), kind=kind))
    assert "place-read-as-agency-seat" not in codes(toy.ask(toy.middle(0), kind=CaseKind.CIVIL))


def test_places_of_two_courts_are_cross_court_under_their_common_superior() -> None:
    d = toy.ask(toy.middle(0), toy.middle(2))
    assert (d.outcome, d.court) == (Outcome.CROSS_COURT, None)
    assert courts(d) == {"a", "b"}
    assert d.superior is not None
    assert (d.superior.court.code, d.superior.status) == ("top", Status.INFERRED)


def test_places_of_one_court_are_clear() -> None:
    d = toy.ask(toy.middle(0), toy.middle(1))
    assert (d.outcome, d.court.code if d.court else None) == (Outcome.CLEAR, "a")


def test_an_unresolved_place_among_others_is_a_candidate_without_a_court() -> None:
    d = toy.ask(toy.middle(0), toy.middle(5))
    assert (d.outcome, courts(d)) == (Outcome.CROSS_COURT, {"a", None})
    assert d.superior is not None
    assert d.superior.court.code == "top"


def test_a_place_outside_among_others_is_a_share_of_its_own() -> None:
    d = toy.ask(toy.middle(0), (toy.WEST - 1, toy.SOUTH))
    assert d.outcome is Outcome.CROSS_COURT
    assert "beyond-province" in codes(d)
    assert d.superior is None  # nothing held says who is above a court outside the province


def test_a_common_superior_is_as_sure_as_the_weakest_way_up() -> None:
    courts_ = {**toy.COURTS, "a": replace(toy.COURTS["a"], superior_status=Status.CONFIRMED)}
    d = toy.ask(toy.middle(0), toy.middle(2), held=toy.snapshot(courts=courts_))
    assert d.superior is not None
    assert d.superior.status is Status.INFERRED
    without_row = toy.snapshot([r for r in toy.ROWS if r.adcode != "220101"])
    assert toy.ask(toy.middle(0), toy.middle(2), held=without_row).superior is None


def test_among_several_places_the_court_across_a_near_line_stays_possible_under_its_condition() -> None:
    beside_the_line = (toy.edge(1)[0] - 5 * METRE, toy.middle(0)[1])
    d = toy.ask(beside_the_line, toy.middle(3))
    assert (d.outcome, courts(d)) == (Outcome.CROSS_COURT, {"a", "b", "c"})
    assert {c.court.code for c in d.candidates if c.court and c.is_across} == {"b"}
    assert "near-boundary" in codes(d)
    told = referral(d, toy.TOY)
    assert told is not None
    assert ("法院a" in told.zh, "法院b" in told.zh, "法院c" in told.zh) == (True, False, True)


def test_inferred_courts_among_several_are_warned_of() -> None:
    rows = [replace(r, status=Status.INFERRED) if r.adcode == "220101" else r for r in toy.ROWS]
    assert "designation-inferred" in codes(toy.ask(toy.middle(0), toy.middle(2), held=toy.snapshot(rows)))
    assert "designation-inferred" not in codes(toy.ask(toy.middle(0), toy.middle(2)))


def test_places_that_one_court_may_hear_together_need_the_fact() -> None:
    d = toy.ask(toy.middle(3), toy.middle(4))
    assert d.outcome is Outcome.NEEDS_FACT


def test_an_area_across_a_line_has_shares_that_sum_to_one() -> None:
    west, south = toy.WEST + 0.15, toy.SOUTH + 0.02
    d = toy.ask(toy.shape(shapely.box(west, south, west + 0.15, south + 0.05)))
    assert d.outcome is Outcome.CROSS_COURT
    shares = {c.court.code: c.share for c in d.candidates if c.court and c.share}
    assert sum(s.fraction for s in shares.values()) == pytest.approx(1.0, abs=1e-9)
    assert shares["a"].fraction == pytest.approx(1 / 3, abs=1e-6)
    assert shares["a"].area_m2 == pytest.approx(0.05 * 79_900 * 0.05 * 111_100, rel=0.01)
    assert sum(share or 0 for _, share in d.counties) == pytest.approx(1.0, abs=1e-9)


def test_shares_of_several_shapes_are_shares_of_the_whole_case() -> None:
    small = shapely.box(toy.WEST + 0.05, toy.SOUTH + 0.05, toy.WEST + 0.06, toy.SOUTH + 0.06)
    large = shapely.box(toy.WEST + 0.22, toy.SOUTH + 0.05, toy.WEST + 0.25, toy.SOUTH + 0.06)
    d = toy.ask(toy.shape(small), toy.shape(large))
    assert d.outcome is Outcome.CROSS_COURT
    shares = {c.court.code: c.share.fraction for c in d.candidates if c.court and c.share}
    assert shares == {"a": pytest.approx(0.25, abs=1e-6), "b": pytest.approx(0.75, abs=1e-6)}
    assert sum(share or 0 for _, share in d.counties) == pytest.approx(1.0, abs=1e-9)


def test_an_area_and_a_line_cannot_be_weighed_and_count_alike() -> None:
    area = shapely.box(toy.WEST + 0.05, toy.SOUTH + 0.05, toy.WEST + 0.06, toy.SOUTH + 0.06)
    line = LineString([(toy.WEST + 0.22, toy.SOUTH + 0.05), (toy.WEST + 0.25, toy.SOUTH + 0.05)])
    d = toy.ask(toy.shape(area), toy.shape(line))
    assert [c.share.fraction for c in d.candidates if c.share] == [0.5, 0.5]


def test_an_area_drawn_along_the_province_s_line_does_not_leave_it() -> None:
    """A parcel digitised on the outline and a metre over it lies within its accuracy of it, not across it."""
    parcel = shapely.box(toy.WEST - METRE, toy.SOUTH + 0.02, toy.WEST + 0.02, toy.SOUTH + 0.04)
    d = toy.ask(toy.shape(parcel))
    assert d.outcome is Outcome.NEAR_BOUNDARY
    assert "beyond-province" not in codes(d)


def test_a_line_across_a_line_has_lengths() -> None:
    y = toy.SOUTH + 0.05
    d = toy.ask(toy.shape(LineString([(toy.WEST + 0.05, y), (toy.WEST + 0.25, y)])))
    assert d.outcome is Outcome.CROSS_COURT
    assert {round(c.share.fraction, 3) for c in d.candidates if c.share} == {0.75, 0.25}
    assert all(c.share.length_m for c in d.candidates if c.share)


def test_an_area_that_reaches_out_of_the_province_says_how_much() -> None:
    d = toy.ask(toy.shape(shapely.box(toy.WEST - 0.05, toy.SOUTH + 0.02, toy.WEST + 0.05, toy.SOUTH + 0.08)))
    assert d.outcome is Outcome.CROSS_COURT
    outside = next(c for c in d.candidates if c.territory is Territory.OUTSIDE)
    assert outside.share is not None
    assert outside.share.fraction == pytest.approx(0.5, abs=1e-6)


def test_an_area_that_only_touches_the_next_county_is_near_it_not_across() -> None:
    edge = toy.edge(1)[0]
    d = toy.ask(toy.shape(shapely.box(edge - 0.02, toy.SOUTH + 0.02, edge, toy.SOUTH + 0.04)))
    assert (d.outcome, d.court.code if d.court else None) == (Outcome.NEAR_BOUNDARY, "a")


def test_a_drawn_forest_district_decides_by_position_without_a_change_of_code() -> None:
    drawn = MultiPolygon([shapely.box(toy.WEST + 0.43, toy.SOUTH + 0.01, toy.WEST + 0.47, toy.SOUTH + 0.05)])
    held = toy.snapshot(districts=toy.with_polygon("f2", drawn))
    inside = toy.ask((toy.WEST + 0.45, toy.SOUTH + 0.03), held=held)
    assert (inside.outcome, inside.court.code if inside.court else None) == (Outcome.CLEAR, "d")
    beside = toy.ask((toy.WEST + 0.42, toy.SOUTH + 0.03), held=held)
    assert (beside.outcome, beside.court.code if beside.court else None) == (Outcome.CLEAR, "c")
    assert beside.boundary is not None
    assert beside.boundary.distance_m == pytest.approx(0.01 * 79_950, rel=0.01)
    assert [c.court.code for c in beside.boundary.across if c.court] == ["d"]
    on_line = toy.ask((toy.WEST + 0.43, toy.SOUTH + 0.03), held=held)
    assert (on_line.outcome, courts(on_line)) == (Outcome.NEAR_BOUNDARY, {"c", "d"})
    near = toy.ask((toy.WEST + 0.43 - 5 * METRE, toy.SOUTH + 0.03), held=held)
    assert (near.outcome, near.court.code if near.court else None) == (Outcome.NEAR_BOUNDARY, "c")
    stated = toy.ask((toy.WEST + 0.45, toy.SOUTH + 0.03), held=held, territory=Territory.ORDINARY)
    assert "territory-contradicts-map" in codes(stated)


def test_a_forest_district_drawn_across_counties_moves_the_lines() -> None:
    """Inside the district the line between two ordinary courts is none; its own border is one."""
    drawn = MultiPolygon([shapely.box(toy.WEST + 0.18, toy.SOUTH + 0.02, toy.WEST + 0.22, toy.SOUTH + 0.08)])
    held = toy.snapshot(districts=toy.with_polygon("f1", drawn))
    d = toy.ask((toy.WEST + 0.2, toy.SOUTH + 0.05), held=held)
    assert (d.outcome, d.court.code if d.court else None) == (Outcome.CLEAR, "b")
    assert d.boundary is not None
    assert d.boundary.distance_m == pytest.approx(0.02 * 79_950, rel=0.02)


def test_an_area_half_in_a_drawn_forest_district_is_cross_court() -> None:
    drawn = MultiPolygon([shapely.box(toy.WEST + 0.43, toy.SOUTH + 0.01, toy.WEST + 0.47, toy.SOUTH + 0.05)])
    held = toy.snapshot(districts=toy.with_polygon("f2", drawn))
    d = toy.ask(
        toy.shape(shapely.box(toy.WEST + 0.41, toy.SOUTH + 0.02, toy.WEST + 0.45, toy.SOUTH + 0.03)),
        held=held,
    )
    assert (d.outcome, courts(d)) == (Outcome.CROSS_COURT, {"c", "d"})


def test_an_inferred_row_names_its_court_with_a_warning() -> None:
    rows = [replace(r, status=Status.INFERRED) if r.adcode == "220101" else r for r in toy.ROWS]
    d = toy.ask(toy.middle(0), held=toy.snapshot(rows))
    assert (d.court.code if d.court else None, d.status) == ("a", Status.INFERRED)
    assert "designation-inferred" in codes(d)


def test_an_answer_is_as_sure_as_the_membership_of_its_court() -> None:
    held = toy.snapshot(courts={**toy.COURTS, "a": replace(toy.COURTS["a"], membership=Status.INFERRED)})
    assert toy.ask(toy.middle(0), held=held).status is Status.INFERRED


def test_lines_follow_the_question() -> None:
    """On 222401|222402 there is a line while the territory is open, and none once it is ordinary."""
    at = (toy.edge(3)[0] + 5 * METRE, toy.middle(0)[1])
    assert toy.ask(at, territory=Territory.ORDINARY).outcome is Outcome.CLEAR
    assert "near-boundary" in codes(toy.ask(at))


positions = st.tuples(
    st.floats(toy.WEST - 0.1, toy.WEST + 0.7, allow_nan=False),
    st.floats(toy.SOUTH - 0.1, toy.SOUTH + 0.2, allow_nan=False),
)
kinds = st.sampled_from([None, *CaseKind])
territories = st.sampled_from([Territory.ORDINARY, Territory.FOREST, Territory.UNKNOWN])


@settings(max_examples=300, deadline=None)
@given(positions, kinds, territories, st.floats(0, 5_000))
def test_relations_every_answer_keeps(
    at: tuple[float, float], kind: CaseKind | None, territory: Territory, accuracy: float
) -> None:
    d = toy.ask(toy.point(*at, accuracy_m=accuracy), kind=kind, territory=territory)
    named = {c.court.code for c in d.candidates if c.court}
    if d.court is not None:
        assert d.court.code in named
        assert d.outcome in (Outcome.CLEAR, Outcome.NEAR_BOUNDARY)
        assert d.status is not Status.UNRESOLVED
    if d.outcome is Outcome.CLEAR:
        assert {c.key for c in d.candidates} == {("court", d.court.code if d.court else "")}
        assert d.boundary is not None
        assert d.boundary.distance_m > accuracy
    if d.outcome is Outcome.UNRESOLVED:
        assert d.court is None
    if d.outcome is Outcome.NEEDS_FACT:
        assert d.open_question is not None
        assert len({c.key for c in d.candidates}) > 1
        told = {c.key for o in d.open_question.options for c in o.candidates}
        assert told >= {c.key for c in d.candidates if c.condition is None or "界线" not in c.condition.zh}
    if d.outcome is Outcome.OUTSIDE:
        assert d.candidates == ()


@settings(max_examples=60, deadline=None)
@given(positions, kinds, st.permutations(toy.ROWS))
def test_the_order_of_rows_changes_nothing(
    at: tuple[float, float], kind: CaseKind | None, rows: list[object]
) -> None:
    one = toy.ask(at, kind=kind)
    other = toy.ask(at, kind=kind, held=toy.snapshot(rows))  # type: ignore[arg-type]
    assert (one.outcome, one.court, one.boundary) == (other.outcome, other.court, other.boundary)
    assert set(one.candidates) == set(other.candidates)


@settings(max_examples=40, deadline=None)
@given(st.lists(positions, min_size=2, max_size=4), st.randoms())
def test_the_order_of_places_changes_no_outcome(places: list[tuple[float, float]], random: object) -> None:
    shuffled = list(places)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = toy.ask(*places), toy.ask(*shuffled)
    assert (one.outcome, one.court) == (other.outcome, other.court)
    assert courts(one) == courts(other)
