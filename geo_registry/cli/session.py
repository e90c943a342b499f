"""What a command needs of the registry, opened for one command and closed behind it."""

import asyncio
import getpass
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from geo_registry.actions.snapshots import Snapshots
from geo_registry.catalogue import Catalogue, get_catalogue
from geo_registry.db.engine import Database, open_database
from geo_registry.settings import Settings

_Result = TypeVar("_Result")


@dataclass(frozen=True)
class Opened:
    """The registry as a command sees it."""

    settings: Settings
    database: Database
    snapshots: Snapshots

    @property
    def catalogue(self) -> Catalogue:
        """Return the layer catalogue the settings name."""
        return get_catalogue(self.settings.layers)


def with_registry(work: Callable[[Opened], Awaitable[_Result]]) -> _Result:
    """Open the registry, do the work, close it."""
    settings = Settings.read()
    database = open_database(settings)

    async def opened() -> _Result:
        try:
            return await work(Opened(settings, database, Snapshots(database)))
        finally:
            await database.close()

    return asyncio.run(opened())


def whoami() -> str:
    """Return the name that audit lines of this command carry: the account that runs it."""
    return f"cli:{getpass.getuser()}"
