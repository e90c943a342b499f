"""The measurements themselves: what is compared is comparable, and the page says what was measured."""

import time
from typing import Any

import numpy as np
import pytest
import shapely

from bench.coverages import Coverage, china, counties, synthetic
from bench.locators import GeoPandas, Loop, Ours
from bench.points import NOWHERE, adversarial, clustered, expected, lowest, uniform
from bench.report import PAGE, SECTIONS, filled
from bench.rounds import interleaved
from geo_registry.routing.cells import CellIndex

MACHINE = {
    "cpu": "A",
    "cores": 2,
    "memory_gb": 4,
    "system": "B",
    "python": "3",
    "busy_percent": 1,
    "day": "2026-01-01",
}


@pytest.fixture(scope="module")
def coverage() -> Coverage:
    return synthetic(90)


def test_a_synthetic_coverage_fills_its_box_with_wiggly_lines(coverage: Coverage) -> None:
    assert len(coverage.polygons) == 90
    assert shapely.coverage_is_valid(coverage.polygons)
    assert shapely.area(coverage.polygons).sum() == pytest.approx(shapely.box(*coverage.box).area, rel=0.01)
    assert coverage.vertices == pytest.approx(counties().vertices * (90 / 60) ** 0.5, rel=0.15)


def test_china_s_counties_are_the_finest_units_of_the_package() -> None:
    coverage = china()
    assert len(coverage.polygons) == 2875
    assert shapely.is_valid(coverage.polygons).all()


def test_the_lowest_of_several_polygons_is_the_answer() -> None:
    ids, numbers = np.array([3, 1, 3, 3, 0]), np.array([7, 2, 4, 9, 0])
    assert lowest(ids, numbers, 5).tolist() == [0, 2, NOWHERE, 4, NOWHERE]


def test_ours_and_the_loop_are_right_on_every_kind_of_point(coverage: Coverage) -> None:
    index = CellIndex(coverage.polygons)
    tricky = adversarial(coverage, most=40_000)
    for columns in (uniform(coverage, 5_000), clustered(coverage, 5_000), tricky):
        right = expected(coverage.polygons, *columns)
        for locator in (Ours(index, threads=1), Ours(index, threads=2), Loop(coverage.polygons)):
            assert np.array_equal(locator.locate(*columns), right), locator.name
    lost = GeoPandas(coverage.polygons).locate(*tricky) != expected(coverage.polygons, *tricky)
    assert np.count_nonzero(lost) > 4_000, (
        "corners lie on edges, which `within` loses: the points are not hard"
    )


def test_competitors_take_turns_and_a_slow_one_is_called_once() -> None:
    calls: list[str] = []

    def call(name: str, seconds: float) -> None:
        calls.append(name)
        time.sleep(seconds)

    made = {"a": lambda: call("a", 0.26), "b": lambda: call("b", 0.52), "slow": lambda: call("slow", 0.8)}
    timings = interleaved(made, rounds=3, longest_s=0.7)
    assert calls == ["a", "b", "slow", *["a", "b"] * 3]
    assert timings["a"].ratio == 1.0
    assert timings["b"].ratio == pytest.approx(2.0, rel=0.3)
    assert timings["slow"].once
    assert not timings["b"].once


def test_the_page_has_a_place_for_every_table_and_keeps_what_was_not_measured() -> None:
    page = PAGE.read_text(encoding="utf-8")
    row = {"per_second": 3000.0, "least": 2900.0, "most": 3100.0, "p50_ms": 1.0, "p99_ms": 6.0, "failed": 0}
    runs: list[dict[str, Any]] = [
        {"name": "ours", "title": "Ours", "ratio": 1.0, **row},
        {"name": "court-app", "title": "App", "ratio": 3.5, **row},
        {"name": "represent", "title": "Represent", "ratio": 9.0, **row},
    ]
    result = {"machine": MACHINE, "connections": 32, "rounds": 5, "seconds": 5, "runs": runs}
    made = filled(page, {"http": result})
    assert "| App | 3,000 (2,900–3,100) | 3.5 | 1.0 | 6.0 | 0 |" in made
    assert "| `GET /route`: × FastAPI with one PostGIS query | ≥ 3 | 3.5 | yes |" in made
    assert "| `GET /route`: × represent-boundaries | ≥ 10 | 9.0 | **no** |" in made
    assert "| `GET /route`: p99 in p50 | ≤ 5 | 6.0 | **no** |" in made
    assert filled(made, {"http": result}) == made
    for name in [*SECTIONS, "targets"]:
        assert page.count(f"<!-- bench:{name} -->") == page.count(f"<!-- /bench:{name} -->") == 1
    between = page.split("<!-- bench:growth -->")[1].split("<!-- /bench:growth -->")[0]
    assert between in made


def test_whole_files_are_judged_and_the_crossover_stated() -> None:
    def way(file_s: float, ratio: float) -> dict[str, float]:
        return {"command_s": file_s + 2, "file_s": file_s, "largest_mb": 640.0, "ratio": ratio}

    measured: dict[str, Any] = {"rows": 1_000_000, "pandas_s": 2.0, "same": True}
    measured |= {"one": way(13.0, 6.5), "two": way(8.0, 4.0), "dask": way(14.0, 7.0)}
    result = {"python": "3", "measured": [measured], "crossover_two": 1_000_000, "crossover_dask": None}
    made = filled(PAGE.read_text(encoding="utf-8"), {"files": result})
    row = "| 1,000,000 | 2.00 | 13.0 (6.5), 640 MB | 8.0 (4.0), 640 MB | 14.0 (7.0), 640 MB | yes |"
    assert row in made
    assert "quicker with two processes than with one process from 1,000,000 rows on." in made
    assert "quicker with Dask, two workers than with one process at no size measured." in made
    assert "| 1,000,000 rows, one process: × pandas reading and writing | ≤ 6 | 6.5 | **no** |" in made
    assert "| 1,000,000 rows: MB of the largest process | ≤ 1000 | 640.0 | yes |" in made


def test_locator_results_are_judged_by_kind_of_point() -> None:
    def run(kind: str, loop: float) -> dict[str, Any]:
        each = {"median_ms": 5.0, "least_ms": 4.0, "most_ms": 6.0, "once": False}
        ratios = {"ours-2": 1.0, "loop": loop, "sedonadb-tg": 41.0, "geopandas": 99.0}
        methods = [{"name": name, "title": name, "ratio": ratio, **each} for name, ratio in ratios.items()]
        about = {"polygons": 60, "vertices": 9, "index_s": 0.5, "index_mb": 9.0, "rounds": 7}
        return {"kind": kind, "points": 1_000_000, "methods": methods, **about}

    wrong = [
        {
            "kind": "adversarial",
            "points": 8,
            "wrong": {"ours-2": 1, "loop": 0, "sedonadb-tg": 3, "geopandas": 4},
        }
    ]
    result = {"machine": MACHINE, "runs": [run("uniform", 19.0), run("clustered", 10.0)], "wrong": wrong}
    made = filled(PAGE.read_text(encoding="utf-8"), {"locator": result})
    assert "| loop | 5.0 (4.0–6.0) | 19 | 5.0 (4.0–6.0) | 10 | 0 |" in made
    assert "| 1,000,000 uniform points: × loop | ≥ 20 | 19.0 | **no** |" in made
    assert "| 1,000,000 clustered points: × loop | ≥ 10 | 10.0 | yes |" in made
    assert "| 8 adversarial points: wrong | 0 | 1.0 | **no** |" in made
