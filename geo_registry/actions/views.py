"""Zones, basins and registers as plain values, the same on the command line and over HTTP."""

from datetime import UTC

from geo_registry.actions.impact_zones import Impact, Verdict
from geo_registry.actions.list_changes import VersionChange
from geo_registry.records import Basin, QuotedCount
from geo_registry.routing.model import BasinHit
from geo_registry.routing.profiles import BasinProfile, RegisterLine
from geo_registry.routing.snapshot import Snapshot
from geo_registry.terms import Territory
from geo_registry.zones.checks import Finding
from geo_registry.zones.difference import Difference
from geo_registry.zones.model import Designation, ZoneVersion


def version_to_dict(version: ZoneVersion) -> dict[str, object]:
    """Return the head of a zone version as plain values."""
    return {
        "id": version.id,
        "state": version.state,
        "title": {"zh": version.title.zh, "en": version.title.en},
        "valid_from": version.validity.valid_from,
        "valid_to": version.validity.valid_to,
    }


def designation_to_dict(d: Designation) -> dict[str, object]:
    """Return a designation as plain values; `kinds` null means every kind."""
    return {
        "id": d.id,
        "territory": d.territory,
        "adcode": d.adcode,
        "district": d.district,
        "court_code": d.court_code,
        "kinds": sorted(d.kinds) if d.kinds else None,
        "instrument": d.instrument,
        "article": d.article,
        "gist": {"zh": d.gist.zh, "en": d.gist.en},
        "status": d.status,
        "sources": list(d.sources),
    }


def finding_to_dict(f: Finding) -> dict[str, object]:
    """Return a finding of the zone checks as plain values."""
    return {
        "code": f.code,
        "zh": f.text.zh,
        "en": f.text.en,
        "area_m2": f.area_m2,
        "lon": f.lon,
        "lat": f.lat,
        "blocks": f.blocks,
        "sliver": f.is_sliver,
    }


def difference_to_dict(d: Difference) -> dict[str, object]:
    """Return a difference between two versions as plain values, with its sentence."""
    return {
        "subject": d.subject,
        "key": d.key,
        "name": d.name,
        "field": d.field,
        "before": d.before,
        "after": d.after,
        "instrument": d.instrument,
        "zh": d.text.zh,
        "en": d.text.en,
    }


def change_to_dict(change: VersionChange) -> dict[str, object]:
    """Return a version of the public log as plain values, with what it changed."""
    return {
        **version_to_dict(change.version),
        "published_at": change.published_at.astimezone(UTC)
        .isoformat(timespec="seconds")
        .replace("+00:00", "Z"),
        "before": change.before,
        "instruments": list(change.instruments),
        "differences": [difference_to_dict(d) for d in change.differences],
    }


def impact_to_dict(impact: Impact) -> dict[str, object]:
    """Return what a version would change as plain values; areas in m², shares of the unit from 0 to 1."""
    return {
        "version": impact.version,
        "law": impact.law,
        "day": impact.day,
        "area_m2": sum(m.area_m2 for m in impact.moved),
        "units": [
            {"adcode": m.adcode, "name": impact.names.get(m.adcode), "adcode_before": m.adcode_before,
             "court_before": m.court_before, "court_after": m.court_after, "area_m2": m.area_m2, "share": m.share,
             "towns": list(impact.towns.get(m.adcode, ()))}
            for m in impact.moved
        ],
        "forest_districts": [
            {"code": d.code, "name": impact.names.get(d.code), "court_before": d.court_before, "court_after": d.court_after}
            for d in impact.districts
        ],
        "sites": [{"id": s.id, "name": s.name, "precision": s.precision} for s in impact.sites],
        "answers_asked": impact.asked,
        "answers_unread": list(impact.unread),
        "answers": [{"id": a.id, "before": _verdict(a.before), "after": _verdict(a.after)} for a in impact.answers],
    }  # fmt: skip


def _verdict(v: Verdict) -> dict[str, object]:
    return {"outcome": v.outcome, "court": v.court, "possible": sorted(code for _, code in v.possible)}


def basin_to_dict(basin: Basin) -> dict[str, object]:
    """Return a basin as plain values, without its polygon."""
    return {
        "code": basin.code,
        "name": {"zh": basin.name.zh, "en": basin.name.en},
        "level1": basin.level1,
        "drains_to": basin.drains_to,
        "area_in_province_km2": basin.area_in_province_km2,
    }


def hit_to_dict(hit: BasinHit, snapshot: Snapshot) -> dict[str, object]:
    """Return the basin of a place as plain values."""
    basin = snapshot.basin_index.basins[hit.code]
    distance = hit.divide_distance_m
    return {
        "code": hit.code,
        "name": basin.name.zh,
        "level1": basin.level1,
        "near_divide": hit.near_divide,
        "near_level1_divide": hit.near_level1_divide,
        "divide_distance_m": None if distance is None else round(distance, 1),
    }


def profile_to_dict(profile: BasinProfile) -> dict[str, object]:
    """Return what lies in a basin as plain values."""
    return {
        **basin_to_dict(profile.basin),
        "upstream": [b.code for b in profile.upstream],
        "downstream": [b.code for b in profile.downstream],
        "courts": [
            {"code": c.court.code if c.court else None, "name": c.court.name if c.court else None,
             "territory": Territory.ORDINARY, "status": c.status, "share": round(c.share, 4),
             "counties": list(c.adcodes), "forest_districts_seated": list(c.forest)}
            for c in profile.courts
        ],
        "sites": [{"id": s.id, "name": s.name, "precision": s.precision, "sample": s.sample} for s in profile.sites],
        "sites_perhaps": [{"id": s.id, "name": s.name, "sample": s.sample} for s in profile.sites_perhaps],
        "agreements": [
            {"id": a.id, "name": a.name, "date": a.date, "parties": list(a.parties), "status": a.status}
            for a in profile.agreements
        ],
    }  # fmt: skip


def register_to_dict(line: RegisterLine) -> dict[str, object]:
    """Return a quoted count beside what is listed, as plain values."""
    count = line.count
    return {
        "register": count.register,
        "holders": list(count.holders),
        "label": {"zh": count.label.zh, "en": count.label.en},
        "listed": line.listed,
        "known_by_place": line.located,
        "proven_among_counted": line.proven,
        "quoted": {
            "value": count.value,
            "as_of": count.as_of,
            "sources": list(count.sources),
            "status": count.status,
        },
    }


def count_to_dict(count: QuotedCount) -> dict[str, object]:
    """Return a quoted figure as plain values; `value` is text, as it was printed."""
    return {
        "id": count.id,
        "label": {"zh": count.label.zh, "en": count.label.en},
        "value": count.value,
        "unit": {"zh": count.unit.zh, "en": count.unit.en},
        "as_of": count.as_of,
        "sources": list(count.sources),
        "status": count.status,
    }
