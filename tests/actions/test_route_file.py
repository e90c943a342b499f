"""Whole files: every format in and out, row by row as `route` answers, by whoever does the work."""

import csv
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import openpyxl
import pandas as pd
import pyogrio
import pytest
import shapely

from geo_registry import Registry
from geo_registry.db.engine import Database
from geo_registry.errors import (
    FileInUse,
    LayerUnclear,
    PartsDiffer,
    SameFile,
    SchedulerUnavailable,
    SystemTwice,
    TooManyRows,
    UnknownFormat,
    UnreadableFile,
    UnwritableFile,
)
from geo_registry.geo.datum import gcj02_from_wgs84
from geo_registry.routing.answer import Answer
from geo_registry.routing.row import COLUMNS
from geo_registry.routing.snapshot import Snapshot
from tests.places import NONGAN, YANJI, YINGAN
from tests.server import clean, free_port
from tests.support import DAY

ROWS = 300


@pytest.fixture(scope="module")
def registry(loaded_url: str) -> Iterator[Registry]:
    with Registry(Database(loaded_url, timeout_s=15)) as opened:
        yield opened


@pytest.fixture(scope="module")
def points(snapshot: Snapshot) -> np.ndarray:
    """Random places of the province's box, and places on and beside lines between courts."""
    chosen = np.random.default_rng(3)
    anywhere = np.column_stack(
        [chosen.uniform(121.6, 131.4, ROWS // 2), chosen.uniform(40.8, 46.4, ROWS // 2)]
    )
    segments = snapshot.locator.segments
    at = chosen.integers(0, len(segments), ROWS - len(anywhere))
    beside = segments.starts[at] + chosen.choice([0.0, 1e-9, 5e-5, 2e-3], (len(at), 1))
    return np.concatenate([anywhere, beside])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, points: np.ndarray) -> Path:
    """The same rows in every format, written by others' programs."""
    folder = tmp_path_factory.mktemp("files")
    frame = pd.DataFrame(
        {"号": [f"{i:03d}" for i in range(ROWS)], "备注": ['a,"b"\nc', "", "+1+1"] * (ROWS // 3)}
    )
    numbers = frame.assign(lon=points[:, 0], lat=points[:, 1])
    numbers.to_csv(folder / "in.csv", index=False)
    numbers.to_excel(folder / "in.xlsx", index=False)
    numbers.to_parquet(folder / "plain.parquet", row_group_size=90)
    shapes = geopandas.GeoDataFrame(frame, geometry=shapely.points(points), crs=4326)
    shapes.to_file(folder / "in.geojson", COORDINATE_PRECISION=17)
    shapes.to_file(folder / "in.geojsonl", driver="GeoJSONSeq", COORDINATE_PRECISION=17)
    shapes.to_file(folder / "in.gpkg", layer="cases")
    shapes.to_parquet(folder / "in.parquet")
    return folder


@pytest.fixture(scope="module")
def expected(registry: Registry, points: np.ndarray) -> list[Answer]:
    return [registry.route((lon, lat), on=DAY) for lon, lat in points]


def read_back(path: Path) -> pd.DataFrame:
    """Return a result as others' programs read it."""
    if path.suffix in (".csv", ".tsv"):
        return pd.read_csv(path, dtype=str, keep_default_na=False, sep="\t" if path.suffix == ".tsv" else ",")
    if path.suffix == ".xlsx":
        return pd.read_excel(path, dtype={"号": str})
    if path.suffix == ".parquet":
        return geopandas.read_parquet(path)
    return geopandas.read_file(path)


def records(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def moved_by_excel(points: np.ndarray) -> np.ndarray:
    """Tell which points a workbook, which keeps 16 digits, does not hold."""
    return np.array([any(float(f"{v:.16g}") != v for v in pair) for pair in points])


FORMATS_IN = ["in.csv", "in.xlsx", "in.geojson", "in.geojsonl", "in.gpkg", "in.parquet", "plain.parquet"]
FORMATS_OUT = ["csv", "xlsx", "geojson", "geojsonl", "gpkg", "parquet", "tsv"]


@pytest.mark.parametrize(
    ("given", "wanted"),
    [(i, FORMATS_OUT[(n + k) % 7]) for n, i in enumerate(FORMATS_IN) for k in (0, 3)],
)
def test_every_format(given: str, wanted: str, folder: Path, tmp_path: Path, registry: Registry, expected: list[Answer], points: np.ndarray) -> None:  # fmt: skip
    out = tmp_path / f"out.{wanted}"
    report = registry.route_file(folder / given, out, on=DAY, part_rows=70)
    assert (report.rows, report.refused, report.is_prefixed) == (ROWS, 0, False)
    assert sorted(tmp_path.iterdir()) == [out]
    frame = read_back(out)
    assert list(frame["号"]) == [f"{i:03d}" for i in range(ROWS)]
    assert set(COLUMNS) <= set(frame.columns)
    texts = frame.astype(object).where(frame.notna() & (frame != ""), None)
    assert list(texts["备注"][:3]) == ['a,"b"\nc', None, "+1+1"]
    moved = moved_by_excel(points) if "xlsx" in (given[3:], wanted) else np.zeros(ROWS, dtype=bool)
    assert moved.sum() < ROWS
    for row, answer, is_moved in zip(texts.to_dict("records"), expected, moved, strict=True):
        if is_moved:
            continue
        near = answer.boundary
        assert row["outcome"] == answer.outcome.value
        assert row["court"] == (answer.court.name if answer.court else None)
        assert row["reason"] == answer.explanation.zh
        assert (row["distance_m"] is None) == (near is None)
        assert near is None or float(row["distance_m"]) == pytest.approx(round(near.distance_m, 1), abs=1e-9)
        assert (float(row["read_lon"]), float(row["read_lat"])) == (answer.reading.lon, answer.reading.lat)


def test_csv_is_kept_as_it_was_written(folder: Path, tmp_path: Path, registry: Registry) -> None:
    out = tmp_path / "out.csv"
    registry.route_file(folder / "in.csv", out, on=DAY)
    with (folder / "in.csv").open(newline="") as before, out.open(newline="") as after:
        for a, b in zip(csv.reader(before), csv.reader(after), strict=True):
            assert b[: len(a)] == a
    assert out.read_bytes()[:3] != b"\xef\xbb\xbf"
    registry.route_file(folder / "in.csv", out, on=DAY, bom=True, lang="en")
    assert out.read_bytes()[:3] == b"\xef\xbb\xbf"
    assert "Jilin Province" in out.read_text()
    book = tmp_path / "out.xlsx"
    (tmp_path / "in.csv").write_text("lon,lat,备注\n125,44,=1+1\n125,44,a\x01b\n")
    registry.route_file(tmp_path / "in.csv", book, on=DAY)
    assert [c.value for c in openpyxl.load_workbook(book)["answers"]["C"][1:]] == ["=1+1", "a\ufffdb"]
    assert openpyxl.load_workbook(book)["answers"]["C2"].data_type == "s"


def test_systems_orders_and_accuracies(tmp_path: Path, registry: Registry) -> None:
    lon, lat = (float(v) for v in gcj02_from_wgs84(*NONGAN))
    path, out = tmp_path / "in.csv", tmp_path / "out.csv"
    path.write_text(
        f"东,北,误差\n{lon!r},{lat!r},\n{lon!r},{lat!r},90000\n{lon!r},{lat!r},many\n", encoding="gb18030"
    )
    report = registry.route_file(path, out, lon="东", lat="北", crs="gcj02", accuracy_column="误差", on=DAY)
    rows = records(out)
    assert [r["outcome"] for r in rows] == ["clear", "near_boundary", "refused"]
    assert rows[2]["reason"].startswith("第 3 行：精度“many”无效")
    answer = registry.route((lon, lat), crs="gcj02", on=DAY)
    assert rows[0]["warnings"] == " ".join(w.code for w in answer.warnings)
    assert report.reasons == (rows[2]["reason"],)
    path.write_text("X,Y\n4919300,434000\n434000,4919300\n")
    registry.route_file(path, out, lon="Y", lat="X", crs="EPSG:4551", on=DAY)
    survey = registry.route((434000.0, 4919300.0), crs="EPSG:4551", on=DAY)
    assert {(float(r["read_lon"]), float(r["read_lat"])) for r in records(out)} == {
        (survey.reading.lon, survey.reading.lat)
    }


def test_places_in_words(tmp_path: Path, registry: Registry) -> None:
    path, out = tmp_path / "in.csv", tmp_path / "out.xlsx"
    texts = [
        "农安县华家镇",
        "125.16791,44.42610",
        "东经125度10分4秒，北纬44度25分34秒",
        "无名之地",
        "",
        "125,95",
    ]
    path.write_text(
        "地址,lon,lat\n" + "".join(f'"{t}",,\n' for t in texts) + f"农安县,{YANJI[0]},{YANJI[1]}\n农安县,1,\n"
    )
    report = registry.route_file(path, out, on=DAY)
    rows = pd.read_excel(out).astype(object)
    for row, text in zip(rows.to_dict("records"), texts[:3], strict=False):
        answer = registry.route(text, on=DAY)
        assert (row["outcome"], row["court"]) == (answer.outcome.value, answer.court and answer.court.name)
    assert list(rows["outcome"][3:]) == ["refused"] * 3 + ["clear", "refused"]
    assert rows["county"][6] == "延吉市"
    assert report.refused == 4
    assert rows["reason"][4] == "第 5 行：这一行没有写地点。请补上坐标、地址或图形。"


def test_lines_areas_and_what_is_no_shape(tmp_path: Path, registry: Registry) -> None:
    across = {"type": "LineString", "coordinates": [[125.2, 44.4], [129.5, 42.9]]}
    square = json.loads(shapely.to_geojson(shapely.box(125.1, 44.3, 125.2, 44.4)))
    bow = {"type": "Polygon", "coordinates": [[[125, 44], [126, 45], [126, 44], [125, 45], [125, 44]]]}
    several = {"type": "MultiPoint", "coordinates": [list(NONGAN), list(YANJI)]}
    shapes: list[Any] = [across, square, bow, several, None, {"type": "Point", "coordinates": [44, 125]}, []]
    features = [
        {"type": "Feature", "id": i, "geometry": s, "properties": {"n": i, "deep": {"a": [1, None]}}}
        for i, s in enumerate(shapes)
    ]
    path, out = tmp_path / "in.geojson", tmp_path / "out.geojson"
    path.write_text(
        json.dumps(
            {"name": "features", "type": "FeatureCollection", "features": features, "x": [{}]}, indent=1
        )
    )
    report = registry.route_file(path, out, on=DAY, part_rows=2)
    made = json.loads(out.read_text())["features"]
    outcomes = [f["properties"]["outcome"] for f in made]
    assert outcomes == ["cross_court", "clear", "refused", "cross_court", "refused", "refused", "refused"]
    assert [(f["id"], f["geometry"], f["properties"]["deep"]) for f in made] == [
        (f["id"], f["geometry"], {"a": [1, None]}) for f in features
    ]
    assert made[0]["properties"]["reason"] == registry.route(across, on=DAY).explanation.zh
    assert "were they swapped" not in made[5]["properties"]["reason"]
    assert report.refused == 4
    table = tmp_path / "out.csv"
    registry.route_file(path, table, on=DAY)
    assert records(table)[0]["geometry"] == "LINESTRING (125.2 44.4, 129.5 42.9)"
    projected = geopandas.GeoDataFrame({"n": [1, 2]}, geometry=geopandas.GeoSeries.from_wkt(
        ["POINT (125.16791 44.4261)", "LINESTRING (125.2 44.4, 129.5 42.9)"]), crs=4326).to_crs(4551)  # fmt: skip
    projected.to_file(tmp_path / "in.gpkg", layer="a")
    registry.route_file(tmp_path / "in.gpkg", tmp_path / "out.gpkg", on=DAY)
    back = geopandas.read_file(tmp_path / "out.gpkg")
    assert list(back["outcome"]) == ["clear", "cross_court"]
    assert (back.crs.to_epsg(), list(back.geometry)) == (4551, list(projected.geometry))


def test_a_workbook_stays_one(tmp_path: Path, registry: Registry) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["编号", "经度", "纬度", "日期", "真", "court", None])
    sheet.append(["007", NONGAN[0], NONGAN[1], DAY, True, "=1"])
    sheet.append([])
    sheet.append([7, 1.25, None, None, None, None, None, "surplus"])
    book.create_sheet("空")
    book.save(tmp_path / "in.xlsx")
    out = tmp_path / "out.xlsx"
    report = registry.route_file(tmp_path / "in.xlsx", out, on=DAY)
    assert report.is_prefixed
    made = openpyxl.load_workbook(out)["answers"]
    rows = list(made.iter_rows(values_only=True))
    assert rows[0][:6] == ("编号", "经度", "纬度", "日期", "真", "court")
    assert rows[1][:3] == ("007", *NONGAN)
    assert (rows[1][3].date(), rows[1][4]) == (DAY, True)
    assert [r[rows[0].index("answer_outcome")] for r in rows[1:]] == ["clear", "refused", "refused"]
    assert rows[3][0] == 7
    two = openpyxl.Workbook()
    for title in ("a", "b"):
        two.create_sheet(title).append(["lon", "lat"])
    two.save(tmp_path / "two.xlsx")
    with pytest.raises(LayerUnclear, match="a, b"):
        registry.route_file(tmp_path / "two.xlsx", out, on=DAY)
    assert registry.route_file(tmp_path / "two.xlsx", out, sheet="b", on=DAY).rows == 0


def test_refusals(tmp_path: Path, folder: Path, registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    source = folder / "in.csv"
    for name in ("in.xlsx", "in.gpkg", "in.parquet", "in.geojson"):
        cut = tmp_path / name
        cut.write_bytes((folder / name).read_bytes()[:3000])
        with pytest.raises(UnreadableFile, match=r"cut off|no whole"):
            registry.route_file(cut, tmp_path / "out.csv", on=DAY)
        cut.write_bytes(b"garbage")
        with pytest.raises(UnreadableFile):
            registry.route_file(cut, tmp_path / "out.csv", on=DAY)
        cut.unlink()
    with pytest.raises(UnknownFormat, match=r"\.parquet"):
        registry.route_file(source, tmp_path / "out.shp")
    with pytest.raises(SameFile):
        registry.route_file(source, folder / ".." / folder.name / "in.csv")
    with pytest.raises(UnwritableFile):
        registry.route_file(source, tmp_path / "nowhere" / "out.csv", on=DAY)
    with pytest.raises(UnreadableFile, match="no such file"):
        registry.route_file(tmp_path / "none.csv", tmp_path / "out.csv", on=DAY)
    with pytest.raises(SystemTwice):
        registry.route_file(folder / "in.geojson", tmp_path / "out.csv", crs="gcj02", on=DAY)
    with pytest.raises(SchedulerUnavailable, match="does not answer"):
        registry.route_file(source, tmp_path / "out.csv", scheduler="tcp://127.0.0.1:9", on=DAY)
    monkeypatch.setattr("geo_registry.exchange.formats.MOST_SHEET_ROWS", ROWS - 1)
    for name in ("in.csv", "in.gpkg"):
        with pytest.raises(TooManyRows):
            registry.route_file(folder / name, tmp_path / "out.xlsx", on=DAY)
    assert not list(tmp_path.iterdir())


RUN = """
import sys
from pathlib import Path
from datetime import date
from geo_registry import Registry
if __name__ == "__main__":
    with Registry.open() as registry:
        registry.route_file(sys.argv[1], sys.argv[2], on=date.fromisoformat(sys.argv[3]), part_rows=25,
                            workers=int(sys.argv[4]), resume="resume" in sys.argv)
"""


def begin(url: str, *words: str) -> subprocess.Popen[bytes]:
    script = Path(words[1]).with_name("run.py")
    script.write_text(RUN)
    environment = {**clean(), "GEO_REGISTRY_DATABASE_URL": url}
    return subprocess.Popen([sys.executable, str(script), *words], env=environment, stderr=subprocess.PIPE)


@pytest.mark.parametrize("wanted", ["csv", "gpkg", "xlsx", "parquet", "geojson"])
def test_killed_and_resumed_is_byte_equal(wanted: str, folder: Path, tmp_path: Path, loaded_url: str, registry: Registry) -> None:  # fmt: skip
    source = folder / ("in.gpkg" if wanted == "xlsx" else "in.csv")
    whole, out = tmp_path / f"whole.{wanted}", tmp_path / f"out.{wanted}"
    registry.route_file(source, whole, on=DAY, part_rows=25)
    parts = tmp_path / f"out.{wanted}.parts"
    running = begin(loaded_url, str(source), str(out), DAY.isoformat(), "1")
    wait_until(lambda: len(list(parts.glob("0*.json"))) > random.randrange(2, 9), running)
    running.send_signal(signal.SIGKILL)
    running.communicate()
    assert not out.exists()
    kept = len(list(parts.glob("0*.json")))
    with pytest.raises(PartsDiffer, match="stated"):
        registry.route_file(source, out, on=DAY, part_rows=25, kind="damages", resume=True)
    assert len(list(parts.glob("0*.json"))) == kept
    broken = next(parts.glob("0*.part"))
    broken.write_bytes(broken.read_bytes()[:-1])
    report = registry.route_file(source, out, on=DAY, part_rows=25, resume=True)
    assert report.kept_rows == 25 * (kept - 1) > 0
    assert out.read_bytes() == whole.read_bytes()
    assert not parts.exists()


def wait_until(true: Any, running: subprocess.Popen[bytes], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert running.poll() is None, running.stderr.read() if running.stderr else ""
        assert time.monotonic() < deadline
        time.sleep(0.005)


def children(pid: int) -> list[int]:
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rsplit(")", 1)[1].split()
            command = (status.parent / "cmdline").read_bytes()
        except OSError:
            continue
        if int(fields[1]) == pid and b"spawn_main" in command:
            found.append(int(status.parent.name))
    return found


def test_processes_make_the_same_and_one_may_be_killed(folder: Path, tmp_path: Path, loaded_url: str, registry: Registry) -> None:  # fmt: skip
    whole, out = tmp_path / "whole.csv", tmp_path / "out.csv"
    registry.route_file(folder / "in.csv", whole, on=DAY, part_rows=25)
    running = begin(loaded_url, str(folder / "in.csv"), str(out), DAY.isoformat(), "2")
    wait_until(lambda: list((tmp_path / "out.csv.parts").glob("0*.json")), running)
    with pytest.raises(FileInUse):
        registry.route_file(folder / "in.csv", out, on=DAY)
    os.kill(children(running.pid)[0], signal.SIGKILL)
    _, told = running.communicate(timeout=240)
    assert running.returncode == 0, told
    assert out.read_bytes() == whole.read_bytes()


@pytest.mark.parametrize("given", ["in.csv", "in.gpkg"])
def test_a_cluster_makes_the_same_and_a_worker_may_be_killed(given: str, folder: Path, tmp_path: Path, registry: Registry, cluster: "Cluster") -> None:  # fmt: skip
    whole, out = tmp_path / "whole.parquet", tmp_path / "out.parquet"
    registry.route_file(folder / given, whole, on=DAY, part_rows=5)
    victim = cluster.add_worker()
    script = subprocess.Popen([sys.executable, "-c", _KILL, str(out) + ".parts", str(victim.pid)])
    registry.route_file(folder / given, out, on=DAY, part_rows=5, scheduler=cluster.address)
    assert script.wait(30) == 0
    victim.wait(30)
    assert out.read_bytes() == whole.read_bytes()


_KILL = """
import os, signal, sys, time
from pathlib import Path
for _ in range(6000):
    if len(list(Path(sys.argv[1]).glob("0*.json"))) > 8:
        os.kill(int(sys.argv[2]), signal.SIGKILL)
        sys.exit(0)
    time.sleep(0.005)
sys.exit(1)
"""


class Cluster:
    """A Dask scheduler with a worker, as commands start them, each a process of its own."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.address = f"tcp://127.0.0.1:{free_port()}"
        self._folder, self._stack = folder, stack
        port = self.address.rsplit(":", 1)[1]
        self._start("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard")
        self.add_worker()

    def add_worker(self) -> subprocess.Popen[bytes]:
        """Start a worker of one thread and return its process."""
        return self._start(
            "distributed.cli.dask_worker", self.address, "--nthreads", "1", "--no-nanny", "--no-dashboard",
            "--local-directory", str(self._folder),
        )  # fmt: skip

    def _start(self, module: str, *words: str) -> subprocess.Popen[bytes]:
        log = self._stack.enter_context((self._folder / "log").open("ab"))
        process = subprocess.Popen([sys.executable, "-m", module, *words], stdout=log, stderr=log)
        self._stack.callback(process.wait, 30)
        self._stack.callback(process.terminate)
        return process


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with ExitStack() as stack:
        yield Cluster(tmp_path_factory.mktemp("cluster"), stack)


def test_gpkg_keys_stay(tmp_path: Path, registry: Registry) -> None:
    frame = geopandas.GeoDataFrame(
        {"fid": [7, 3, 9]}, geometry=shapely.points([NONGAN, YANJI, YINGAN]), crs=4326
    )
    frame.to_file(tmp_path / "in.gpkg", layer="x")
    registry.route_file(tmp_path / "in.gpkg", tmp_path / "out.gpkg", on=DAY)
    back = pyogrio.read_dataframe(tmp_path / "out.gpkg", fid_as_index=True)
    assert list(back.index) == sorted(back.index)
    assert set(back.index) == {7, 3, 9}
