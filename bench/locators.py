"""The product and its peers behind one face: two float64 columns in, one int32 column of polygon numbers out.

Making one is preparing the polygons; `locate` is what is timed. Each peer is asked the way its own
documentation does it, and gives the lowest number where several polygons hold a point.
"""

from collections.abc import Sequence
from importlib.metadata import version
from typing import Protocol

import numpy as np
import shapely
from shapely import Geometry

from bench.points import NOWHERE, Column, Numbers, lowest
from geo_registry.routing.cells import CellIndex


class Locator(Protocol):
    """Something that finds the polygon of each point; `name` is unique, `title` is what the tables say."""

    name: str
    title: str

    def locate(self, lons: Column, lats: Column) -> Numbers:
        """Return the lowest number of the polygons that hold each point, `NOWHERE` where none does."""
        ...


class Ours:
    """The product's cell index."""

    def __init__(self, index: CellIndex, *, threads: int) -> None:
        self.name = f"ours-{threads}"
        self.title = f"geo-registry, {threads} thread{'s' if threads > 1 else ''}"
        self._threads = threads
        self._index = index

    def locate(self, lons: Column, lats: Column) -> Numbers:
        """Return numbers by the faces of the index."""
        faces = self._index.locate(lons, lats, threads=self._threads)
        return self._index.first.take(faces)  # read after: a corner of many polygons may have made a new face


class Loop:
    """One prepared polygon after another, asked about the points in its box."""

    name = "loop"
    title = f"shapely {version('shapely')}, `intersects_xy` a polygon, behind its box"

    def __init__(self, polygons: Sequence[Geometry]) -> None:
        self._polygons = np.asarray(polygons, dtype=object)
        self._boxes = shapely.bounds(self._polygons)
        shapely.prepare(self._polygons)

    def locate(self, lons: Column, lats: Column) -> Numbers:
        """Return numbers, the first polygon that holds a point keeping it."""
        found = np.full(len(lons), NOWHERE, dtype=np.int32)
        for number, (polygon, (west, south, east, north)) in enumerate(
            zip(self._polygons, self._boxes, strict=True)
        ):
            inside = (lons >= west) & (lons <= east) & (lats >= south) & (lats <= north)
            rows = np.flatnonzero(inside & (found == NOWHERE))
            found[rows[shapely.intersects_xy(polygon, lons[rows], lats[rows])]] = number
        return found


class GeoPandas:
    """`geopandas.sjoin` with its usual predicate for points in polygons."""

    name = "geopandas"
    title = f"geopandas {version('geopandas')}, `sjoin(predicate='within')`"

    def __init__(self, polygons: Sequence[Geometry]) -> None:
        import geopandas

        self._zones = geopandas.GeoDataFrame(geometry=list(polygons), crs=4326)

    def locate(self, lons: Column, lats: Column) -> Numbers:
        """Return numbers from the joined pairs."""
        import geopandas

        points = geopandas.GeoDataFrame(geometry=geopandas.points_from_xy(lons, lats, crs=4326))
        pairs = geopandas.sjoin(points, self._zones, how="inner", predicate="within")
        return lowest(pairs.index.to_numpy(), pairs["index_right"].to_numpy(), len(lons))


class Sedona:
    """SedonaDB's spatial join over two partitions."""

    _JOIN = "SELECT p.id, z.number FROM points p JOIN zones z ON ST_Intersects(z.geometry, ST_Point(p.lon, p.lat))"

    def __init__(self, polygons: Sequence[Geometry], *, library: str) -> None:
        import geopandas
        import sedonadb

        self.name = f"sedonadb-{library}"
        self.title = f"SedonaDB {version('sedonadb')}, 2 partitions, engine `{library}`"
        self._engine = sedonadb.connect()
        self._engine.sql("SET datafusion.execution.target_partitions = 2").execute()
        self._engine.sql(f"SET sedona.spatial_join.spatial_library = '{library}'").execute()
        numbers = np.arange(len(polygons), dtype=np.int32)
        zones = geopandas.GeoDataFrame({"number": numbers}, geometry=list(polygons))
        self._engine.create_data_frame(zones).to_memtable().to_view("zones")

    def locate(self, lons: Column, lats: Column) -> Numbers:
        """Return numbers from the joined pairs."""
        import pyarrow as pa

        points = pa.table({"id": np.arange(len(lons), dtype=np.int32), "lon": lons, "lat": lats})
        self._engine.create_data_frame(points).to_view("points", overwrite=True)
        pairs = pa.table(self._engine.sql(self._JOIN))
        return lowest(pairs["id"].to_numpy(), pairs["number"].to_numpy(), len(lons))
