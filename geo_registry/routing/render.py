"""Decision to answer: every code becomes the thing it names, every figure is rounded once."""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from geo_registry.geo.reading.model import Reading
from geo_registry.records import Court
from geo_registry.routing import answer as out
from geo_registry.routing import explain, notices
from geo_registry.routing.model import (
    BasinHit,
    Boundary,
    Candidate,
    Decision,
    OpenQuestion,
    Share,
    Step,
    Understood,
)
from geo_registry.routing.snapshot import Snapshot
from geo_registry.zones.model import Designation, ZoneVersion

SHANGHAI = ZoneInfo("Asia/Shanghai")


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
    nearby = snapshot.site_index.near(decision.places[0].reading, [adcode for adcode, _ in decision.counties])
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
        basins=render_basins(decision.basins, snapshot),
        boundary=_boundary(decision.boundary, snapshot) if decision.boundary else None,
        reading=readings[0],
        readings=readings,
        nearby=nearby,
        explanation=explain.explain(decision, snapshot),
        rules=tuple(out.RuleRef(r.key, r.provision, r.gist, r.affected_from) for r in decision.rules),
        trace=tuple(render_step(s) for s in decision.trace),
        warnings=render_warnings(decision, sample=has_sample(nearby), ahead=is_ahead(question.on, asked_at)),
        data_version=snapshot.data_version,
        engine=engine,
        asked_at=asked_at,
    ).sealed()


def render_basins(hits: Sequence[BasinHit], snapshot: Snapshot) -> tuple[out.BasinRef, ...]:
    """Return the basins of a place as an answer names them."""
    return tuple(_basin(hit, snapshot) for hit in hits)


def render_step(step: Step) -> out.StepRef:
    """Return a step of the trace."""
    return out.StepRef(step.step, step.result, step.text.zh, step.text.en)


def render_warnings(decision: Decision, *, sample: bool, ahead: bool) -> tuple[out.Warning, ...]:
    """Return the warnings of an answer: the decision's, and of sample data nearby and of a day that lies ahead."""
    told = [*decision.notices]
    if sample:
        told.append(notices.SAMPLE_DATA)
    if ahead:
        told.append(notices.FUTURE_DAY)
    return tuple(out.Warning(n.code, n.text.zh, n.text.en) for n in dict.fromkeys(told))


def has_sample(nearby: out.Nearby) -> bool:
    """Tell whether sample data is among the places nearby."""
    return any(site.sample for site in (*nearby.service_points, *nearby.restoration_bases))


def is_ahead(on: date, asked_at: datetime) -> bool:
    """Tell whether a day had not come yet, in the province, when it was asked about."""
    return on > asked_at.astimezone(SHANGHAI).date()


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


def _basin(hit: BasinHit, snapshot: Snapshot) -> out.BasinRef:
    basin = snapshot.basin_index.basins[hit.code]
    return out.BasinRef(hit.code, basin.name.zh, basin.level1, hit.near_divide, hit.near_level1_divide)


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
