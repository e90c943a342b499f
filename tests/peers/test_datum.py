"""GCJ-02 and BD-09: there and back, and the forward shift against npm's gcoord and PyPI's eviltransform."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pyproj import Geod

from geo_registry.geo import datum
from geo_registry.geo.reading.numbers import read_numbers
from tests.peers import engines

GEOD = Geod(ellps="WGS84")
Move = Callable[[Any, Any], datum.Pair]
FORWARD: dict[str, Move] = {"GCJ02": datum.gcj02_from_wgs84, "BD09": datum.bd09_from_wgs84}
BACK: dict[str, Move] = {"GCJ02": datum.wgs84_from_gcj02, "BD09": datum.wgs84_from_bd09}
TWO_CENTIMETRES = 0.02


def places() -> engines.Pairs:
    """Return 14,000 positions over Jilin and around it, longitude first: a grid, and as many at random."""
    lon, lat = np.meshgrid(np.linspace(121.0, 132.0, 100), np.linspace(40.0, 47.0, 70))
    random = np.random.default_rng(20220926)
    scattered = random.uniform((121.0, 40.0), (132.0, 47.0), (7000, 2))
    return np.vstack([np.column_stack([lon.ravel(), lat.ravel()]), scattered])


PLACES = places()


def apart_m(a: engines.Pairs, b: engines.Pairs) -> NDArray[np.float64]:
    return np.asarray(GEOD.inv(a[:, 0], a[:, 1], b[:, 0], b[:, 1])[2])


def moved(move: Move, points: engines.Pairs) -> engines.Pairs:
    return np.column_stack(move(points[:, 0], points[:, 1]))


def by_gcoord(points: engines.Pairs, source: str, target: str) -> engines.Pairs:
    made = engines.node("datums.js", {"from": source, "to": target, "points": points.tolist()})
    return np.array(made, dtype=np.float64)


def by_eviltransform(points: engines.Pairs, function: str) -> engines.Pairs:
    """Return what a function of eviltransform, which takes and gives latitude first, makes of positions."""
    move = getattr(engines.package("eviltransform"), function)
    return np.array([move(lat, lon)[::-1] for lon, lat in points.tolist()], dtype=np.float64)


@pytest.mark.parametrize("name", FORWARD)
def test_there_and_back_is_the_same_place_to_a_millimetre(name: str) -> None:
    assert apart_m(moved(BACK[name], moved(FORWARD[name], PLACES)), PLACES).max() < 1e-3
    assert apart_m(moved(FORWARD[name], moved(BACK[name], PLACES)), PLACES).max() < 1e-3


@pytest.mark.parametrize("name", FORWARD)
def test_forward_agrees_with_gcoord(name: str) -> None:
    """It shifts by the same formula on the same ellipsoid: to a millimetre, where two centimetres are asked."""
    ours = moved(FORWARD[name], PLACES)
    assert len(PLACES) >= 10_000
    assert apart_m(ours, by_gcoord(PLACES, "WGS84", name)).max() < 1e-3
    assert apart_m(ours, PLACES).min() > 100.0  # a shift was made on both sides


@pytest.mark.parametrize(("name", "function"), [("GCJ02", "wgs2gcj"), ("BD09", "wgs2bd")])
def test_forward_agrees_with_eviltransform(name: str, function: str) -> None:
    """It shifts on the WGS 84 axis, 6378137 m, instead of Krassowsky's: a centimetre of 600 m."""
    theirs = by_eviltransform(PLACES, function)
    assert apart_m(moved(FORWARD[name], PLACES), theirs).max() < TWO_CENTIMETRES


@pytest.mark.parametrize("name", FORWARD)
def test_the_inverse_undoes_what_gcoord_made(name: str) -> None:
    assert apart_m(moved(BACK[name], by_gcoord(PLACES, "WGS84", name)), PLACES).max() < 1e-3


@pytest.mark.parametrize(("name", "function"), [("GCJ02", "wgs2gcj"), ("BD09", "wgs2bd")])
def test_the_inverse_undoes_what_eviltransform_made(name: str, function: str) -> None:
    theirs = by_eviltransform(PLACES, function)
    assert apart_m(moved(BACK[name], theirs), PLACES).max() < TWO_CENTIMETRES


@pytest.mark.parametrize(("name", "own_error_m"), [("GCJ02", 0.2), ("BD09", 0.5)])
def test_the_inverse_lies_where_gcoord_s_own_does(name: str, own_error_m: float) -> None:
    """gcoord stops at a millionth of a degree, and undoes BD-09 by a formula: it does not close better itself."""
    theirs = by_gcoord(PLACES, name, "WGS84")
    assert apart_m(moved(BACK[name], PLACES), theirs).max() < own_error_m
    assert apart_m(moved(FORWARD[name], theirs), PLACES).max() > 0.05  # what is compared is the looser one


def test_the_inverse_lies_where_eviltransform_s_own_does() -> None:
    """Its exact inverse halves boxes down to a millionth of a degree."""
    theirs = by_eviltransform(PLACES, "gcj2wgs_exact")
    assert apart_m(moved(datum.wgs84_from_gcj02, PLACES), theirs).max() < 0.6


@pytest.mark.parametrize("move", [*FORWARD.values(), *BACK.values()])
def test_one_position_is_moved_as_it_is_among_many(move: Move) -> None:
    some = PLACES[::97]
    alone = np.array([move(lon, lat) for lon, lat in some.tolist()], dtype=np.float64)
    assert apart_m(alone, moved(move, some)).max() < 1e-6
    tall = move(some[:, :1], some[:, 1:])
    assert tall[0].shape == tall[1].shape == (len(some), 1)


@pytest.mark.parametrize("crs", [None, "EPSG:4326", "EPSG:4490", "4490"])
def test_a_position_not_said_to_be_shifted_is_not_moved(crs: str | None) -> None:
    for lon, lat in PLACES[::500].tolist():
        read = read_numbers(x=lon, y=lat, crs=crs)
        assert (read.lon, read.lat) == (lon, lat)


@pytest.mark.parametrize("crs", ["gcj02", "GCJ02", "bd09", "BD09"])
def test_a_position_said_to_be_shifted_is_moved_back(crs: str) -> None:
    shifted = by_gcoord(PLACES[::500], "WGS84", crs.upper())
    read = [read_numbers(x=lon, y=lat, crs=crs) for lon, lat in shifted.tolist()]
    got = np.array([(r.lon, r.lat) for r in read], dtype=np.float64)
    assert apart_m(got, PLACES[::500]).max() < TWO_CENTIMETRES
