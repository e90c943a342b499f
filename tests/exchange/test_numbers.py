"""Many numbers read as one by one: the same ranges, orders, accuracies and positions to the last bit."""

import numpy as np
import pyarrow as pa
import pytest

from geo_registry.errors import InvalidInput
from geo_registry.exchange.answers import shown_metres
from geo_registry.exchange.cells import numbers
from geo_registry.geo.reading.numbers import read_many_numbers, read_numbers

RANDOM = np.random.default_rng(11)
N = 400


def pairs(crs: str | None) -> tuple[np.ndarray, np.ndarray]:
    lon, lat = RANDOM.uniform(121, 132, N), RANDOM.uniform(40, 47, N)
    if crs in ("EPSG:4551", "EPSG:32652", "2436"):
        lon, lat = RANDOM.uniform(300_000, 700_000, N), RANDOM.uniform(4_500_000, 5_100_000, N)
        lon[::3], lat[::3] = lat[::3].copy(), lon[::3].copy()
    lon[5], lat[6], lon[7] = 5e9, np.nan, -np.inf  # no place in degrees nor in metres
    return lon, lat


@pytest.mark.parametrize(
    "crs", [None, "EPSG:4490", "gcj02", "BD09", "EPSG:4551", "EPSG:32652", "2436", "EPSG:4610"]
)
def test_many_as_one_by_one(crs: str | None) -> None:
    x, y = pairs(crs)
    accuracy = np.where(RANDOM.random(N) < 0.3, np.nan, RANDOM.uniform(-10, 500, N))
    try:
        lons, lats, metres, read = read_many_numbers(x, y, crs=crs, accuracy_m=accuracy)
    except InvalidInput as refused:
        with pytest.raises(type(refused)):
            read_numbers(x=126.0, y=43.0, crs=crs)
        return
    for i in np.flatnonzero(read):
        given = None if np.isnan(accuracy[i]) else float(accuracy[i])
        alone = read_numbers(x=float(x[i]), y=float(y[i]), crs=crs, accuracy_m=given)
        assert (alone.lon, alone.lat, alone.accuracy_m) == (lons[i], lats[i], metres[i])
    if crs != "2436":  # several operations lead from Beijing 54: each pair is asked for by itself
        assert read.sum() > N / 3
    assert not read[5:8].any()


def test_cells_of_every_type_as_numbers() -> None:
    cells = ["125.18", " 44 ", "", None, "+1.5", "1e2", "１２５", "nan", "125°", "inf", "1_0"]
    found = numbers("lon", pa.array(cells))
    assert found.values[[0, 1, 4, 5, 6]].tolist() == [125.18, 44.0, 1.5, 100.0, 125.0]
    assert np.flatnonzero(found.blank).tolist() == [2, 3]
    assert sorted(found.faults) == [7, 8, 9]
    typed = numbers("lon", pa.array([1, None, 3]))
    assert (typed.values[0], typed.blank.tolist()) == (1.0, [False, True, False])


def test_metres_are_rounded_as_one_by_one() -> None:
    metres = np.concatenate([RANDOM.uniform(0, 1e6, 20_000), np.arange(0, 500) / 20, [np.nan]])
    shown = shown_metres(metres)
    assert [None if np.isnan(v) else v for v in shown] == [
        None if np.isnan(v) else round(float(v), 1) for v in metres
    ]
