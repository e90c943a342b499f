"""Draft a version from another, and edit the draft: every edit a row of history, with who and why."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from geo_registry.access import Person, Right, require
from geo_registry.actions.draft_zones import build_anew
from geo_registry.db import zone_store
from geo_registry.db.audit import write_line
from geo_registry.db.engine import AsyncWriteSession, Database, lock_for_writing
from geo_registry.db.history import Changes
from geo_registry.db.queries.zones import get_version, read_content, read_state
from geo_registry.errors import BadEdit, DraftChanged, NotADraft, VersionExists
from geo_registry.zones.draft import Content, Edit, apply_edits
from geo_registry.zones.model import ZoneVersion


@dataclass(frozen=True, slots=True)
class Edited:
    """What an edit did: its number, and how many rows and amendments it touched."""

    version: str
    edition: int
    rows: Changes
    amendments: Changes


async def start_draft(
    database: Database, version: str, *, base: str, valid_from: date, person: Person, why: str
) -> Edited:
    """Make a draft from a published version: its rows and amendments, valid from a day on.

    Raises
    ------
    NotAllowed
        The person may not draft versions.
    ZoneVersionNotFound, VersionExists
        There is no such base; the id is taken.
    NotADraft
        The base is not published.
    BadEdit
        No reason was given.
    """
    require(person, Right.ZONES)
    _reasoned(version, why)
    async with database.write() as session:
        at = await lock_for_writing(session)
        source = await get_version(session, base)
        if source.state != "published":
            raise NotADraft(version=base, state=source.state)
        if await read_state(session, version) is not None:
            raise VersionExists(version=version)
        content = copied(await read_content(session, base), base=base, version=version)
        await zone_store.store_head(
            session, await _head(session, source, version, valid_from), "draft", at=at
        )
        return await _store(session, version, content, at=at, person=person, why=why, what={}, base=base)


async def edit_draft(
    database: Database,
    version: str,
    edits: Sequence[Edit],
    *,
    person: Person,
    why: str,
    expected: int | None = None,
) -> Edited:
    """Edit a draft in one transaction: all edits or none. Edits that change nothing leave no trace.

    Parameters
    ----------
    expected
        Number of the last edit as it was read; refused where somebody edited since. None to not ask.

    Raises
    ------
    NotAllowed, ZoneVersionNotFound, NotADraft, DraftChanged
        The person may not; there is none; it is no draft any more; it was changed meanwhile.
    BadEdit, BadChoice, DesignationNotFound, RuleBroken
        An edit cannot be made; the sentence names the unit.
    """
    require(person, Right.ZONES)
    _reasoned(version, why)
    async with database.write() as session:
        at = await lock_for_writing(session)
        before = await _editable(session, version, expected)
        after = apply_edits(before, edits, version=version)
        if after == before:
            none = Changes(0, 0, 0, len(before.designations))
            return Edited(
                version, await zone_store.read_edition(session, version), none, replace(none, unchanged=0)
            )
        what = {"edits": [_described(edit) for edit in edits]}
        return await _store(session, version, after, at=at, person=person, why=why, what=what)


def copied(content: Content, *, base: str, version: str) -> Content:
    """Return the content of a version as that of another."""
    rows = [
        replace(d, id=f"{version}/{d.id.removeprefix(f'{base}/')}", version_id=version)
        for d in content.designations
    ]
    return replace(content, designations=tuple(rows))


async def _editable(session: AsyncWriteSession, version: str, expected: int | None) -> Content:
    held = await get_version(session, version)
    if held.state != "draft":
        raise NotADraft(version=version, state=held.state)
    edition = await zone_store.read_edition(session, version)
    if expected is not None and expected != edition:
        raise DraftChanged(version=version, edition=edition, given=expected)
    return await read_content(session, version)


async def _store(
    session: AsyncWriteSession, version: str, content: Content, *,
    at: datetime, person: Person, why: str, what: dict[str, Any], base: str | None = None,
) -> Edited:  # fmt: skip
    rows, amended = await zone_store.store_content(session, version, content, at=at)
    await build_anew(session, version, at=at)
    edition = await zone_store.write_edit(
        session, version, at=at, by=person.login, why=why, what=what, base=base
    )
    detail = {
        "edition": edition,
        "why": why,
        "base": base,
        "rows": asdict(rows),
        "amendments": asdict(amended),
    }
    action = "zones.draft" if base else "zones.edit"
    await write_line(
        session,
        at=at,
        actor=person.login,
        action=action,
        subject=version,
        changes_answers=False,
        detail=detail,
    )
    return Edited(version, edition, rows, amended)


async def _head(
    session: AsyncWriteSession, base: ZoneVersion, version: str, valid_from: date
) -> dict[str, Any]:
    title = base.title
    return {
        "id": version,
        "title_zh": f"{title.zh.split('（自')[0]}（自 {valid_from} 起，以 {base.id} 为底本）",
        "title_en": f"{title.en.split(' (as of')[0]} (as of {valid_from}, drafted from {base.id})",
        "valid_from": valid_from,
        "valid_to": None,
        "sources": await zone_store.sources_of(session, base.id),
    }


def _reasoned(version: str, why: str) -> None:
    if not why.strip():
        raise BadEdit(
            key=version, reason_zh="缺少理由，请写明为什么修改", reason_en="there is no reason given; say why"
        )


def _described(edit: Edit) -> dict[str, Any]:
    """Return an edit as plain values; a polygon by its number of vertices alone."""
    plain: dict[str, Any] = {"edit": type(edit).__name__}
    for name in edit.__slots__:
        value = getattr(edit, name)
        if name == "amendment":
            plain |= {
                "noun": value.noun.value, "key": value.key, "content": dict(value.content),
                "geometry": value.geometry is not None, "status": value.status.value, "sources": list(value.sources),
            }  # fmt: skip
        else:
            plain[name] = dict(value) if hasattr(value, "items") else value
    return plain
