"""The registry in Python: the same object as on every other door."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import make_url

from geo_registry import Registry
from geo_registry.db.engine import Database
from geo_registry.errors import InvalidInput, LatitudeOutOfRange
from geo_registry.routing.answer import Answer
from tests.places import NONGAN, YINGAN
from tests.replica import within
from tests.support import DAY, Bench, change_samples, run


def opened(url: str) -> Registry:
    return Registry(Database(url, timeout_s=15))


def test_three_lines(loaded_url: str) -> None:
    with opened(loaded_url) as registry:
        answer = registry.route(NONGAN, on=DAY)
        text = registry.route(f"{NONGAN[0]},{NONGAN[1]}", accuracy_m=10, on=DAY.isoformat())
        shape = registry.route({"type": "Point", "coordinates": list(NONGAN)}, on=DAY)
    for each in (answer, text, shape):
        assert isinstance(each, Answer)
        assert (each.outcome, each.court.name if each.court else None) == ("clear", "长春铁路运输法院")
    assert json.loads(answer.to_json())["court"]["seat"] == {"adcode": "220103", "name": "宽城区"}


def test_threads_share_one_registry(loaded_url: str) -> None:
    with opened(loaded_url) as registry, ThreadPoolExecutor(8) as pool:
        digests = set(pool.map(lambda _: registry.route(YINGAN, on=DAY).digest, range(40)))
    assert len(digests) == 1


def test_recording_and_closing_twice(fresh_url: str) -> None:
    registry = opened(fresh_url)
    recorded = registry.route(YINGAN, on=DAY, record=True)
    assert recorded.id
    registry.close()
    registry.close()


def test_bad_input_is_a_value_error(loaded_url: str) -> None:
    with opened(loaded_url) as registry:
        with pytest.raises(LatitudeOutOfRange) as caught:
            registry.route((44.4, 125.1))
        assert isinstance(caught.value, InvalidInput)
        assert isinstance(caught.value, ValueError)
        with pytest.raises(InvalidInput):
            registry.route()


def test_with_a_watch_answers_follow_changes_and_closing_ends_it(fresh_url: str, bench: Bench) -> None:
    database = Database(fresh_url, timeout_s=15)
    with Registry(database, watch=True) as watching:
        assert watching.route("125.2,44.45").outcome == "clear"
        within(60, lambda: watching._snapshots.held(DAY) is not None)
        run(fresh_url, change_samples)
        answer = watching.route("125.2,44.45")
        assert "sample-data" in {warning.code for warning in answer.warnings}
    within(60, lambda: connections(bench, fresh_url) == "0")


def connections(bench: Bench, url: str) -> str:
    return bench.cluster.run_sql(
        "select count(*) from pg_stat_activity where application_name = 'geo-registry watch' "
        f"and datname = '{make_url(url).database}'"
    )
