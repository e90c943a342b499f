"""Points by the thousand are answered as each would be alone."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray

from geo_registry.geo.reading.numbers import read_numbers
from geo_registry.routing.many import PointDecider, Stated, with_distance
from geo_registry.routing.model import Decision, Place, Question
from geo_registry.routing.row import AnswerRow, row_of
from geo_registry.routing.rules import decide
from geo_registry.routing.snapshot import Snapshot
from geo_registry.terms import CaseKind, Level, Territory
from tests.exactness import TEN, adversarial_points, random_points, source_polygons
from tests.unit import toy

DAY = date(2026, 11, 23)
STATED = (
    Stated(DAY),
    Stated(DAY, datum_known=True),
    Stated(DAY, kind=CaseKind.CRIMINAL, territory=Territory.FOREST),
    Stated(DAY, kind=CaseKind.ADMINISTRATIVE, territory=Territory.ORDINARY, datum_known=True),
    Stated(DAY, kind=CaseKind.DAMAGES),
    Stated(DAY, kind=CaseKind.PUBLIC_INTEREST),
    Stated(DAY, level=Level.INTERMEDIATE),
    Stated(date(2020, 1, 1)),
)


def alone(snapshot: Snapshot, s: Stated, lon: float, lat: float, accuracy_m: float) -> Decision:
    reading = read_numbers(x=lon, y=lat, accuracy_m=accuracy_m, datum_known=s.datum_known)
    return decide(Question((Place((reading,)),), s.kind, s.level, s.territory, s.on), snapshot)


def hard_points(n: int, seed: int) -> NDArray[np.float64]:
    """Return points all over, on lines, beside them to the last bit, and up to a kilometre off."""
    rng = np.random.default_rng(seed)
    polygons = source_polygons()
    on_lines = adversarial_points([polygons[a] for a in TEN], every=200, seed=seed)
    on_lines = on_lines[rng.permutation(len(on_lines))][:n]
    return np.concatenate(
        [random_points(n, seed=seed), on_lines, on_lines + rng.normal(0, 0.005, on_lines.shape)]
    )


def compare(
    snapshot: Snapshot, s: Stated, points: NDArray[np.float64], accuracy: NDArray[np.float64]
) -> set[str]:
    decider = PointDecider(snapshot, s)
    lons, lats = points[:, 0].copy(), points[:, 1].copy()
    decided = decider.decide(lons, lats, accuracy)
    outcomes = decider.outcomes(lons, lats, accuracy)
    seen = set()
    for i, (lon, lat) in enumerate(points.tolist()):
        own = row_of(alone(snapshot, s, lon, lat, float(accuracy[i])), snapshot)
        assert row_of(decided.of(i), snapshot) == own
        number, metres, _ = decider.one(lon, lat, float(accuracy[i]))
        assert row_of(with_distance(decider.decisions[number], metres), snapshot) == own
        short = row_of(decider.decisions[outcomes[i]], snapshot)
        for name in ("outcome", "court", "candidates", "designation", "confidence", "county_adcode"):
            assert getattr(short, name) == getattr(own, name)
        seen.add(own.outcome)
    assert len(decider.decisions) < len(points)
    return seen


@pytest.mark.parametrize(
    "stated", STATED, ids=lambda s: f"{s.on}-{s.kind}-{s.level}-{s.territory}-{s.datum_known}"
)
def test_rows_equal_those_of_points_asked_alone(snapshot: Snapshot, stated: Stated) -> None:
    points = hard_points(150, seed=STATED.index(stated))
    compare(snapshot, stated, points, np.full(len(points), 10.0))


def test_every_accuracy(snapshot: Snapshot) -> None:
    points = hard_points(200, seed=20)
    accuracy = np.random.default_rng(21).choice([0.0, 0.5, 5.0, 25.0, 300.0, 5_000.0], len(points))
    assert compare(snapshot, STATED[0], points, accuracy) >= {
        "clear",
        "near_boundary",
        "outside",
        "unresolved",
        "needs_fact",
    }


@pytest.mark.parametrize("code", ["f1", "f2"])
def test_drawn_districts_and_their_lines(code: str) -> None:
    """In a made-up province with a forest district drawn across two counties."""
    box = shapely.box(toy.WEST + 0.18, toy.SOUTH + 0.02, toy.WEST + 0.42, toy.SOUTH + 0.08)
    held = toy.snapshot(districts=toy.with_polygon(code, shapely.MultiPolygon([box])))
    rng = np.random.default_rng(40)
    corners = shapely.get_coordinates([box, *(toy.square(i) for i in range(6))])
    on = corners[rng.integers(0, len(corners), 200)]
    points = np.concatenate(
        [
            rng.uniform((toy.WEST - 0.01, toy.SOUTH - 0.01), (toy.WEST + 0.61, toy.SOUTH + 0.11), (300, 2)),
            on,
            np.column_stack([on[:, 0], rng.uniform(toy.SOUTH, toy.SOUTH + 0.1, 200)]),
            on + rng.normal(0, 1e-4, on.shape),
        ]
    )
    for stated in (Stated(toy.DAY), Stated(toy.DAY, territory=Territory.ORDINARY, datum_known=True)):
        compare(held, stated, points, np.full(len(points), 10.0))


def test_classes_keep_their_numbers(snapshot: Snapshot) -> None:
    decider = PointDecider(snapshot, STATED[0])
    points = random_points(3_000, seed=30)
    lons, lats, ten = points[:, 0].copy(), points[:, 1].copy(), np.full(3_000, 10.0)
    first = decider.decide(lons, lats, ten)
    known = len(decider.decisions)
    again = decider.decide(lons[::-1].copy(), lats[::-1].copy(), ten)
    assert (again.number[::-1] == first.number).all()
    assert len(decider.decisions) == known


def test_threads_that_share_a_decider_answer_as_one(snapshot: Snapshot) -> None:
    """Classes, faces and codes are made by several threads at once, all of them on hard points."""
    points = hard_points(250, seed=50)
    lons, lats, ten = points[:, 0].copy(), points[:, 1].copy(), np.full(len(points), 10.0)
    alone_, shared = (PointDecider(snapshot, STATED[0]) for _ in range(2))
    expected = alone_.decide(lons, lats, ten)
    parts = np.array_split(np.random.default_rng(51).permutation(len(points)), 8)

    def work(part: NDArray[np.intp]) -> list[tuple[int, AnswerRow]]:
        made = shared.decide(lons[part], lats[part], ten[part])
        return [(int(i), row_of(made.of(k), snapshot)) for k, i in enumerate(part)]

    with ThreadPoolExecutor(8) as pool:
        for i, row in (found for rows in pool.map(work, parts) for found in rows):
            assert row == row_of(expected.of(i), snapshot)
