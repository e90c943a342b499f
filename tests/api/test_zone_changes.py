"""The public log of versions: JSON and a feed, without drafts."""

from collections.abc import Iterator
from datetime import date

import httpx
import pytest
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

from geo_registry.actions.publish_zones import publish_zones
from geo_registry.db import zone_store
from geo_registry.db.engine import Database, lock_for_writing
from geo_registry.db.queries.zones import get_version
from tests.server import serving
from tests.support import Bench, run
from tests.zone_drafts import BASE, DRAFT, FIRST, NONGAN, moved

_ATOM = "{http://www.w3.org/2005/Atom}"


async def end_base(database: Database) -> None:
    """Let the base end where the draft begins, as a decision of the registrar does."""
    async with database.write() as session:
        at = await lock_for_writing(session)
        base = await get_version(session, BASE)
        head = {
            "id": BASE, "title_zh": base.title.zh, "title_en": base.title.en, "valid_from": base.validity.valid_from,
            "valid_to": FIRST, "sources": await zone_store.sources_of(session, BASE),
        }  # fmt: skip
        await zone_store.store_head(session, head, "published", at=at)


@pytest.fixture(scope="module")
def drafted(bench: Bench) -> str:
    url = bench.copy()
    run(url, moved)
    return url


@pytest.fixture(scope="module")
def http(drafted: str) -> Iterator[httpx.Client]:
    with (
        serving({"GEO_REGISTRY_DATABASE_URL": drafted}) as base,
        httpx.Client(base_url=base, timeout=60) as client,
    ):
        yield client


def test_a_draft_is_nowhere_until_it_is_published_and_then_in_the_log(
    http: httpx.Client, drafted: str
) -> None:
    assert http.get(f"/zones/{DRAFT}").status_code == 404
    assert http.get(f"/zones/{DRAFT}/check").status_code == 404
    assert http.get(f"/zones/{DRAFT}/features").status_code == 404
    for path in ("/zones", "/zones/changes", "/zones/changes.atom"):
        answer = http.get(path)
        assert answer.status_code == 200
        assert DRAFT not in answer.text
        assert BASE in answer.text
    run(drafted, end_base)
    run(drafted, lambda database: publish_zones(database, DRAFT, actor="registrar-b"))
    newest, first = http.get("/zones/changes").json()["items"]
    assert (newest["id"], newest["before"], newest["valid_from"]) == (DRAFT, BASE, str(FIRST))
    assert (first["id"], first["before"], first["differences"]) == (BASE, None, [])
    assert first["instruments"]
    said = {(d["subject"], d["key"], d["field"]): d for d in newest["differences"]}
    assert set(said) == {
        ("designation", NONGAN, "court_code"), ("designation", NONGAN, "article"), ("unit", NONGAN, "parent_adcode"),
    }  # fmt: skip
    assert "jltl" in said["designation", NONGAN, "court_code"]["after"]
    assert date.fromisoformat(first["valid_to"]) == FIRST
    _check_feed(http)


def _check_feed(http: httpx.Client) -> None:
    answer = http.get("/zones/changes.atom", headers={"Accept": "application/atom+xml"})
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = fromstring(answer.content)
    assert feed.tag == f"{_ATOM}feed"
    entries = feed.findall(f"{_ATOM}entry")
    assert len(entries) == 2
    for part in (feed, *entries):  # what RFC 4287 asks of each, exactly once
        for name in ("id", "title", "updated"):
            (one,) = part.findall(f"{_ATOM}{name}")
            assert one.text
    assert feed.find(f"{_ATOM}author/{_ATOM}name") is not None
    assert len({e.findtext(f"{_ATOM}id") for e in entries}) == 2
    assert feed.findtext(f"{_ATOM}updated") == max(e.findtext(f"{_ATOM}updated") or "" for e in entries)
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{_ATOM}link")}
    assert links["self"] == str(http.base_url).rstrip("/") + "/zones/changes.atom"
    linked = entries[0].find(f"{_ATOM}link")
    assert linked is not None
    assert http.get(linked.get("href") or "").json()["id"] == DRAFT
    assert "农安县" in (entries[0].findtext(f"{_ATOM}summary") or "")
