"""Decision to answer: every code becomes the thing it names, every figure is rounded once."""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from shapely import Point

from geo_registry.geo.measure import distance_m
from geo_registry.geo.reading.model import Reading
from geo_registry.records import Court, Site
from geo_registry.routing import answer as out
from geo_registry.routing import explain, notices
from geo_registry.routing.model import Boundary, Candidate, Decision, OpenQuestion, Share, Understood
from geo_registry.routing.snapshot import Snapshot
from geo_registry.terms import Precision
from geo_registry.zones.model import Designation, ZoneVersion

SERVICE_KINDS = frozenset({"black_soil_service_point", "circuit_trial_point"})
BASE_KINDS = frozenset({"restoration_base", "carbon_sink_forest", "park_base"})
SHANGHAI = ZoneInfo("Asia/Shanghai")
_NEARBY_MOST = 3
_NEARBY_M = 50_000.0


def render(
    decision: Decision,
    snapshot: Snapshot,
    *,
    places: Sequence[Mapping[str, Any]],
    asked_at: datetime,
    engine: str,
    id: str | None = None,
) -> out.Answer:
    """Return the public answer to a decision, sealed with its digest.

    Parameters
    ----------
    places
        The places as they were asked, one per reading, fit to be asked again.
    engine
        Name and version of the software that decided.
    """
    question = decision.question
    counties = tuple(_county(adcode, share, snapshot) for adcode, share in decision.counties)
    nearby = _nearby(decision.places[0].reading, counties, snapshot)
    sample = any(site.sample for site in (*nearby.service_points, *nearby.restoration_bases))
    told = (*decision.notices, *((notices.SAMPLE_DATA,) if sample else ()))
    if question.on > asked_at.astimezone(SHANGHAI).date():
        told = (*told, notices.FUTURE_DAY)
    readings = tuple(_understood(place) for place in decision.places)
    return out.Answer(
        id=id,
        request=out.Request(
            tuple(dict(p) for p in places), question.kind, question.level, question.territory, question.on
        ),
        outcome=decision.outcome,
        question=_question(decision.open_question, snapshot) if decision.open_question else None,
        common_superior=(
            out.SuperiorRef(_court(decision.superior.court, snapshot), decision.superior.status)
            if decision.superior
            else None
        ),
        referral=explain.referral(decision, snapshot),
        court=_court(decision.court, snapshot) if decision.court else None,
        candidates=tuple(_candidate(c, snapshot) for c in decision.candidates),
        designation=_designation(decision.designation, decision, snapshot) if decision.designation else None,
        zone_version=_version(decision.version) if decision.version else None,
        county=counties[0] if counties else None,
        counties=counties,
        basins=tuple(
            _basin(hit.code, hit.near_divide, hit.near_level1_divide, snapshot) for hit in decision.basins
        ),
        boundary=_boundary(decision.boundary, snapshot) if decision.boundary else None,
        reading=readings[0],
        readings=readings,
        nearby=nearby,
        explanation=explain.explain(decision, snapshot),
        rules=tuple(out.RuleRef(r.key, r.provision, r.gist, r.affected_from) for r in decision.rules),
        trace=tuple(out.StepRef(s.step, s.result, s.text.zh, s.text.en) for s in decision.trace),
        warnings=tuple(out.Warning(n.code, n.text.zh, n.text.en) for n in dict.fromkeys(told)),
        data_version=snapshot.data_version,
        engine=engine,
        asked_at=asked_at,
    ).sealed()


def _court(court: Court, snapshot: Snapshot) -> out.CourtRef:
    seat = snapshot.units.get(court.seat_adcode or "")
    assert court.name is not None, "a court without a name is never rendered"
    return out.CourtRef(
        court.code, court.name, court.level, out.Seat(seat.adcode, seat.name) if seat else None
    )


def _candidate(c: Candidate, snapshot: Snapshot) -> out.CandidateRef:
    return out.CandidateRef(
        court=_court(c.court, snapshot) if c.court else None,
        territory=c.territory,
        designation=c.designation.id if c.designation else None,
        status=c.status,
        condition=c.condition,
        counties=c.adcodes,
        share=_share(c.share) if c.share else None,
        grounds=tuple(out.GroundRef(g.role, g.rule, g.provision) for g in c.grounds),
    )


