"""The public log of versions as an Atom feed (RFC 4287)."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from geo_registry.actions.list_changes import VersionChange

_ATOM = "http://www.w3.org/2005/Atom"
_ID = "urn:geo-registry:zones"
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # in XML, however escaped
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # of a log without an entry


def render_feed(changes: Sequence[VersionChange], *, base: str) -> bytes:
    """Return the feed as XML in UTF-8.

    Parameters
    ----------
    base
        Address of the service, without a slash at its end.
    """
    register_namespace("", _ATOM)
    feed = Element(f"{{{_ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": "zh"})
    _add(feed, "id", f"{_ID}:changes")
    _add(feed, "title", "吉林省环境资源案件管辖版本 Versions of jurisdiction, Jilin")
    _add(feed, "updated", _instant(max((c.published_at for c in changes), default=_NEVER)))
    SubElement(
        feed, f"{{{_ATOM}}}link", rel="self", type="application/atom+xml", href=f"{base}/zones/changes.atom"
    )
    _add(SubElement(feed, f"{{{_ATOM}}}author"), "name", "geo-registry")
    for change in changes:
        _entry(feed, change, base)
    text: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return text


def _entry(feed: Element, change: VersionChange, base: str) -> None:
    entry = SubElement(feed, f"{{{_ATOM}}}entry")
    version, path = change.version, quote(change.version.id, safe="")
    _add(entry, "id", f"{_ID}:{path}")
    _add(entry, "title", f"{version.title.zh} {version.title.en}")
    _add(entry, "published", _instant(change.published_at))
    _add(entry, "updated", _instant(change.published_at))
    SubElement(
        entry, f"{{{_ATOM}}}link", rel="alternate", type="application/json", href=f"{base}/zones/{path}"
    )
    _add(entry, "summary", _summary(change))


def _summary(change: VersionChange) -> str:
    days = change.version.validity
    lines = [f"自 {days.valid_from} 起施行，依据：{'；'.join(change.instruments)}。"]
    lines.append(f"The law from {days.valid_from} on, by: {'; '.join(change.instruments)}.")
    return "\n".join(lines + [f"{d.text.zh} / {d.text.en}" for d in change.differences])


def _add(parent: Element, name: str, text: str) -> None:
    SubElement(parent, f"{{{_ATOM}}}{name}").text = _ILLEGAL.sub("\ufffd", text)


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
