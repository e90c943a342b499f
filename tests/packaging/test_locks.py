"""What is committed: pins without addresses, no machine's paths, nothing that comes by package."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
LOCKS = sorted([*ROOT.glob("requirements*.lock"), ROOT / "package-lock.json"])
TRACKED = subprocess.run(
    ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
).stdout.split()


@pytest.mark.parametrize("lock", LOCKS, ids=lambda p: p.name)
def test_pins_carry_names_versions_and_hashes_and_no_address(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert not re.search(r"https?://|file:|git\+|(?<![\w=<>])/(?:home|root|work|opt|usr|tmp)/", text)
    if lock.suffix == ".lock":
        pins = re.split(r"\n(?=[a-z])", text.strip())
        assert pins
        assert all(
            re.match(r"[a-z0-9][a-z0-9._-]*(\[[^\]]+\])?==", pin) and "--hash=sha256:" in pin for pin in pins
        )
    else:
        assert '"integrity"' in text
        assert '"resolved"' not in text


def test_the_development_lock_agrees_with_the_runtime_one() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^[a-z0-9._-]+==\S+", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE))

    assert pins("requirements.lock") <= pins("requirements-dev.lock")


def test_every_dependency_is_pinned_and_has_its_line_of_why() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    wanted = [
        *project["project"]["dependencies"],
        *project["project"]["optional-dependencies"]["jilin"],
        *groups["dev"],
    ]
    names = {re.split(r"[\[<>=]", name)[0] for name in wanted}
    lock = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8")
    why = (ROOT / "docs/architecture.md").read_text(encoding="utf-8").split("## Dependencies")[1]
    for name in names:
        assert re.search(rf"^{re.escape(name)}==", lock, re.MULTILINE), name
        assert name in why or name in ("editables", "ipykernel", "nbformat"), f"{name} has no line of why"


TEXT = {
    ".py",
    ".md",
    ".toml",
    ".sh",
    ".js",
    ".css",
    ".html",
    ".json",
    ".lock",
    ".csv",
    ".cfg",
    ".svg",
    ".ipynb",
    "",
}


@pytest.mark.parametrize("name", [n for n in TRACKED if Path(n).suffix in TEXT])
def test_no_path_of_a_machine_and_no_secret(name: str) -> None:
    path = ROOT / name
    if not path.is_file() or path == Path(__file__):
        return
    text = path.read_text(encoding="utf-8")
    assert not re.search(
        r"/(?:root|home/\w+)/|/work/|file:///|BEGIN [A-Z ]*PRIVATE KEY|AKIA[0-9A-Z]{16}", text
    )


def test_what_comes_by_package_is_not_committed() -> None:
    assert not [
        n for n in TRACKED if "vendor/" in n or "node_modules/" in n or n.endswith(("uv.lock", ".whl"))
    ]
