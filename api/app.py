"""The application: its routers, its errors, its headers."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.staticfiles import StaticFiles

from geo_registry.db.engine import Database, open_database
from geo_registry.db.watch import Watch
from geo_registry.maps.assets import VENDOR
from geo_registry.settings import Settings
from geo_registry.version import __version__

from . import openapi, problems
from .context import Context
from .pages import docs, index
from .routers import basins, decisions, health, layers, places, route, sites, statistics, zones

HERE = Path(__file__).parent
_SAFE = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}


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
        try:
            yield
        finally:
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
    for router in (route, places, decisions, zones, layers, sites, basins, statistics, health):
        app.include_router(router.router)
    app.include_router(index.router)
    app.include_router(docs.router)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    app.mount("/vendor", StaticFiles(directory=VENDOR, check_dir=False), name="vendor")
    problems.install(app)
    openapi.install(app)
    app.middleware("http")(_with_safe_headers)
    return app


async def _with_safe_headers(request: Request, call: Callable[[Request], Awaitable[Response]]) -> Response:
    response = await call(request)
    for name, value in _SAFE.items():
        response.headers.setdefault(name, value)
    return response
