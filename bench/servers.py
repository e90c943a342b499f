"""The HTTP servers to measure, each over the same counties in a database of the same cluster, one at a port."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile

import geopandas
import httpx
import shapely

from bench.postgis import connect
from geo_registry.db.embedded import Cluster
from geo_registry.db.embedded.cluster import ROLE
from tests.exactness import source_answers, source_polygons
from tests.server import clean, free_port

_BIN = Path(sys.executable).parent
REPRESENT = f"represent-boundaries {version('represent-boundaries')}, Django {version('django')}, gunicorn, one process of 8 threads"
COURT_APP = f"FastAPI {version('fastapi')} + asyncpg + one PostGIS query, court alone"


@contextmanager
def ours(url: str) -> Iterator[str]:
    """Serve the product over a registry as its users do, in one process; give the base address."""
    port = free_port()
    command = ["geo-registry", "serve", "--port", str(port)]
    with _serving(command, {"GEO_REGISTRY_DATABASE_URL": url}, f"http://127.0.0.1:{port}/readyz"):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def represent(cluster: Cluster) -> Iterator[str]:
    """Serve represent-boundaries with the counties loaded by its own command; give the base address."""
    environment = {**_database(cluster, "represent"), "DJANGO_SETTINGS_MODULE": "bench.represent_settings"}
    with TemporaryDirectory() as folder:
        _write_counties(Path(folder))
        for command in (["migrate"], ["loadshapefiles", "--data-dir", folder]):
            _run([str(_BIN / "django-admin"), *command], environment)
    port = free_port()
    command = ["gunicorn", "--workers", "1", "--threads", "8", "--bind", f"127.0.0.1:{port}",
               "--log-level", "warning", "django.core.wsgi:get_wsgi_application()"]  # fmt: skip
    with _serving(command, environment, f"http://127.0.0.1:{port}/boundary-sets/"):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def court_app(cluster: Cluster) -> Iterator[str]:
    """Serve the minimal application over counties and their courts; give the base address."""
    environment = _database(cluster, "court_app")
    with connect(cluster, "court_app") as connection:
        connection.execute("CREATE TABLE courts (court text, geom geometry(Geometry, 4326))")
        answers = source_answers()
        with connection.cursor() as cursor, cursor.copy("COPY courts FROM STDIN") as copy:
            for adcode, polygon in source_polygons().items():
                for _, code in sorted(answers[adcode]):
                    copy.write_row(
                        (code, shapely.to_wkb(shapely.set_srid(polygon, 4326), hex=True, include_srid=True))
                    )
        connection.execute("CREATE INDEX ON courts USING gist (geom)")
        connection.execute("ANALYZE courts")
    port = free_port()
    command = [
        "uvicorn",
        "--port",
        str(port),
        "--no-access-log",
        "--log-level",
        "warning",
        "bench.court_app:app",
    ]
    with _serving(command, environment, f"http://127.0.0.1:{port}/court?lon=125&lat=44"):
        yield f"http://127.0.0.1:{port}"


def _write_counties(folder: Path) -> None:
    """Write a shapefile of the counties and the definition by which represent-boundaries loads it."""
    polygons = source_polygons()
    frame = geopandas.GeoDataFrame({"adcode": list(polygons)}, geometry=list(polygons.values()), crs=4326)
    frame.to_file(folder / "counties.shp")
    (folder / "definition.py").write_text(
        "from datetime import date\nimport boundaries\n"
        "adcode = boundaries.attr('adcode')\n"
        "boundaries.register('counties', singular='county', domain='Jilin', file='', encoding='utf-8',\n"
        "    last_updated=date(2023, 6, 30), authority='-', name_func=adcode, id_func=adcode, slug_func=adcode)\n",
        encoding="utf-8",
    )


def _database(cluster: Cluster, name: str) -> dict[str, str]:
    """Make an empty database with PostGIS; return how the peers are told of it."""
    cluster.run_sql(f'CREATE DATABASE "{name}" OWNER {ROLE}')
    cluster.run_sql("CREATE EXTENSION postgis", database=name)
    host = str(cluster.folders.socket_folder)
    return {"BENCH_DATABASE_HOST": host, "BENCH_DATABASE_NAME": name, "BENCH_DATABASE_USER": ROLE}


def _run(command: list[str], environment: Mapping[str, str]) -> None:
    done = subprocess.run(
        command, env={**clean(), **environment}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()[-2000:]}")


@contextmanager
def _serving(command: list[str], environment: Mapping[str, str], probe: str) -> Iterator[None]:
    """Run a server until the block ends; the block begins when `probe` answers 200."""
    root = str(Path(__file__).parent.parent)
    path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
    with TemporaryFile("w+") as log:  # a file and no pipe: a server whose pipe is full stands still
        process = subprocess.Popen(
            [str(_BIN / command[0]), *command[1:]], env={**clean(), **environment, "PYTHONPATH": path},
            stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            deadline = time.monotonic() + 60
            while not _answers(probe):
                if process.poll() is not None or time.monotonic() > deadline:
                    log.seek(0)
                    raise RuntimeError(f"{command[0]} did not come up: {log.read()[-2000:]}")
                time.sleep(0.1)
            yield
        finally:
            process.terminate()
            process.wait(timeout=30)


def _answers(address: str) -> bool:
    try:
        return httpx.get(address, timeout=5).status_code == 200
    except httpx.TransportError:
        return False
