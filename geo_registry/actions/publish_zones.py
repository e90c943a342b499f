"""Publish a zone version: check it, then make it the law from its first day. Irrevocable."""

from geo_registry.db import zone_store
from geo_registry.db.audit import write_line
from geo_registry.db.engine import AsyncReadSession, AsyncWriteSession, Database, lock_for_writing
from geo_registry.db.queries.zones import get_version, list_designations, list_zones, read_ground
from geo_registry.errors import AlreadyPublished, ZoneChecksFailed
from geo_registry.zones.checks import Finding, check_version, remarks

_SHOWN = 5


async def check_zones(database: Database, version: str) -> list[Finding]:
    """Return what stands against publishing a version, then what should be looked at (`blocks` is False).

    Raises
    ------
    ZoneVersionNotFound
        There is none of that id.
    """
    async with database.read() as session:
        stands = await _check(session, version)
        return [*stands, *remarks(await list_designations(session, version))]


async def publish_zones(database: Database, version: str, *, actor: str) -> None:
    """Publish a drafted version in one transaction with its audit line.

    Raises
    ------
    ZoneVersionNotFound, AlreadyPublished
        There is none of that id, or it is the law already.
    ZoneChecksFailed
        It has a gap, an overlap, an unknown court or lacks a source; areas stand in the sentence.
    RuleBroken
        Another published version holds one of its days.
    """
    async with database.write() as session:
        at = await lock_for_writing(session)
        found = await get_version(session, version)
        if found.state == "published":
            raise AlreadyPublished(version=version)
        await require_sound(session, version)
        await zone_store.set_state(session, version, "published", at=at)
        await write_line(
            session, at=at, actor=actor, action="zones.publish", subject=version, changes_answers=True,
            detail={"valid_from": str(found.validity.valid_from), "valid_to": str(found.validity.valid_to)},
        )  # fmt: skip


async def require_sound(session: AsyncWriteSession, version: str) -> None:
    """Refuse to go on where something stands against a version being the law.

    Raises
    ------
    ZoneChecksFailed
        Something does.
    """
    findings = await _check(session, version)
    if findings:
        texts = [f.text for f in findings]
        zh, en = (
            _sentence([t.zh for t in texts], "；另有 {} 项"),
            _sentence([t.en for t in texts], "; and {} more"),
        )
        raise ZoneChecksFailed(version=version, findings_zh=zh, findings_en=en)


async def _check(session: AsyncReadSession | AsyncWriteSession, version: str) -> list[Finding]:
    await get_version(session, version)
    ground = await read_ground(session, version)
    return check_version(
        await list_designations(session, version),
        await list_zones(session, version),
        units=ground.units,
        names=ground.unit_names,
        districts=list(ground.districts),
        courts=ground.courts,
        province_adcode=ground.province_adcode,
        province=ground.province,
    )


def _sentence(texts: list[str], others: str) -> str:
    more = len(texts) - _SHOWN
    return "; ".join(texts[:_SHOWN]) + (others.format(more) if more > 0 else "")
