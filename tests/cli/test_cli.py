"""The command line as people and programs use it: a process, its two streams, its exit code."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.places import NONGAN, YINGAN
from tests.server import COMMAND, clean
from tests.support import DAY, Bench, private_home

ON = ("--on", DAY.isoformat())
HERE = f"{NONGAN[0]},{NONGAN[1]}0"


@pytest.fixture(scope="module")
def url(bench: Bench) -> str:
    return bench.copy()


def call(url: str | None, *words: str, expect: int = 0, **more: Any) -> subprocess.CompletedProcess[str]:
    environment = {**clean(), **({"GEO_REGISTRY_DATABASE_URL": url} if url else {}), **more.pop("env", {})}
    done = subprocess.run(
        [COMMAND, *words], env=environment, capture_output=True, text=True, check=False, **more
    )
    assert done.returncode == expect, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    return done


def test_route_for_people(url: str) -> None:
    done = call(url, "route", HERE, *ON)
    for words in (
        "125.16791, 44.4261",
        "明确 clear",
        "长春铁路运输法院",
        "第二项",
        "农安县 220122",
        "饮马河",
        "据转载",
    ):
        assert words in done.stdout
    assert done.stdout.index("Reading") < done.stdout.index("Outcome")
    assert done.stderr == ""


def test_route_for_programs(url: str) -> None:
    answer = json.loads(call(url, "route", HERE, *ON, "--json").stdout)
    assert (answer["outcome"], answer["court"]["code"]) == ("clear", "cctl")


def test_several_places_files_and_systems(url: str, tmp_path: Path) -> None:
    two = json.loads(call(url, "route", HERE, "127.33473,43.72133", *ON, "--json").stdout)
    assert two["outcome"] == "cross_court"
    path = tmp_path / "area.geojson"
    path.write_text(
        json.dumps({"type": "LineString", "coordinates": [[125.2, 44.4], [125.3, 44.5]]}),
        encoding="utf-8-sig",
    )
    line = json.loads(call(url, "route", f"@{path}", *ON, "--json").stdout)
    assert (line["outcome"], line["reading"]["input"]) == ("clear", "@area.geojson")
    survey = json.loads(call(url, "route", "4919300,434000", "--crs", "EPSG:4551", *ON, "--json").stdout)
    assert survey["reading"]["notation"] == "gauss-kruger"
    phone = json.loads(call(url, "route", HERE, "--crs", "gcj02", "--accuracy-m", "50", *ON, "--json").stdout)
    assert (phone["reading"]["datum"], phone["reading"]["accuracy_m"]) == ("gcj02", 50.0)
    assert phone["reading"]["lon"] != NONGAN[0]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["95.43,125.18"], "were they swapped?"),
        (["125.18,44.43", "--role", "witness"], "act, result"),
        (["nan,44"], "cannot be read"),
        ([""], "cannot be read"),
        (["200,44"], "-180..180"),
        (["125,44", "--crs", "EPSG:99999"], "is not known"),
        (["125,44", "--crs", "EPSG:4531"], "lie outside the area"),
        (["125,44", "--on", "2022-13-01"], "is not a day"),
        (["125,44", "--accuracy-m", "far"], "Give metres between 0 and 100000"),
        (["125,44", "--kind", "theft"], "Use one of: criminal"),
        (["125,44", "--level", "top"], "Use one of: basic, intermediate"),
        (["125,44", "--territory", "sea"], "Use one of: ordinary"),
        (["@nowhere.geojson"], "cannot be read"),
    ],
)
def test_bad_input_is_a_sentence_and_exit_2_before_anything_is_opened(words: list[str], says: str) -> None:
    done = call("postgresql://nobody@127.0.0.1:9/nothing", "route", *words, expect=2)
    zh, en = done.stderr.strip().split("\n")
    assert says in en
    assert any("\u4e00" <= c <= "\u9fff" for c in zh)
    assert done.stdout == ""


def test_usage_errors_are_exit_2() -> None:
    assert "Missing argument" in call(None, "route", expect=2).stderr
    assert "No such option" in call(None, "route", "125,44", "--knd", "x", expect=2).stderr
    assert "No such command" in call(None, "rout", expect=2).stderr


def test_a_database_that_is_away_is_a_sentence_and_exit_1() -> None:
    done = call(
        "postgresql://nobody@127.0.0.1:9/nothing",
        "route",
        "125,44",
        expect=1,
        env={"GEO_REGISTRY_DATABASE_TIMEOUT_S": "2"},
    )
    assert "The database does not answer right now" in done.stderr
    assert "cannot be used" in call("what://", "route", "125,44", expect=2).stderr


def test_recording_listing_showing_replaying_verifying(url: str) -> None:
    made = call(url, "route", f"{YINGAN[0]},{YINGAN[1]}0000", *ON, "--record", "--json").stdout
    id = json.loads(made)["id"]
    assert id in call(url, "decisions", "list").stdout
    assert call(url, "decisions", "show", id).stdout == made
    replayed = call(url, "decisions", "replay", id)
    assert replayed.stdout == made
    assert "The same bytes as recorded" in replayed.stderr
    assert "The same bytes" in call(url, "decisions", "replay", id, "--known-on", "2100-01-01").stderr
    early = call(url, "decisions", "replay", id, "--known-on", "2001-01-01", expect=1).stderr
    assert "held nothing yet at 2001-01-02" in early
    for day in ("9999-12-31", "2001-02-30"):
        assert "is not a day" in call(url, "decisions", "replay", id, "--known-on", day, expect=2).stderr
    assert "0 different" in call(url, "decisions", "verify").stderr
    assert "No recorded answer has the id" in call(url, "decisions", "show", "nope", expect=1).stderr


def test_zones(url: str) -> None:
    assert [v["id"] for v in json.loads(call(url, "zones", "list", "--json").stdout)] == ["2022-09-26"]
    shown = json.loads(call(url, "zones", "show", "2022-09-26", "--json").stdout)
    assert len(shown["designations"]) == 71
    assert "长" not in call(url, "zones", "show", "2022-09-26").stderr
    assert "0 项问题" in call(url, "zones", "check", "2022-09-26").stderr
    assert "already" in call(url, "zones", "publish", "2022-09-26", expect=1).stderr
    assert "There is no zone version" in call(url, "zones", "show", "1999", expect=1).stderr


def test_layers_basins_and_stats(url: str) -> None:
    listed = {item["id"]: item["rows"] for item in json.loads(call(url, "layers", "list", "--json").stdout)}
    assert (listed["counties"], listed["court_zones"], listed["sample_sites"]) == (79, 71, 0)
    assert "Amap" in call(url, "layers", "show", "counties").stdout
    assert "0 项问题" in call(url, "layers", "check").stderr
    assert len(json.loads(call(url, "basins", "list", "--json").stdout)) == 21
    shown = json.loads(call(url, "basins", "show", "东辽河", "--json").stdout)
    assert {a["id"] for a in shown["agreements"]} == {"east-liao-2021", "east-liao-2022"}
    (at,) = json.loads(call(url, "basins", "at", HERE, "--json").stdout)
    assert (at["name"], at["near_divide"]) == ("饮马河", False)
    assert "No basin has" in call(url, "basins", "show", "长江", expect=1).stderr
    stats = json.loads(call(url, "stats", "--json").stdout)
    assert {r["quoted"]["value"] for r in stats["registers"]} >= {"12", "34", "26", "22", "7", "1"}
    for words in (
        ["layers", "list"],
        ["basins", "list"],
        ["basins", "show", "JLB-DL"],
        ["basins", "at", HERE],
        ["stats"],
    ):
        assert call(url, *words).stdout.strip()


def test_sample_in_and_out_again(bench: Bench) -> None:
    url = bench.copy()
    call(url, "layers", "load", "--sample")
    assert json.loads(call(url, "layers", "list", "--json").stdout)
    near = json.loads(call(url, "route", "125.20000,44.45000", *ON, "--json").stdout)
    assert any(s["sample"] for s in near["nearby"]["restoration_bases"])
    assert "4 条示例已移除" in call(url, "layers", "remove-sample").stderr
    near = json.loads(call(url, "route", "125.20000,44.45000", *ON, "--json").stdout)
    assert not any(s["sample"] for s in near["nearby"]["restoration_bases"])
    bench.drop(url)


def test_a_map(url: str, tmp_path: Path) -> None:
    out = tmp_path / "地图.html"
    call(url, "map", str(out), "--place", HERE, *ON)
    assert "长春铁路运输法院" in out.read_text(encoding="utf-8")
    assert "layers cannot be" in call(url, "map", str(out), "--layers", "roads", expect=2).stderr


def test_config_shows_every_setting_and_names_those_nobody_reads() -> None:
    done = call(
        "postgresql://me:secret@db/registry",
        "config",
        env={
            "GEO_REGISTRY_HOEM": "/x",
            "GEO_REGISTRY_READ_DATABASE_URL": "postgresql://me:secret@db2/registry",
        },
    )
    assert "secret" not in done.stdout + done.stderr
    assert "GEO_REGISTRY_DATABASE_TIMEOUT_S" in done.stdout
    assert "GEO_REGISTRY_HOEM" in done.stderr
    assert json.loads(call(None, "config", "--json").stdout)["GEO_REGISTRY_DATABASE_TIMEOUT_S"] == "15.0"
    assert (
        "GEO_REGISTRY_DATABASE_TIMEOUT_S"
        in call(None, "config", expect=2, env={"GEO_REGISTRY_DATABASE_TIMEOUT_S": "x"}).stderr
    )


@pytest.fixture
def home() -> Iterator[Path]:
    with private_home() as folder:
        yield folder
        subprocess.run(
            [COMMAND, "db", "stop"],
            env={**clean(), "GEO_REGISTRY_HOME": str(folder)},
            check=False,
            capture_output=True,
        )


def test_db_from_nothing(home: Path) -> None:
    mine = {"GEO_REGISTRY_HOME": str(home)}
    assert json.loads(call(None, "db", "status", "--json", expect=1, env=mine).stdout)["running"] is False
    call(None, "db", "stop", env=mine)
    call(None, "db", "start", env=mine)
    call(None, "db", "start", env=mine)
    assert json.loads(call(None, "db", "status", "--json", env=mine).stdout)["running"] is True
    url = call(None, "db", "url", env=mine).stdout.strip()
    assert url.startswith("postgresql+asyncpg://geo_registry@/geo_registry?host=")
    assert "Run: geo-registry db upgrade" in call(None, "route", HERE, expect=1, env=mine).stderr
    call(None, "db", "check", expect=1, env=mine)
    call(None, "db", "upgrade", env=mine)
    call(None, "db", "check", env=mine)
    assert "Run: geo-registry layers load" in call(None, "route", HERE, expect=1, env=mine).stderr
    call(None, "db", "stop", env=mine)
    assert "manage it there" in call(url, "db", "start", expect=1).stderr


def test_missing_postgis_is_named_with_the_command(tmp_path: Path) -> None:
    done = call(
        None,
        "db",
        "start",
        expect=1,
        env={"GEO_REGISTRY_POSTGRES_BIN": str(tmp_path), "GEO_REGISTRY_HOME": str(tmp_path)},
    )
    assert "sudo apt-get install --no-install-recommends postgresql-postgis" in done.stderr


def test_a_taken_port_is_a_sentence(server: str, url: str) -> None:
    port = server.rsplit(":", 1)[1]
    assert f"127.0.0.1:{port} cannot be listened on" in call(url, "serve", "--port", port, expect=1).stderr


def test_a_closed_pipe_is_no_error(url: str) -> None:
    done = subprocess.run(
        f"{COMMAND} basins list | head -n 1", shell=True, env={**clean(), "GEO_REGISTRY_DATABASE_URL": url},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    assert done.stdout


def test_output_is_the_same_in_a_poor_locale(url: str) -> None:
    done = call(url, "route", HERE, *ON, env={"LC_ALL": "C", "LANG": "C", "PYTHONIOENCODING": ""})
    assert "长春铁路运输法院" in done.stdout


def test_help_names_every_command() -> None:
    text = call(None, "--help").stdout
    for name in ("route", "decisions", "zones", "layers", "basins", "stats", "map", "db", "config", "serve"):
        assert name in text
    assert call(None, "--version").stdout.startswith("geo-registry ")
