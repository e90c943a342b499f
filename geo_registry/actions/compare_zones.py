"""Compare a version with another: by default with the one it was drafted from, or the law of its first day."""

from dataclasses import dataclass

from geo_registry.db.engine import AsyncReadSession, Database
from geo_registry.db.queries.zones import (
    get_version,
    list_edits,
    list_versions,
    read_content,
    read_nouns,
)
from geo_registry.errors import NoBase
from geo_registry.routing.amendments import Nouns, amended
from geo_registry.zones.difference import Difference, Names, compare_contents
from geo_registry.zones.draft import AMENDABLE, Noun
from geo_registry.zones.model import ZoneVersion


@dataclass(frozen=True, slots=True)
class Comparison:
    """A version, the one it is held against, and what differs."""

    before: ZoneVersion
    after: ZoneVersion
    differences: tuple[Difference, ...]


async def compare_zones(database: Database, version: str, *, base: str | None = None) -> Comparison:
    """Return what a version says otherwise than its base.

    Raises
    ------
    ZoneVersionNotFound
        There is none of that id.
    NoBase
        It was drafted from none, and nothing is the law before it: there is nothing to compare with.
    """
    async with database.read() as session:
        return await compare_in(session, version, base=base)


async def compare_in(session: AsyncReadSession, version: str, *, base: str | None = None) -> Comparison:
    """Compare within a transaction, as `compare_zones` does."""
    after = await get_version(session, version)
    before = await get_version(session, base) if base is not None else await _base_of(session, after)
    contents = [await read_content(session, v.id) for v in (before, after)]
    held = await read_nouns(session)
    sides = [amended(held, c.amendments) for c in contents]
    keys = {(a.noun, a.key) for c in contents for a in c.amendments}
    found = compare_contents(
        *contents,
        names=_names(sides),
        ground={at: _fields_of(held, at) for at in keys},
        shapes={at: getattr(held.get(*at), "geometry", None) for at in keys},
    )
    return Comparison(before, after, tuple(found))


async def _base_of(session: AsyncReadSession, version: ZoneVersion) -> ZoneVersion:
    """Return the version one was drafted from, else the published one before it."""
    bases = [e.base_id for e in await list_edits(session, version.id) if e.base_id]
    if bases:
        return await get_version(session, bases[0])
    day = version.validity.valid_from
    earlier = [
        v
        for v in await list_versions(session)
        if v.state == "published" and v.id != version.id and _begins_before(v, day)
    ]
    if not earlier:
        raise NoBase(version=version.id)
    return earlier[-1]


def _begins_before(version: ZoneVersion, day: object) -> bool:
    begins = version.validity.valid_from
    return begins is None or day is None or str(begins) < str(day)


def _names(sides: list[Nouns]) -> Names:
    before, after = sides
    return Names(
        units={a: u.name for a, u in {**before.units, **after.units}.items()},
        courts={c: k.name for c, k in {**before.courts, **after.courts}.items() if k.name},
        districts={c: d.name for c, d in {**before.districts, **after.districts}.items()},
    )


def _fields_of(held: Nouns, at: tuple[Noun, str]) -> dict[str, str | None]:
    record = held.get(*at)
    return {} if record is None else {name: getattr(record, name) for name in AMENDABLE[at[0]]}
