"""Readings of foreign systems against PROJ's own cs2cs and projinfo, which Debian packages apart from the wheel's."""

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray
from pyproj import Geod
from pyproj.database import CRSInfo, query_crs_info
from pyproj.enums import PJType

from geo_registry.errors import NoTransformation, OutsideCrs
from geo_registry.geo.crs import to_lonlat
from geo_registry.geo.reading.numbers import read_numbers
from tests.peers import engines

GEOD = Geod(ellps="WGS84")
JILIN = (121.6, 40.8, 131.4, 46.4)
MILLIMETRE = 1e-3
PAST_THE_EDGE = 3.0  # degrees beyond a system's area in which a surveyor's pair is still read (docs/crs.md)


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone by its EPSG code: middle longitude, half its width, and which axis its authority writes first."""

    code: int
    middle: float
    half: float
    base: str
    north_first: bool

    def reads(self, lon: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Tell at which longitudes the product promises to read the zone."""
        return np.asarray(np.abs(lon - self.middle) <= self.half + PAST_THE_EDGE)


def _zones() -> list[Zone]:
    three = [(4528 + i, 120.0 + 3 * i) for i in range(5)] + [(4549 + i, 120.0 + 3 * i) for i in range(5)]
    six = [(4499, 123.0), (4500, 129.0), (4510, 123.0), (4511, 129.0)]
    utm = [(32651, 123.0), (32652, 129.0)]
    return [
        *(Zone(code, middle, 1.5, "EPSG:4490", True) for code, middle in three),
        *(Zone(code, middle, 3.0, "EPSG:4490", True) for code, middle in six),
        *(Zone(code, middle, 3.0, "EPSG:4326", False) for code, middle in utm),
    ]


ZONES = _zones()
NAMES = [f"EPSG:{zone.code}" for zone in ZONES]


def grid() -> engines.Pairs:
    """Return latitude, longitude over Jilin and its surroundings; no point on the edge of what a zone reads."""
    lat, lon = np.meshgrid(np.linspace(40.0, 47.0, 17), np.arange(121.05, 132.0, 0.5))
    return np.column_stack([lat.ravel(), lon.ravel()])


def apart_m(a: engines.Pairs, b: engines.Pairs) -> NDArray[np.float64]:
    """Return the distances between positions given as latitude, longitude."""
    return np.asarray(GEOD.inv(a[:, 1], a[:, 0], b[:, 1], b[:, 0])[2])


def published(source: str, target: str, pairs: engines.Pairs, digits: int) -> engines.Pairs:
    made = engines.cs2cs(source, target, pairs, digits=digits)
    assert made is not None
    return made


@pytest.mark.parametrize("zone", ZONES, ids=NAMES)
def test_a_zone_is_read_as_cs2cs_reads_it(zone: Zone) -> None:
    """Numbers printed by cs2cs come back to the same place by both, or are refused as of a wrong zone."""
    name, at = f"EPSG:{zone.code}", grid()
    written = published(zone.base, name, at, 9)
    theirs = published(name, zone.base, written, 13)
    inside = zone.reads(at[:, 1])
    assert inside.sum() >= 100
    east, north = (1, 0) if zone.north_first else (0, 1)
    ours = []
    for pair, read in zip(written.tolist(), inside, strict=True):
        if not read:
            with pytest.raises(OutsideCrs):
                to_lonlat(x=pair[east], y=pair[north], crs=name)
            continue
        got = to_lonlat(x=pair[east], y=pair[north], crs=name)
        assert got.operation_accuracy_m == 0.0
        ours.append((got.position.lat, got.position.lon))
    assert apart_m(np.array(ours), theirs[inside]).max() < MILLIMETRE
    assert apart_m(np.array(ours), at[inside]).max() < MILLIMETRE


@pytest.mark.parametrize("zone", ZONES, ids=NAMES)
def test_either_order_of_a_pair_is_read_as_cs2cs_reads_it(zone: Zone) -> None:
    """As the authority writes it, and the other way round: one place, the one cs2cs finds."""
    name = f"EPSG:{zone.code}"
    at = grid()[zone.reads(grid()[:, 1])][::7]
    written = published(zone.base, name, at, 9)
    for x, y in (written.T, written.T[::-1]):
        read = [read_numbers(x=float(a), y=float(b), crs=name) for a, b in zip(x, y, strict=True)]
        got = np.array([(r.lat, r.lon) for r in read], dtype=np.float64)
        assert apart_m(got, at).max() < MILLIMETRE


def _over_jilin(*names: str) -> list[CRSInfo]:
    """Return the projected systems of some families whose area has a part in Jilin."""
    west, south, east, north = JILIN
    return [
        crs
        for crs in query_crs_info(auth_name="EPSG", pj_types=PJType.PROJECTED_CRS)
        if crs.name.startswith(names)
        and (area := crs.area_of_use) is not None
        and (area.west < east and area.east > west and area.south < north and area.north > south)
    ]


def test_every_zone_over_jilin_is_compared() -> None:
    over = {int(crs.code) for crs in _over_jilin("CGCS2000 / ", "WGS 84 / UTM zone")}
    assert over | {4528, 4549} == {zone.code for zone in ZONES}  # zone 40 ends just west of the province


@dataclass(frozen=True, slots=True)
class OldSystem:
    """An older Chinese system over Jilin: its code, its degrees' code, and a longitude in its area."""

    code: int
    base: int
    lon: float


def _old_systems() -> list[OldSystem]:
    bases = {"Beijing 1954": 4214, "New Beijing": 4555, "Xian 1980": 4610}
    found = [OldSystem(base, base, 125.3) for base in bases.values()]
    for crs in _over_jilin(*(f"{name} / " for name in bases)):
        assert crs.area_of_use is not None
        middle = (crs.area_of_use.west + crs.area_of_use.east) / 2
        found.append(OldSystem(int(crs.code), bases[crs.name.split(" / ")[0]], middle))
    return sorted(found, key=lambda old: old.code)


OLD = _old_systems()


@pytest.mark.parametrize("old", [pytest.param(old, id=f"EPSG:{old.code}") for old in OLD])
def test_an_old_system_without_an_operation_for_jilin_is_refused(old: OldSystem) -> None:
    """Xi'an 80 and Beijing 54: for Jilin projinfo lists a ballpark and nothing else, so nothing may be read."""
    name = f"EPSG:{old.code}"
    assert engines.published_operations(name, JILIN) == []
    x, y = old.lon, 43.9
    if old.code != old.base:
        y, x = published(f"EPSG:{old.base}", name, np.array([[43.9, old.lon]]), 3)[0].tolist()
        assert 4.8e6 < y < 4.9e6
    with pytest.raises(NoTransformation):
        to_lonlat(x=x, y=y, crs=name)


def test_projinfo_does_list_operations_where_there_are_some() -> None:
    """The check above can fail: for the Tarim basin the same question has an answer."""
    assert engines.published_operations("EPSG:4214", (78.0, 38.0, 87.0, 41.0))
    assert engines.published_operations("EPSG:4258", (0.0, 45.0, 10.0, 50.0))
