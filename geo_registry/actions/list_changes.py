"""The public log of versions: what each changed, from when, by which instrument. Drafts are not in it."""

from dataclasses import dataclass
from datetime import datetime

from geo_registry.actions.compare_zones import compare_in
from geo_registry.db.engine import AsyncReadSession
from geo_registry.db.queries.zones import list_designations, list_publications, list_versions
from geo_registry.zones.difference import Difference
from geo_registry.zones.model import ZoneVersion


@dataclass(frozen=True, slots=True)
class VersionChange:
    """A version that is or was published, and what it says otherwise than the one before it.

    Attributes
    ----------
    published_at
        When it was first published.
    before
        The version published for the days before it; None for the first, which has no differences.
    instruments
        What its changes rest on; for the first version, what its rows rest on.
    """

    version: ZoneVersion
    published_at: datetime
    before: str | None
    differences: tuple[Difference, ...]
    instruments: tuple[str, ...]


async def list_changes(session: AsyncReadSession) -> list[VersionChange]:
    """Return the versions that were ever published, the latest published first."""
    published = await list_publications(session)
    versions = [v for v in await list_versions(session) if v.id in published]
    changes = []
    for i, version in enumerate(versions):
        before = versions[i - 1].id if i else None
        changes.append(await _change(session, version, published[version.id], before))
    return sorted(changes, key=lambda c: (c.published_at, c.version.id), reverse=True)


async def _change(
    session: AsyncReadSession, version: ZoneVersion, at: datetime, before: str | None
) -> VersionChange:
    if before is None:
        rows = await list_designations(session, version.id)
        return VersionChange(version, at, None, (), tuple(sorted({d.instrument for d in rows})))
    found = (await compare_in(session, version.id, base=before)).differences
    return VersionChange(version, at, before, found, tuple(sorted({d.instrument for d in found})))
