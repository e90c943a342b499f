"""`geo-registry route-file` as people and programs use it: streams, exit codes, sentences, a bar on a terminal only."""

import csv
import json
import os
import pty
import subprocess
from pathlib import Path

import pytest

from tests.cli.test_cli import ON, call
from tests.places import NONGAN, YANJI
from tests.server import COMMAND, clean


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "in.csv"
    made.write_text(f"案号,经度,纬度\n007,{NONGAN[0]},{NONGAN[1]}\n008,{YANJI[0]},{YANJI[1]}\n")
    return made


def test_rows_out_and_what_it_came_to(loaded_url: str, path: Path) -> None:
    out = path.with_name("out.csv")
    done = call(loaded_url, "route-file", str(path), str(out), *ON)
    assert done.stdout == ""
    assert done.stderr.startswith("2 行 rows，")
    assert "  clear  2" in done.stderr
    assert "\x1b" not in done.stderr
    with out.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(r["案号"], r["court_code"]) for r in rows] == [("007", "cctl"), ("008", "ybtl")]
    told = json.loads(call(loaded_url, "route-file", str(path), str(out), *ON, "--json").stdout)
    assert (told["rows"], told["outcomes"], told["refused"]) == (2, {"clear": 2}, 0)


def test_refused_rows_are_told_and_the_exit_code_is_1(loaded_url: str, path: Path) -> None:
    out = path.with_name("out.csv")
    with path.open("a") as file:
        file.write("009,,\n010,44.4,125.1\n011,1\n" + "012,a,b\n" * 5)
    done = call(loaded_url, "route-file", str(path), str(out), *ON, "--lang", "en", expect=1)
    assert "8 行读不出，列 reason" in done.stderr
    assert "Row 3: The row says no place." in done.stderr
    assert "Row 4: Latitude 125.1 is outside -90..90 degrees." in done.stderr
    assert "Row 5: The row has 2 cells and there are 3 headings." in done.stderr
    assert "Row 8" not in done.stderr
    assert len(out.read_text().splitlines()) == 11


def test_a_name_that_is_taken_is_told(loaded_url: str, path: Path) -> None:
    path.write_text(path.read_text().replace("案号", "court"))
    done = call(loaded_url, "route-file", str(path), str(path.with_name("out.csv")), *ON)
    assert "are called answer_outcome" in done.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["none.csv", "out.csv"], "there is no such file"),
        (["in.csv", "in.csv"], "one file"),
        (["in.csv", "out.doc"], "is not known"),
        (["in.csv", "out.csv", "--lon", "x", "--lat", "纬度"], "no column 'x'"),
        (["in.csv", "out.csv", "--lon", "经度"], "do not say"),
        (["in.csv", "out.csv", "--crs", "EPSG:99999"], "is not known"),
        (["in.csv", "out.csv", "--accuracy-m", "far"], "between 0 and 100000"),
        (["in.csv", "out.csv", "--workers", "0"], "workers cannot be"),
        (["in.csv", "out.csv", "--part-rows", "0"], "part-rows cannot be"),
        (["in.csv", "out.csv", "--lang", "fr"], "lang cannot be"),
        (["in.csv", "nowhere/out.csv"], "cannot be written"),
        (["in.csv", "out.csv", "--kind", "theft"], "kind cannot be"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_2(
    loaded_url: str, path: Path, words: list[str], says: str
) -> None:
    done = call(loaded_url, "route-file", *words, expect=2, cwd=path.parent)
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == 2
    assert not path.with_name("out.csv").exists()
    assert not path.with_name("out.csv.parts").exists()


def test_a_bar_on_a_terminal_only(loaded_url: str, path: Path) -> None:
    watching, terminal = pty.openpty()
    process = subprocess.Popen(
        [COMMAND, "route-file", str(path), str(path.with_name("out.csv")), *ON],
        env={**clean(), "GEO_REGISTRY_DATABASE_URL": loaded_url, "TERM": "xterm", "COLUMNS": "120"}, stderr=terminal,
    )  # fmt: skip
    os.close(terminal)
    seen = b""
    try:
        while read := os.read(watching, 4096):
            seen += read
    except OSError:  # the terminal is closed behind the command
        pass
    finally:
        os.close(watching)
    assert process.wait(30) == 0
    assert "行/秒 rows/s" in seen.decode()
    assert b"\x1b[" in seen
