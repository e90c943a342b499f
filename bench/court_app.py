"""The least a service can do: FastAPI, a pool of asyncpg, one PostGIS query for the court alone.

`GET /court?lon=&lat=` answers ``{"courts": [...]}`` from the table `courts (court, geom)`, one row a county.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from fastapi import FastAPI

_QUERY = "SELECT DISTINCT court FROM courts WHERE ST_Covers(geom, ST_SetSRID(ST_Point($1, $2), 4326))"


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with asyncpg.create_pool(
        host=os.environ["BENCH_DATABASE_HOST"],
        database=os.environ["BENCH_DATABASE_NAME"],
        user=os.environ["BENCH_DATABASE_USER"],
        min_size=8,
        max_size=8,
    ) as pool:
        app.state.pool = pool
        yield


app = FastAPI(lifespan=_lifespan)


@app.get("/court")
async def court(lon: float, lat: float) -> dict[str, list[str]]:
    """Return the codes of the courts whose counties cover a point, degrees."""
    rows = await app.state.pool.fetch(_QUERY, lon, lat)
    return {"courts": [row["court"] for row in rows]}
