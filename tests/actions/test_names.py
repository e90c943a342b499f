"""Places by name and address, from what was typed to the court."""

from collections.abc import Callable
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from geo_registry.actions.ask import Asked, parse_query
from geo_registry.actions.find_basins import find_basins
from geo_registry.actions.load_layers import load_layers
from geo_registry.actions.replay_decision import replay_decision
from geo_registry.actions.route_case import record_case, route_case
from geo_registry.actions.snapshots import Snapshots
from geo_registry.catalogue import get_catalogue, packaged_layers
from geo_registry.db.engine import Database
from geo_registry.errors import UnknownName
from geo_registry.routing.answer import Answer
from geo_registry.routing.level import CaseReading
from geo_registry.routing.places import signature
from geo_registry.terms import Level, Territory
from tests.support import DAY, run

CASE = CaseReading(None, Level.BASIC, (), ())


def ask(url: str, *texts: str, **words: Any) -> list[Answer]:
    """Route each text by itself."""

    async def work(database: Database) -> list[Answer]:
        snapshots = Snapshots(database)
        queries = [parse_query([Asked(text=t)], on=DAY.isoformat(), **words) for t in texts]
        return [await route_case(query, snapshots) for query in queries]

    return run(url, work)


def test_every_county_by_its_name_has_the_answer_of_the_county(loaded_url: str, snapshot: Any) -> None:
    law = snapshot.jurisdiction
    units = [u for u in snapshot.units.values() if u.level == "county"]
    names = [f"{snapshot.units[u.parent_adcode].name}{u.name}" for u in units]
    for unit, answer in zip(units, ask(loaded_url, *names), strict=True):
        wanted = [
            c
            for s in snapshot.locator.states_in(unit.adcode)
            for c in law.candidates_at(s, CASE, Territory.UNKNOWN)
        ]
        assert [c.adcode for c in answer.counties] == [unit.adcode]
        assert answer.boundary is None
        assert answer.reading.name
        assert {c.designation for c in answer.candidates} == {c.designation.id for c in wanted}
        if len(signature(wanted)) == 1:
            assert answer.outcome in ("clear", "unresolved")
        else:
            assert answer.outcome == "needs_fact"


@pytest.mark.parametrize(
    ("text", "outcome", "court"),
    [
        ("长春市", "clear", "cctl"), ("吉林市", "clear", "jltl"), ("松原市", "unresolved", None), ("白山市", "unresolved", None),
        ("延边州", "needs_fact", None), ("农安县华家镇", "clear", "cctl"), ("蛟河市新站镇", "clear", "jltl"),
        ("珲春市英安镇", "needs_fact", None), ("九台市", "clear", "cctl"), ("四平市公主岭", "clear", "cctl"), ("扶余县", "unresolved", None),
        ("八道江区", "unresolved", None), ("通化县大安镇", "clear", "thtl"), ("大安市", "clear", "bctl"), ("池北区", "needs_fact", None),
        ("吉林市船营区松江路1号", "clear", "jltl"), ("黑龙江省哈尔滨市", "outside", None),
    ],
)  # fmt: skip
def test_names_and_their_courts(loaded_url: str, text: str, outcome: str, court: str | None) -> None:
    (answer,) = ask(loaded_url, text)
    assert (answer.outcome, answer.court.code if answer.court else None) == (outcome, court)
    assert answer.reading.notation == "address"


def test_a_name_that_is_not_held_is_told_with_those_near_it(loaded_url: str) -> None:
    with pytest.raises(UnknownName) as caught:
        ask(loaded_url, "农鞍县")
    assert "农安县" in caught.value.zh
    with pytest.raises(UnknownName):
        ask(loaded_url, "亚特兰蒂斯")


def test_a_forest_county_by_name_is_settled_by_the_fact(loaded_url: str) -> None:
    (ordinary,) = ask(loaded_url, "珲春市", territory="ordinary")
    (forest,) = ask(loaded_url, "珲春市", territory="forest")
    assert ordinary.court is not None
    assert forest.court is not None
    assert (ordinary.court.code, forest.court.code) == ("ybtl", "hclq")


def test_the_extent_of_a_name_is_its_accuracy(loaded_url: str) -> None:
    county, city, town = ask(loaded_url, "农安县", "长春市", "农安县华家镇")
    assert 30_000 < county.reading.accuracy_m < city.reading.accuracy_m < 250_000
    assert town.reading.accuracy_m == 15_000
    assert all(s.distance_m is None for s in county.nearby.restoration_bases)


def test_basins_of_a_name_are_those_of_its_county(loaded_url: str) -> None:
    async def work(database: Database) -> set[str]:
        hits, snapshot = await find_basins(
            parse_query([Asked(text="东辽县")], on=DAY.isoformat()), Snapshots(database)
        )
        return {snapshot.basin_index.basins[h.code].name.zh for h in hits}

    assert "东辽河" in run(loaded_url, work)


def edited(folder: Path, edit: Callable[[str], str]) -> Any:
    copy = folder / "layers"
    copytree(packaged_layers(), copy)
    path = copy / "place_names/data.csv"
    path.write_text(edit(path.read_text(encoding="utf-8")), encoding="utf-8")
    return get_catalogue(copy)


def test_an_answer_by_name_is_made_again_though_the_names_have_changed(
    fresh_url: str, tmp_path: Path
) -> None:
    catalogue = edited(
        tmp_path, lambda s: "".join(line for line in s.splitlines(keepends=True) if "九台市" not in line)
    )

    async def work(database: Database) -> None:
        snapshots = Snapshots(database)
        query = parse_query([Asked(text="九台市")], on=DAY.isoformat())
        before = await record_case(query, snapshots, database, actor="test")
        assert before.outcome == "clear"
        await load_layers(database, catalogue, actor="test")
        with pytest.raises(UnknownName):
            await route_case(query, snapshots)
        assert (await replay_decision(before.id or "", snapshots, database)).same

    run(fresh_url, work)
