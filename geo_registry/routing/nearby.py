"""What the registers hold near a place."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence

from geo_registry.geo.measure import distance_m
from geo_registry.geo.reading.model import Reading
from geo_registry.records import AdminUnit, Site
from geo_registry.routing.answer import Nearby, NearbySite
from geo_registry.terms import Precision

SERVICE_KINDS = frozenset({"black_soil_service_point", "circuit_trial_point"})
BASE_KINDS = frozenset({"restoration_base", "carbon_sink_forest", "park_base"})
_MOST = 3
_FARTHEST_M = 50_000.0
_REACH_DEGREES = 0.46  # of latitude: 50 km is 0.453 degrees where the ellipsoid bends most, at the equator


class SiteIndex:
    """The sites of the registers, those with a position apart from those known to their county only."""

    def __init__(self, sites: Iterable[Site], units: Mapping[str, AdminUnit]) -> None:
        self._sites = tuple(s for s in sites if s.kind in SERVICE_KINDS | BASE_KINDS)
        placed = [(s.lat, s.lon, s) for s in self._sites if s.lat is not None and s.lon is not None]
        self._placed = sorted(placed, key=lambda p: p[0])
        self._lats = [lat for lat, _, _ in self._placed]
        self._unplaced = [s for s in self._sites if s.lon is None or s.lat is None]
        self._units = units

    def near(self, place: Reading, adcodes: Sequence[str]) -> Nearby:
        """Return the nearest sites by register; where site or place is known to the county only, those in it."""
        at = place.geometry.representative_point() if place.geometry is not None else None
        if at is None:
            return self._nearest(self._in(self._sites, adcodes))
        return self.near_point(lon=float(at.x), lat=float(at.y), adcodes=adcodes)

    def near_point(self, *, lon: float, lat: float, adcodes: Sequence[str]) -> Nearby:
        """Return the same for a position in degrees that lies in the counties given."""
        found = self._in(self._unplaced, adcodes)
        for site_lat, site_lon, site in self._within_reach(lon, lat):
            metres = distance_m(lon_a=lon, lat_a=lat, lon_b=site_lon, lat_b=site_lat)
            if metres <= _FARTHEST_M:
                found.append(self._site(site, metres))
        return self._nearest(found)

    def _within_reach(self, lon: float, lat: float) -> Iterator[tuple[float, float, Site]]:
        """Yield the sites in a box that holds every one near enough, so that few are measured to."""
        widest = abs(lat) + _REACH_DEGREES
        east = _REACH_DEGREES / math.cos(math.radians(widest)) if widest < 89 else 360.0
        first = bisect_left(self._lats, lat - _REACH_DEGREES)
        for placed in self._placed[first : bisect_right(self._lats, lat + _REACH_DEGREES)]:
            if abs((placed[1] - lon + 180.0) % 360.0 - 180.0) <= east:
                yield placed

    def _in(self, sites: Sequence[Site], adcodes: Sequence[str]) -> list[NearbySite]:
        return [self._site(site, None) for site in sites if site.adcode in adcodes]

    def _site(self, site: Site, metres: float | None) -> NearbySite:
        unit = self._units.get(site.adcode or "")
        rounded = None if metres is None else round(metres, 1 if site.precision is Precision.POINT else -3)
        return NearbySite(
            site.id,
            site.kind,
            site.name,
            unit.name if unit else None,
            site.precision,
            rounded,
            site.status,
            site.sample,
        )

    @staticmethod
    def _nearest(found: list[NearbySite]) -> Nearby:
        found.sort(key=lambda n: (n.distance_m is None, n.distance_m or 0.0, n.id))
        service = [n for n in found if n.kind in SERVICE_KINDS][:_MOST]
        bases = [n for n in found if n.kind in BASE_KINDS][:_MOST]
        return Nearby(tuple(service), tuple(bases))
