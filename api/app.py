"""The application: its routers, its errors, its headers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from geo_registry.db.engine import Database, open_database
from geo_registry.db.watch import Watch
from geo_registry.maps.assets import VENDOR
from geo_registry.settings import Settings
from geo_registry.version import __version__

from . import openapi, problems
from .context import Context
from .headers import SafeHeaders
from .pages import docs, index
from .routers import (
    basins,
    batch,
    changes,
    decisions,
    health,
    layers,
    places,
    route,
    sites,
    statistics,
    zones,
)
from .warm import warm

HERE = Path(__file__).parent


def create_app(*, settings: Settings | None = None, database: Database | None = None) -> FastAPI:
    """Return the application.

    Parameters
    ----------
    settings
        Read from the environment when the application starts, unless given.
    database
        Opened from the settings when the application starts, unless given.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        chosen = settings or Settings.read()
        opened = database or open_database(chosen)
        watch = Watch(opened)
        app.state.context = Context.of(chosen, opened, watch)
        watch.start()
        warming = asyncio.create_task(warm(app.state.context))
        try:
            yield
        finally:
            warming.cancel()
            await watch.close()
            if database is None:
                await opened.close()

    app = FastAPI(
        title="geo-registry",
        version=__version__,
        summary="吉林省环境资源案件由哪个法院管辖 · Which court hears an environmental case here",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    for router in (
        route,
        batch,
        places,
        decisions,
        changes,
        zones,
        layers,
        sites,
        basins,
        statistics,
        health,
    ):
        app.include_router(router.router)
    app.include_router(index.router)
    app.include_router(docs.router)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    app.mount("/vendor", StaticFiles(directory=VENDOR, check_dir=False), name="vendor")
    problems.install(app)
    openapi.install(app)
    app.add_middleware(SafeHeaders)
    return app
