"""PostGIS as a peer: points copied in, indexed, joined, copied out; on a throw-away cluster of its own."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import psycopg
import shapely
from numpy.typing import NDArray
from shapely import Geometry

from bench.points import Column, Numbers, lowest
from geo_registry.db.embedded import Cluster
from geo_registry.db.embedded.cluster import ROLE
from tests.support import CARELESS, private_home

# Kinder to the peer than the defaults: nothing waits for a disk, sorts stay in memory.
_OPTIONS = {
    **CARELESS,
    "shared_buffers": "1GB",
    "work_mem": "256MB",
    "maintenance_work_mem": "512MB",
    "max_wal_size": "8GB",
}
_HEADER, _TRAILER = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"
_EWKB_POINT = 0x20000001  # little-endian EWKB: a point that carries its SRID
_ROW_IN = np.dtype([("fields", ">i2"), ("id_size", ">i4"), ("id", ">i4"), ("size", ">i4"), ("order", "u1"),
                    ("kind", "<u4"), ("srid", "<i4"), ("lon", "<f8"), ("lat", "<f8")])  # fmt: skip
_ROW_OUT = np.dtype(
    [("fields", ">i2"), ("id_size", ">i4"), ("id", ">i4"), ("size", ">i4"), ("number", ">i4")]
)
_JOIN = "SELECT p.id, z.number FROM zones z JOIN points p ON ST_Intersects(z.geom, p.geom)"


@contextmanager
def scratch_cluster() -> Iterator[Cluster]:
    """Give a running cluster that vanishes afterwards."""
    with private_home() as home:
        cluster = Cluster(home, options=_OPTIONS)
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop()


def connect(cluster: Cluster, database: str) -> psycopg.Connection:
    """Return an autocommitting connection to a database of a cluster."""
    host = str(cluster.folders.socket_folder)
    return psycopg.connect(host=host, dbname=database, user=ROLE, autocommit=True)


class PostGIS:
    """The join of the database, points and polygons both under GiST.

    `ST_Intersects` of a point and a polygon is the closed question, as `ST_Covers` is, by the same code.
    """

    name = "postgis"

    def __init__(self, polygons: Sequence[Geometry], cluster: Cluster) -> None:
        self._connection = connect(cluster, "geo_registry")
        run = self._connection.execute
        row = run(
            "SELECT postgis_lib_version() || ', PostgreSQL ' || current_setting('server_version')"
        ).fetchone()
        assert row is not None
        self.title = f"PostGIS {row[0].split(' (')[0]}, GiST, `ST_Intersects`, COPY in and out"
        run("DROP TABLE IF EXISTS zones, points")
        run("CREATE UNLOGGED TABLE zones (number int, geom geometry(Geometry, 4326))")
        with self._connection.cursor() as cursor, cursor.copy("COPY zones FROM STDIN") as copy:
            for number, wkb in enumerate(
                shapely.to_wkb(shapely.set_srid(list(polygons), 4326), hex=True, include_srid=True)
            ):
                copy.write_row((number, wkb))
        run("CREATE INDEX ON zones USING gist (geom)")
        run("VACUUM ANALYZE zones")
        run("CREATE UNLOGGED TABLE points (id int, geom geometry(Point, 4326))")

    def locate(self, lons: Column, lats: Column) -> Numbers:
        """Return numbers from the joined pairs."""
        run = self._connection.execute
        run("TRUNCATE points")
        run("DROP INDEX IF EXISTS points_geom")
        with (
            self._connection.cursor() as cursor,
            cursor.copy("COPY points FROM STDIN (FORMAT binary)") as copy,
        ):
            copy.write(_HEADER + _rows(lons, lats).tobytes() + _TRAILER)
        run("CREATE INDEX points_geom ON points USING gist (geom)")
        run("ANALYZE points")
        with (
            self._connection.cursor() as cursor,
            cursor.copy(f"COPY ({_JOIN}) TO STDOUT (FORMAT binary)") as copy,
        ):
            body = b"".join(copy)
        pairs = np.frombuffer(body[len(_HEADER) : -len(_TRAILER)], dtype=_ROW_OUT)
        return lowest(pairs["id"].astype(np.int32), pairs["number"].astype(np.int32), len(lons))


def _rows(lons: Column, lats: Column) -> NDArray[np.void]:
    """Return the points as rows of PostgreSQL's binary COPY."""
    rows = np.empty(len(lons), dtype=_ROW_IN)
    rows["fields"], rows["id_size"], rows["id"] = 2, 4, np.arange(len(lons))
    rows["size"], rows["order"], rows["kind"], rows["srid"] = 25, 1, _EWKB_POINT, 4326
    rows["lon"], rows["lat"] = lons, lats
    return rows
