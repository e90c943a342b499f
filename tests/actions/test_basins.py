"""Basins of points: the 20,000 of `tests/basin_check.py`, with fewer distances than there."""

from geo_registry.routing.profiles import compare_registers, profile_basin
from geo_registry.routing.snapshot import Snapshot
from tests.basin_check import compare, random_points


def test_basins_of_20000_points_equal_brute_force(snapshot: Snapshot) -> None:
    assert compare(snapshot, random_points(20_000, seed=5), divides_of=60) == []


def test_a_basin_knows_its_water_its_courts_and_its_agreements(snapshot: Snapshot) -> None:
    profile = profile_basin(snapshot, "JLB-DL")
    assert [b.code for b in profile.downstream] == ["JLB-LH"]
    assert profile.upstream == ()
    assert {a.id for a in profile.agreements} == {"east-liao-2021", "east-liao-2022"}
    names = {c.court.name if c.court else None: c.share for c in profile.courts}
    assert set(names) >= {"梨树县人民法院", "长春铁路运输法院", "东辽县人民法院"}
    assert abs(sum(names.values()) - 1.0) < 0.01
    songhua = profile_basin(snapshot, "JLB-SH")
    assert {b.code for b in songhua.upstream} >= {"JLB-DE", "JLB-ED", "JLB-NJ", "JLB-TE", "JLB-LL", "JLB-MD"}


def test_what_is_listed_stands_beside_what_was_counted_and_is_not_added(snapshot: Snapshot) -> None:
    lines = {line.count.id: line for line in compare_registers(snapshot)}
    black = lines["black-soil-points"]
    assert (black.count.value, black.located, black.proven) == ("26", 1, 0)
    assert (
        lines["restoration-bases-courts"].count.value,
        lines["restoration-bases-procuratorates"].count.value,
    ) == ("12", "34")
    assert (lines["park-base"].located, lines["park-base"].proven) == (1, 1)
