"""The documentation tells the truth: what it lists exists, what exists is listed, and its commands run."""

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from typer.main import get_command

from geo_registry.catalogue import get_catalogue
from geo_registry.cli.main import app
from geo_registry.routing import level, notices, readings
from geo_registry.routing.answer import Answer
from geo_registry.routing.model import Notice
from geo_registry.settings import PREFIX, Settings
from tests.server import COMMAND, clean
from tests.unit.test_ground import ERRORS

ROOT = Path(__file__).parent.parent.parent
DOCS = {p.name: p.read_text(encoding="utf-8") for p in (ROOT / "docs").glob("*.md")}
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def listed(text: str) -> set[str]:
    """Return the names in the first column of every table, as code."""
    return set(re.findall(r"^\| `([^`]+)`", text, re.MULTILINE))


def test_every_error_is_documented() -> None:
    assert listed(DOCS["errors.md"]) == {e.code for e in ERRORS}


def test_every_setting_is_documented_and_described() -> None:
    assert listed(DOCS["operations.md"]) == {PREFIX + name.upper() for name in Settings.model_fields}
    assert all(field.description for field in Settings.model_fields.values())


def test_every_layer_is_documented() -> None:
    assert listed(DOCS["layers.md"]) == set(get_catalogue().layers)


def test_every_warning_is_documented() -> None:
    codes = {
        v.code
        for module in (notices, level, readings)
        for v in vars(module).values()
        if isinstance(v, Notice)
    }
    codes |= {"datum-matters", "exclusive-place", "role-is-no-ground"}  # made for the case
    section = DOCS["routing.md"].split("## Warnings")[1]
    assert listed(section) == codes


def test_every_field_of_an_answer_is_documented() -> None:
    section = DOCS["routing.md"].split("## The answer")[1].split("## Warnings")[0]
    named = set(
        re.findall(
            r"`(\w+)`",
            "\n".join(line.split("|")[1] for line in section.splitlines() if line.startswith("| `")),
        )
    )
    assert named == set(Answer.__slots__)


def test_every_command_is_documented_and_helps() -> None:
    names = set()
    for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]
        assert command.help
        subs = getattr(command, "commands", None)
        names |= {f"{name} {sub}" for sub in subs} if subs else {name}
    assert listed(DOCS["cli.md"]) == names


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_paths_named_in_the_docs_exist(page: Path) -> None:
    for path in re.findall(
        r"`((?:geo_registry|api|layers|tests|script|docs)/[\w./]+)`", page.read_text(encoding="utf-8")
    ):
        assert (ROOT / path).exists(), path


COMMANDS = [
    line
    for page in (README, *(DOCS[n] for n in ("zones.md",)))
    for block in blocks(page, "bash")
    for line in block.splitlines()
    if line.startswith(".venv/bin/geo-registry")
]


@pytest.mark.parametrize("line", COMMANDS)
def test_the_commands_run(line: str, fresh_or_shared: str, tmp_path: Path) -> None:
    words = shlex.split(line)[1:]
    (tmp_path / "out").mkdir()
    done = subprocess.run(
        [COMMAND, *words], env={**clean(), "GEO_REGISTRY_DATABASE_URL": fresh_or_shared}, cwd=tmp_path,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def fresh_or_shared(server: str, bench: object) -> str:
    from tests.support import Bench

    assert isinstance(bench, Bench)
    return bench.copy()


def test_the_readme_s_example_three_ways(server: str, fresh_or_shared: str) -> None:
    (snippet,) = blocks(README, "python")
    environment = {**clean(), "GEO_REGISTRY_DATABASE_URL": fresh_or_shared}
    done = subprocess.run(
        [sys.executable, "-c", snippet], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "clear 长春铁路运输法院"
    (curl,) = [b for b in blocks(README, "bash") if b.startswith("curl")]
    address = shlex.split(curl)[1].replace("http://127.0.0.1:8000", server)
    body = httpx.get(address).json()
    assert (body["outcome"], body["court"]["name"]) == ("clear", "长春铁路运输法院")
    (shown,) = blocks(README, "text")
    printed = subprocess.run(
        [COMMAND, "route", "125.16791,44.42610"], env=environment, capture_output=True, text=True, check=True
    )
    for row in shown.splitlines()[:3]:
        assert row.split("  ")[-1].strip() in printed.stdout


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda p: p.name)
def test_notebooks_run(path: Path, fresh_or_shared: str) -> None:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    assert all(not cell.get("outputs") for cell in cells), "outputs are cleared before a commit"
    done = subprocess.run(
        [sys.executable, "-c", _RUN, str(path)], env={**clean(), "GEO_REGISTRY_DATABASE_URL": fresh_or_shared},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


_RUN = """
import sys, nbformat
from nbclient import NotebookClient
NotebookClient(nbformat.read(sys.argv[1], as_version=4), timeout=300, kernel_name="python3").execute()
"""
