"""What of a text no name was read in."""

from geo_registry.gazetteer.boundaries import GAP, lead_end
from geo_registry.gazetteer.fold import Fit


def unread(text: str, sides: list[list[Fit]]) -> str:
    """Return the parts of a text outside the names read, gaps and introducing words left out."""
    spans = sorted({(m.start, m.end) for side in sides for fit in side for m, _ in fit.steps})
    parts, at = [], 0
    for start, end in [*spans, (len(text), len(text))]:
        parts.append(_trimmed(text[at:start]))
        at = max(at, end)
    return " ".join(part for part in parts if part)


def _trimmed(part: str) -> str:
    part = GAP.sub(" ", part).strip()
    return part[lead_end(part, 0) :].strip() if part else part
