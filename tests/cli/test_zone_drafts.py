"""Drafting on the command line: the commands of docs/zones.md, one after the other."""

import json
import shlex
import subprocess

from tests.docs.test_docs import DOCS, blocks
from tests.server import COMMAND, clean

_LINES = [line for block in blocks(DOCS["zones.md"], "sh") for line in block.splitlines()]


def test_the_documented_draft_can_be_made_and_weighed(fresh_url: str) -> None:
    said = [_run(fresh_url, *shlex.split(line)[1:]) for line in _LINES]
    assert len(said) == 5
    drafted, edited, amended, differs, impact = said
    assert "+71" in drafted.stdout
    assert "~1" in edited.stdout
    assert "edit 3" in amended.stdout
    assert "农安县" in differs.stdout
    assert "吉林铁路运输法院" in differs.stdout
    assert "100.00%" in impact.stdout
    assert "0 recorded answers" in impact.stderr
    found = json.loads(_run(fresh_url, "zones", "impact", "2027-01-01", "--json").stdout)
    assert [(u["adcode"], u["court_after"]) for u in found["units"]] == [("220122", "jltl")]
    assert "2027-01-01" not in _run(fresh_url, "zones", "log").stdout
    late = _run(
        fresh_url,
        "zones",
        "edit",
        "2027-01-01",
        "220122",
        "article=二",
        "--why",
        "x",
        "--expect",
        "1",
        expect=1,
    )
    assert "Read it again" in late.stderr
    _run(fresh_url, "zones", "edit", "2027-01-01", "220122", "article", "--why", "x", expect=2)
    _run(fresh_url, "zones", "draft", "2028-01-01", expect=2)


def _run(url: str, *words: str, expect: int = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [COMMAND, *words], env={**clean(), "GEO_REGISTRY_DATABASE_URL": url}, capture_output=True, text=True, check=False
    )  # fmt: skip
    assert done.returncode == expect, done.stderr
    assert "Traceback" not in done.stderr
    return done