def _share(share: Share) -> out.ShareRef:
    area, length = share.area_m2, share.length_m
    return out.ShareRef(
        share.fraction, None if area is None else round(area, 3), None if length is None else round(length, 3)
    )


def _designation(row: Designation, decision: Decision, snapshot: Snapshot) -> out.DesignationRef:
    assert decision.status is not None
    sources = [snapshot.sources[key] for key in row.sources]
    return out.DesignationRef(
        id=row.id,
        instrument=row.instrument,
        article=row.article,
        confidence=decision.status,
        source=explain.cite(sources),
        sources=tuple(sources),
        gist=row.gist,
    )


def _version(version: ZoneVersion) -> out.VersionRef:
    return out.VersionRef(version.id, version.validity.valid_from, version.validity.valid_to)


def _county(adcode: str, share: float | None, snapshot: Snapshot) -> out.CountyRef:
    unit = snapshot.units[adcode]
    city = snapshot.units.get(unit.parent_adcode or "")
    return out.CountyRef(adcode, unit.name, city.name if city else None, share)


def _basin(code: str, near: bool, near_level1: bool, snapshot: Snapshot) -> out.BasinRef:
    basin = snapshot.basin_index.basins[code]
    return out.BasinRef(code, basin.name.zh, basin.level1, near, near_level1)


def _boundary(boundary: Boundary, snapshot: Snapshot) -> out.BoundaryRef:
    found = {c.court.code: c.court for c in boundary.across if c.court is not None}
    courts = tuple(_court(court, snapshot) for court in found.values())
    single = courts[0] if len({c.key for c in boundary.across}) == 1 and courts else None
    return out.BoundaryRef(round(boundary.distance_m, 1), boundary.kind, single, courts)


def _understood(place: Understood) -> out.ReadingRef:
    others = tuple(_reading(r) for r in place.alternatives)
    return dataclasses.replace(_reading(place.reading), role=place.role, alternatives=others)


def _reading(reading: Reading) -> out.ReadingRef:
    return out.ReadingRef(
        input=reading.input,
        notation=reading.notation,
        datum=reading.datum,
        crs=reading.crs,
        lon=reading.lon,
        lat=reading.lat,
        accuracy_m=reading.accuracy_m,
        precision=reading.precision,
        name=reading.name,
        why=reading.why,
    )


def _question(asked: OpenQuestion, snapshot: Snapshot) -> out.QuestionRef:
    options = []
    for option in asked.options:
        courts = {c.key: c.court for c in option.candidates}
        only = next(iter(courts.values())) if len(courts) == 1 else None
        options.append(
            out.OptionRef(
                value=option.value,
                zh=option.text.zh,
                en=option.text.en,
                court=_court(only, snapshot) if only else None,
                candidates=tuple(_candidate(c, snapshot) for c in option.candidates),
            )
        )
    return out.QuestionRef(asked.code, asked.text.zh, asked.text.en, tuple(options))


def _nearby(place: Reading, counties: Sequence[out.CountyRef], snapshot: Snapshot) -> out.Nearby:
    """Return the nearest sites by register; where site or place is known to the county only, those in it."""
    adcodes = {c.adcode for c in counties}
    at = place.geometry.representative_point() if place.geometry is not None else None
    found = [n for site in snapshot.sites if (n := _near(site, at, adcodes, snapshot)) is not None]
    found.sort(key=lambda n: (n.distance_m is None, n.distance_m or 0.0, n.id))
    service = [n for n in found if n.kind in SERVICE_KINDS][:_NEARBY_MOST]
    bases = [n for n in found if n.kind in BASE_KINDS][:_NEARBY_MOST]
    return out.Nearby(tuple(service), tuple(bases))


def _near(site: Site, at: Point | None, adcodes: set[str], snapshot: Snapshot) -> out.NearbySite | None:
    metres = None
    if at is not None and site.lon is not None and site.lat is not None:
        metres = distance_m(lon_a=float(at.x), lat_a=float(at.y), lon_b=site.lon, lat_b=site.lat)
    if (metres is None and site.adcode not in adcodes) or (metres is not None and metres > _NEARBY_M):
        return None
    unit = snapshot.units.get(site.adcode or "")
    rounded = None if metres is None else round(metres, 1 if site.precision is Precision.POINT else -3)
    return out.NearbySite(
        site.id,
        site.kind,
        site.name,
        unit.name if unit else None,
        site.precision,
        rounded,
        site.status,
        site.sample,
    )
