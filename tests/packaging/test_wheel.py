"""The wheel: built, looked into, installed beside pinned dependencies, and run from an empty folder."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import httpx
import pytest

from tests.places import NONGAN
from tests.server import clean, serving

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (made,) = out.glob("*.whl")
    return made


def test_what_is_in_it(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {n.split("/")[0] for n in names if ".dist-info" not in n}
    assert tops == {"geo_registry", "geo_registry_api"}  # a top-level `api` belongs to whoever installs last
    for wanted in (
        "geo_registry/_layers/courts/layer.toml",
        "geo_registry/_layers/court_zones/2022-09-26/designations.csv",
        "geo_registry/maps/vendor/leaflet.js",
        "geo_registry/maps/vendor/images/layers.png",
        "geo_registry/maps/vendor/swagger-ui-bundle.js",
        "geo_registry/db/migrations/script.py.mako",
        "geo_registry_api/templates/index.html",
        "geo_registry_api/static/page.js",
        "geo_registry/py.typed",
    ):
        assert wanted in names
    assert any(n.startswith("geo_registry/db/migrations/versions/2") for n in names)
    assert not [n for n in names if n.endswith(".pyc") or "/tests/" in n or "node_modules" in n]


@pytest.fixture(scope="module")
def command(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the pinned dependencies and the wheel, and no checkout on its path."""
    home = tmp_path_factory.mktemp("installed")
    uv = str(Path(sys.executable).parent / "uv")
    subprocess.run([uv, "venv", "-q", "--python", sys.executable, str(home / "env")], check=True)
    python = str(home / "env/bin/python")
    lock = str(ROOT / "requirements.lock")
    subprocess.run(
        [uv, "pip", "install", "-q", "--python", python, "--require-hashes", "-r", lock], check=True
    )
    subprocess.run([uv, "pip", "install", "-q", "--python", python, "--no-deps", str(wheel)], check=True)
    return home / "env/bin/geo-registry"


def test_it_routes_from_an_empty_folder(command: Path, loaded_url: str, tmp_path: Path) -> None:
    environment = {**clean(), "GEO_REGISTRY_DATABASE_URL": loaded_url}
    words = [str(command), "route", f"{NONGAN[0]},{NONGAN[1]}0", "--json"]
    done = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["court"]["name"] == "长春铁路运输法院"
    assert list(tmp_path.iterdir()) == []
    subprocess.run(
        [str(command), "map", "map.html"], cwd=tmp_path, env=environment, check=True, capture_output=True
    )
    assert (tmp_path / "map.html").stat().st_size > 500_000


def test_it_loads_its_own_layers_into_an_empty_database(
    command: Path, empty_url: str, tmp_path: Path
) -> None:
    environment = {**clean(), "GEO_REGISTRY_DATABASE_URL": empty_url}
    for words in (
        ["db", "upgrade"],
        ["layers", "check"],
        ["layers", "load", "--publish"],
        ["zones", "check", "2022-09-26"],
    ):
        subprocess.run([str(command), *words], cwd=tmp_path, env=environment, check=True, capture_output=True)


def test_it_serves(command: Path, loaded_url: str, tmp_path: Path) -> None:
    with serving({"GEO_REGISTRY_DATABASE_URL": loaded_url}, command=(str(command),), cwd=tmp_path) as base:
        assert "吉林省环境资源案件管辖" in httpx.get(base).text
        for address in ("/static/page.js", "/vendor/leaflet.js", "/openapi.json", "/docs"):
            assert httpx.get(base + address).status_code == 200
