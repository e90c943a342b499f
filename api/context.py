"""What a request needs of the registry, opened once per process."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from geo_registry.actions.snapshots import Snapshots
from geo_registry.catalogue import Catalogue, get_catalogue
from geo_registry.db.engine import Database
from geo_registry.db.watch import Watch
from geo_registry.errors import LoopbackOnly
from geo_registry.settings import Settings

_LOOPBACK = {"127.0.0.1", "::1", "localhost", "testclient", "testserver"}
_PASSED_ON = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")


@dataclass(frozen=True)
class Context:
    """The registry of this process."""

    settings: Settings
    database: Database
    snapshots: Snapshots
    catalogue: Catalogue

    @classmethod
    def of(cls, settings: Settings, database: Database, watch: Watch) -> "Context":
        """Return the context of a database and its watch."""
        return cls(settings, database, Snapshots(database, watch=watch), get_catalogue(settings.layers))


def get_context(request: Request) -> Context:
    """Return the registry of this process."""
    context = request.app.state.context
    assert isinstance(context, Context)
    return context


def require_loopback(request: Request, context: Annotated[Context, Depends(get_context)]) -> None:
    """Let in callers on this machine only: recorded answers name cases, and there is no log-in yet.

    Raises
    ------
    LoopbackOnly
        The caller is elsewhere, or the setting forbids it altogether.
    """
    caller = request.client.host if request.client else ""
    asked = (
        request.url.hostname or ""
    )  # another name that leads here is a page elsewhere asking through a browser
    passed_on = any(name in request.headers for name in _PASSED_ON)
    if not context.settings.journal_over_http or passed_on or not {caller, asked} <= _LOOPBACK:
        raise LoopbackOnly()


Registry = Annotated[Context, Depends(get_context)]
Local = Depends(require_loopback)
