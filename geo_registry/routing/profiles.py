"""What lies in a basin, and what a register lists beside what was counted. Pure; from a snapshot."""

from collections.abc import Sequence
from dataclasses import dataclass

import shapely
from shapely import Point

from geo_registry.errors import BasinNotFound
from geo_registry.geo.measure import area_m2
from geo_registry.records import Agreement, Basin, Court, QuotedCount, Site
from geo_registry.routing.jurisdiction import Jurisdiction
from geo_registry.routing.snapshot import Snapshot
from geo_registry.terms import Status, Territory, weaker

_LEAST_SHARE = 0.001  # of the basin inside the province; less is the error of the divide


@dataclass(frozen=True, slots=True)
class CourtShare:
    """The part of a basin, inside the province, in counties where a court hears ordinary cases.

    `court` None is unresolved. `forest` names the forest districts whose courts sit in those counties:
    their extent is not public, so that part of the share may be theirs.
    """

    court: Court | None
    share: float
    adcodes: tuple[str, ...]
    status: Status
    forest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BasinProfile:
    """A basin with its neighbours on the water, its courts, its sites and its agreements.

    `sites_perhaps` are known to a county only, and the county reaches into the basin.
    """

    basin: Basin
    upstream: tuple[Basin, ...]
    downstream: tuple[Basin, ...]
    courts: tuple[CourtShare, ...]
    sites: tuple[Site, ...]
    sites_perhaps: tuple[Site, ...]
    agreements: tuple[Agreement, ...]


def find_basin(snapshot: Snapshot, code_or_name: str) -> Basin:
    """Return the basin of a code or a Chinese name.

    Raises
    ------
    BasinNotFound
        There is none.
    """
    for basin in snapshot.basins:
        if code_or_name in (basin.code, basin.name.zh):
            return basin
    raise BasinNotFound(code_or_name=code_or_name)


def profile_basin(snapshot: Snapshot, code: str) -> BasinProfile:
    """Return what lies in a basin; the share of its courts is of the part inside the province."""
    index = snapshot.basin_index
    basin = index.basins[code]
    areas = _county_areas(snapshot, basin)
    total = sum(areas.values()) or 1.0
    shares = {adcode: area / total for adcode, area in areas.items() if area / total >= _LEAST_SHARE}
    anchored = [s for s in snapshot.sites if s.lon is not None and s.lat is not None]
    return BasinProfile(
        basin=basin,
        upstream=tuple(index.basins[c] for c in index.upstream(code)),
        downstream=tuple(index.basins[c] for c in index.downstream(code)),
        courts=_by_court(snapshot, shares),
        sites=tuple(s for s in anchored if shapely.intersects(basin.geometry, Point(s.lon, s.lat))),
        sites_perhaps=tuple(s for s in snapshot.sites if s.lon is None and s.adcode in shares),
        agreements=tuple(a for a in snapshot.agreements if code in a.basin_codes),
    )


def _county_areas(snapshot: Snapshot, basin: Basin) -> dict[str, float]:
    units = snapshot.locator.units
    return {a: area_m2(shapely.intersection(basin.geometry, units[a])) for a in units.meeting(basin.geometry)}


def _by_court(snapshot: Snapshot, shares: dict[str, float]) -> tuple[CourtShare, ...]:
    law = snapshot.jurisdiction
    if law is None:
        return ()
    members: dict[str | None, list[str]] = {}
    for adcode in shares:
        row = law.row(Territory.ORDINARY, adcode)
        court = law.courts.get(row.court_code) if row else None
        members.setdefault(court.code if court is not None and court.name is not None else None, []).append(
            adcode
        )
    found = [_court_share(law, code, adcodes, shares) for code, adcodes in members.items()]
    return tuple(sorted(found, key=lambda c: -c.share))


def _court_share(
    law: Jurisdiction, code: str | None, adcodes: list[str], shares: dict[str, float]
) -> CourtShare:
    court = law.courts.get(code or "")
    rows = [row for a in adcodes if (row := law.row(Territory.ORDINARY, a)) is not None]
    status = weaker(court.membership, *(r.status for r in rows)) if court is not None else Status.UNRESOLVED
    forest = tuple(d.name for d in law.districts.values() if d.seat_adcode in adcodes)
    return CourtShare(court, sum(shares[a] for a in adcodes), tuple(adcodes), status, forest)


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """A quoted count of a register beside what is listed: two different things.

    `located` of the listed are known to a place; `proven` of them are proven to be among those counted.
    """

    count: QuotedCount
    listed: int
    located: int
    proven: int


def compare_registers(snapshot: Snapshot) -> Sequence[RegisterLine]:
    """Return every quoted count of a register, by holder, with what the registry lists of it.

    Sample sites are never counted.
    """
    return [_line(snapshot, count) for count in snapshot.counts if count.register]


def _line(snapshot: Snapshot, count: QuotedCount) -> RegisterLine:
    listed = [
        s
        for s in snapshot.sites
        if s.kind == count.register and set(s.holders) & set(count.holders) and not s.sample
    ]
    return RegisterLine(
        count=count,
        listed=len(listed),
        located=sum(1 for s in listed if s.adcode is not None),
        proven=sum(1 for s in listed if s.among_counted == "confirmed"),
    )
