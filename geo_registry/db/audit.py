"""The audit line beside every change."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from geo_registry.db import tables as t
from geo_registry.db.engine import AsyncWriteSession


async def write_line(
    session: AsyncWriteSession,
    *,
    at: datetime | None,
    actor: str,
    action: str,
    subject: str,
    changes_answers: bool,
    detail: Mapping[str, Any],
) -> None:
    """Append one line in the transaction of the change it is about.

    `at` is the instant of the change, the one its rows are known from; None where no row's knowledge
    begins with it.
    `changes_answers` says that an answer given before may now be another: it makes running servers
    read the registry anew.
    """
    await session.execute(
        insert(t.AuditLog).values(
            at=at or func.clock_timestamp(),
            actor=actor,
            action=action,
            subject=subject,
            changes_answers=changes_answers,
            detail=dict(detail),
        )
    )


async def last_details(session: AsyncSession, action: str) -> dict[str, dict[str, Any]]:
    """Return the detail of the last line of an action by its subject."""
    lines = select(t.AuditLog.subject, t.AuditLog.detail).where(t.AuditLog.action == action)
    found = await session.execute(lines.order_by(t.AuditLog.id))
    return {line.subject: line.detail for line in found}
