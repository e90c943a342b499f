"""What a draft would change, against deciding every recorded answer again one by one."""

import pytest

from geo_registry.access import ANYONE
from geo_registry.actions.impact_zones import impact_zones
from geo_registry.db.engine import Database
from geo_registry.db.queries.snapshot import read_snapshot
from geo_registry.errors import LogInNeeded
from geo_registry.geo.measure import area_m2
from tests.support import DAY, run
from tests.zone_drafts import BASE, DRAFT, DRAFTER, FIRST, NONGAN, draft, moved
from tests.zone_impact import compare_with_brute_force, fill_journal


def test_moving_one_county_equals_brute_force(fresh_url: str) -> None:
    async def work(database: Database) -> None:
        await fill_journal(database, 1_500)
        await moved(database)
        found, expected = await compare_with_brute_force(database)
        assert found == expected
        assert len(expected) > 50, "the county is in the journal"

    run(fresh_url, work)


def test_ground_towns_and_sites_of_a_moved_county_are_named(fresh_url: str) -> None:
    async def work(database: Database) -> None:
        await moved(database)
        impact = await impact_zones(database, DRAFT, person=DRAFTER)
        (piece,) = impact.moved
        assert (piece.adcode, piece.court_before, piece.court_after, piece.share) == (
            NONGAN,
            "cctl",
            "jltl",
            1.0,
        )
        async with database.read() as session:
            units = (await read_snapshot(session, on=DAY)).units
        assert piece.area_m2 == pytest.approx(area_m2(units[NONGAN].geometry), rel=1e-12)
        assert "哈拉海镇" in impact.towns[NONGAN]
        assert (impact.law, impact.day, impact.districts) == (BASE, FIRST, ())

    run(fresh_url, work)


def test_a_draft_that_says_nothing_else_changes_nothing(fresh_url: str) -> None:
    async def work(database: Database) -> None:
        await fill_journal(database, 50)
        await draft(database)
        impact = await impact_zones(database, DRAFT, person=DRAFTER)
        assert (impact.moved, impact.sites, impact.answers, impact.asked) == ((), (), (), 50)
        with pytest.raises(LogInNeeded):
            await impact_zones(database, DRAFT, person=ANYONE)

    run(fresh_url, work)
