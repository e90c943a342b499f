"""The audit line beside every change."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from geo_registry.db import tables as t
from geo_registry.db.engine import AsyncWriteSession


async def write_line(
    session: AsyncWriteSession,
    *,
    at: datetime,
    actor: str,
    action: str,
    subject: str,
    changes_answers: bool,
    detail: Mapping[str, Any],
) -> None:
    """Append one line in the transaction of the change it is about.

    `at` is the instant of the change, the one its rows are known from.
    `changes_answers` says that an answer given before may now be another: it makes running servers
    read the registry anew.
    """
    await session.execute(
        insert(t.AuditLog).values(
            at=at,
            actor=actor,
            action=action,
            subject=subject,
            changes_answers=changes_answers,
            detail=dict(detail),
        )
    )


async def last_detail(session: AsyncSession, action: str) -> dict[str, Any] | None:
    """Return the detail of the last line of an action, None where there is none."""
    line = (
        select(t.AuditLog.detail).where(t.AuditLog.action == action).order_by(t.AuditLog.id.desc()).limit(1)
    )
    return (await session.execute(line)).scalar_one_or_none()
