"""The only reading of validity in Python: half-open days, `[valid_from, valid_to)`."""

import re
from dataclasses import dataclass
from datetime import date

from geo_registry.errors import BadDay

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Validity:
    """A half-open span of days; None is an open end. The first day counts, the last day does not."""

    valid_from: date | None = None
    valid_to: date | None = None

    def contains(self, day: date) -> bool:
        """Tell whether the day falls in the span."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day < self.valid_to)

    def overlaps(self, other: "Validity") -> bool:
        """Tell whether some day falls in both spans."""
        if self.is_empty or other.is_empty:
            return False
        starts = [d for d in (self.valid_from, other.valid_from) if d is not None]
        ends = [d for d in (self.valid_to, other.valid_to) if d is not None]
        return not starts or not ends or max(starts) < min(ends)

    @property
    def is_empty(self) -> bool:
        """Tell whether no day falls in the span."""
        return self.valid_from is not None and self.valid_to is not None and self.valid_from >= self.valid_to


def parse_day(text: str) -> date:
    """Return the day written as YYYY-MM-DD.

    Raises
    ------
    BadDay
        Another form, or not on the calendar.
    """
    try:
        if not _DAY.fullmatch(text.strip()):
            raise ValueError
        return date.fromisoformat(text.strip())
    except ValueError:
        raise BadDay(text=text) from None
