"""The schema: migrations both ways, and the rules that live in the database."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import text

from geo_registry.db import schema
from geo_registry.db.engine import Database
from geo_registry.errors import RuleBroken, SchemaOutdated
from tests.support import Bench, run

ROW = "status, sources, as_of, layer, digest, known"
FACT = "'confirmed', '{S}', '2022', 'test', 'x', tstzrange(now(), null)"
SQUARE = "st_multi(st_makeenvelope(125, 44, 126, 45, 4326))"


async def prepared(database: Database) -> None:
    async with database.write() as session:
        for sql in (
            "insert into sources values ('S')",
            "insert into admin_units values ('220122'), ('220182')",
            "insert into courts values ('a'), ('b')",
            "insert into zone_versions values ('v'), ('w')",
            "insert into forest_districts values ('f')",
            "insert into site_kinds values ('k')",
            "insert into sites values ('s')",
        ):
            await session.execute(text(sql))


def test_up_down_and_up_again(empty_url: str) -> None:
    async def work(database: Database) -> None:
        assert await schema.current(database) == schema.head()
        await schema.check(database)
        await schema.downgrade(database, "base")
        assert await schema.current(database) is None
        assert await schema.upgrade(database) == schema.head()
        await schema.check(database)

    run(empty_url, work)


def test_an_empty_database_says_what_to_run(bench: Bench) -> None:
    bench.cluster.run_sql('drop database if exists "bare"')
    bench.cluster.run_sql('create database "bare" owner geo_registry')

    async def work(database: Database) -> None:
        async with database.read() as session:
            await session.execute(text("select 1 from courts"))

    with pytest.raises(SchemaOutdated, match="geo-registry db upgrade"):
        run(bench.cluster.url("bare"), work)


REFUSED = [
    ("update source_history set title = 'x'", "history_is_kept"),
    ("delete from source_history", "history_is_kept"),
    ("update source_history set known = tstzrange(lower(known) - interval '1 day', now())", "history_is_kept"),
    ("delete from audit_log", "append_only"),
    ("update decisions set outcome = 'clear'", "append_only"),
    ("truncate decisions", "append_only"),
    ("truncate source_history", "append_only"),
    ("truncate designation_history", "append_only"),
    (f"insert into court_history (code, level, role, {ROW}) values ('a', 'basic', 'ten', {FACT})", "ck_court_history_named_unless_unresolved"),
    (f"insert into court_history (code, name, level, role, {ROW}) values ('zz', 'n', 'basic', 'ten', {FACT})", "fk_court_history_code_courts"),
    (f"insert into court_history (code, name, level, role, {ROW}) values ('a', 'n', 'basic', 'ten', {FACT.replace('{S}', '{}')})", "ck_court_history_has_source"),
    (f"insert into court_history (code, name, level, role, {ROW}) values ('a', 'n', 'basic', 'ten', {FACT.replace('{S}', '{T}')})", "sources_are_held"),
    (f"insert into admin_unit_history (adcode, name, level, {ROW}) values ('220122', 'n', 'county', {FACT})", "ck_admin_unit_history_county_has_polygon"),
    (f"insert into admin_unit_history (adcode, name, level, geom, {ROW}) values ('220122', 'n', 'county', st_geomfromtext('MULTIPOLYGON(((0 0, 1 1, 1 0, 0 1, 0 0)))', 4326), {FACT})", "ck_admin_unit_history_geom_valid"),
    (f"insert into admin_unit_history (adcode, name, level, geom, {ROW}) values ('220122', 'n', 'county', st_geomfromtext('MULTIPOLYGON EMPTY', 4326), {FACT})", "ck_admin_unit_history_geom_not_empty"),
    ("insert into admin_units values ('22012')", "ck_admin_units_six_digits"),
    (f"insert into designation_history (id, version_id, territory, adcode, district, court_code, instrument, gist_zh, gist_en, {ROW}) values ('1', 'v', 'forest', '220122', null, 'a', 'i', '', '', {FACT})", "ck_designation_history_unit_or_district"),
    (f"insert into site_history (id, kind, name, operator, precision, established, among_counted, {ROW}) values ('s', 'k', 'n', 'o', 'point', '2022', 'unresolved', {FACT})", "ck_site_history_point_only_if_exact"),
    (f"insert into site_history (id, kind, name, operator, precision, established, among_counted, geom, {ROW}) values ('s', 'k', 'n', 'o', 'county', '2022', 'unresolved', st_setsrid(st_point(125, 44), 4326), {FACT})", "ck_site_history_point_only_if_exact"),
]  # fmt: skip
SETUP = (
    f"insert into source_history (key, title, date, read_in_reprint, {ROW}) values ('S', 't', '2022', false, {FACT})",
    "insert into audit_log (at, actor, action, subject, changes_answers, detail) values (now(), 'x', 'y', 'z', false, '{}')",
    "insert into decisions (id, known_at, asked_at, actor, outcome, request, answer, digest) values ('1', now(), now(), 'x', 'clear', '{}', '{}', 'sha256:' || repeat('0', 64))",
)


def attempt(url: str, *statements: str) -> None:
    async def work(database: Database) -> None:
        async with database.write() as session:
            for sql in statements:
                await session.execute(text(sql))

    run(url, work)


@pytest.fixture(scope="module")
def rules_url(bench: Bench) -> str:
    url = bench.copy(loaded=False)
    run(url, prepared)
    attempt(url, *SETUP)
    return url


@pytest.mark.parametrize(("sql", "rule"), REFUSED, ids=[f"{i}-{r}" for i, (_, r) in enumerate(REFUSED)])
def test_the_database_refuses(rules_url: str, sql: str, rule: str) -> None:
    with pytest.raises(RuleBroken) as caught:
        attempt(rules_url, sql)
    assert caught.value.rule == rule
    assert caught.value.reason_zh
    assert caught.value.reason_en


def test_closing_a_row_is_the_one_update_allowed(rules_url: str) -> None:
    close = (
        "update source_history set known = tstzrange(lower(known), now() + interval '1 hour') where key = 'S'"
    )
    attempt(rules_url, close)
    with pytest.raises(RuleBroken):
        attempt(rules_url, close)


def version(id: str, days: str, state: str = "published") -> str:
    return f"insert into zone_version_history (id, state, title_zh, title_en, valid, {ROW}) values ('{id}', '{state}', '', '', '{days}', {FACT})"


def test_two_laws_never_share_a_day(empty_url: str) -> None:
    run(empty_url, prepared)
    attempt(empty_url, version("v", "[2022-09-26,2027-01-01)"))
    with pytest.raises(RuleBroken) as caught:
        attempt(empty_url, version("w", "[2026-12-31,)"))
    assert caught.value.rule == "ex_zone_version_history_one_law_a_day"
    attempt(empty_url, version("w", "[2027-01-01,)"))  # half-open: the changeover day is the new one's alone


def test_a_draft_may_share_days_and_one_state_is_known_at_a_time(empty_url: str) -> None:
    run(empty_url, prepared)
    attempt(empty_url, version("v", "[2022-09-26,)"), version("w", "[2022-09-26,)", "draft"))
    with pytest.raises(RuleBroken) as caught:
        attempt(empty_url, version("w", "[2023-01-01,)", "draft"))
    assert caught.value.rule == "ex_zone_version_history_one_at_a_time"


def test_a_unit_is_designated_once_in_a_version(empty_url: str) -> None:
    run(empty_url, prepared)

    def row(id: str, court: str) -> str:
        return (
            "insert into designation_history (id, version_id, territory, adcode, court_code, instrument, gist_zh, gist_en, "
            f"{ROW}) values ('{id}', 'v', 'ordinary', '220122', '{court}', 'i', '', '', {FACT})"
        )

    attempt(empty_url, row("1", "a"))
    with pytest.raises(RuleBroken) as caught:
        attempt(empty_url, row("2", "b"))
    assert caught.value.rule == "ex_designation_history_unit_once"


def test_a_geometry_of_another_system_is_refused(empty_url: str) -> None:
    run(empty_url, prepared)
    sql = f"insert into admin_unit_history (adcode, name, level, geom, {ROW}) values ('220122', 'n', 'county', st_setsrid({SQUARE}, 4490), {FACT})"

    async def work(database: Database) -> Any:
        async with database.write() as session:
            await session.execute(text(sql))

    with pytest.raises(Exception, match="SRID"):
        run(empty_url, work)


def test_a_failed_block_leaves_nothing(empty_url: str) -> None:
    with pytest.raises(RuleBroken):
        attempt(empty_url, "insert into sources values ('A')", "insert into sources values ('A')")

    async def count(database: Database) -> int:
        async with database.read() as session:
            return int((await session.execute(text("select count(*) from sources"))).scalar_one())

    assert run(empty_url, count) == 0


def test_a_read_session_cannot_write(empty_url: str) -> None:
    async def work(database: Database) -> None:
        async with database.read() as session:
            await session.execute(text("insert into sources values ('A')"))

    with pytest.raises(Exception, match="read-only"):
        run(empty_url, work)


def test_writers_wait_for_each_other_and_readers_of_history_for_them(empty_url: str) -> None:
    """What is known at an instant is settled by then: no writer before it is still under way."""
    from geo_registry.db.engine import lock_for_reading, lock_for_writing

    order: list[str] = []

    async def work(database: Database) -> None:
        began = asyncio.Event()

        async def write() -> None:
            async with database.write() as session:
                at = await lock_for_writing(session)
                began.set()
                await asyncio.sleep(0.3)
                order.append(f"write {at.isoformat()}")

        async def read() -> None:
            await began.wait()
            async with database.read() as session:
                at = await lock_for_reading(session)
                order.append(f"read {at.isoformat()}")

        await asyncio.gather(write(), read())

    run(empty_url, work)
    assert [entry.split()[0] for entry in order] == ["write", "read"]
    assert order[0].split()[1] < order[1].split()[1]
