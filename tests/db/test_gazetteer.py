"""The gazetteer from a loaded database: the same names as from the files, as known at an instant."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from geo_registry.db.engine import Database
from geo_registry.db.queries.gazetteer import read_names
from geo_registry.errors import RuleBroken
from geo_registry.gazetteer.index import Gazetteer
from geo_registry.gazetteer.model import Name
from tests.gazetteer import packaged_names
from tests.support import run

ROW = "status, sources, as_of, layer, digest, known"
FACT = "'inferred', '{NBS}', '2023', 'test', 'x', tstzrange(now(), null)"


def names_at(url: str, known_at: datetime) -> list[Name]:
    async def work(database: Database) -> list[Name]:
        async with database.read() as session:
            return await read_names(session, known_at=known_at)

    return run(url, work)


def as_set(names: Sequence[Name]) -> set[Name]:
    return set(names)


def test_the_names_of_a_loaded_database_are_those_of_the_files(loaded_url: str) -> None:
    names = names_at(loaded_url, datetime.now(UTC))
    assert as_set(names) == as_set(packaged_names())
    (match,) = Gazetteer(names).find("四平市公主岭市范家屯镇")
    assert (match.adcodes, match.kind) == (("220184",), "town")


def test_before_anything_was_known_there_are_no_names(loaded_url: str) -> None:
    assert names_at(loaded_url, datetime.now(UTC) - timedelta(days=400)) == []


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ("'a', 'n', 'moon', 'common', 'f', '{220122}'", "ck_place_name_history_kind_known"),
        ("'a', 'n', 'county', 'nickname', 'f', '{220122}'", "ck_place_name_history_relation_known"),
        ("'a', 'n', 'county', 'common', 'f', '{}'", "ck_place_name_history_lies_somewhere"),
    ],
)
def test_the_database_refuses(loaded_url: str, values: str, rule: str) -> None:
    async def work(database: Database) -> None:
        async with database.write() as session:
            await session.execute(
                text(
                    f"insert into place_name_history (id, name, kind, relation, formal, adcodes, note_zh, note_en, {ROW}) "
                    f"values ({values}, '', '', {FACT})"
                )
            )

    with pytest.raises(RuleBroken) as caught:
        run(loaded_url, work)
    assert caught.value.rule == rule


@pytest.mark.parametrize(
    "sql",
    [
        "truncate place_name_history",
        "delete from place_name_history",
        "update place_name_history set name = 'x'",
    ],
)
def test_place_names_are_kept(loaded_url: str, sql: str) -> None:
    async def work(database: Database) -> None:
        async with database.write() as session:
            await session.execute(text(sql))

    with pytest.raises(RuleBroken):
        run(loaded_url, work)
