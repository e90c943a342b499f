"""Route many questions about single points: what their answers share is kept while the law stays the same."""

from collections import OrderedDict

from geo_registry.actions.ask import Query
from geo_registry.actions.route_case import ENGINE, now
from geo_registry.geo.reading.model import Reading
from geo_registry.routing.many import PointDecider, Stated
from geo_registry.routing.ready import ReadyAnswers
from geo_registry.routing.snapshot import Snapshot

_MOST_STATEMENTS = 8


class ReadyPoints:
    """The deciders of one process, by snapshot and by what was stated; the least used is let go.

    A snapshot of another revision lets go of all that rest on an older one. Not for several threads.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[int, Stated], ReadyAnswers] = OrderedDict()
        self._revision: int | None = None

    def of(self, snapshot: Snapshot, stated: Stated) -> ReadyAnswers:
        """Return what answers points under a statement from a snapshot."""
        if snapshot.revision != self._revision:
            self._kept.clear()
            self._revision = snapshot.revision
        key = (id(snapshot), stated)  # what is kept holds its snapshot, so no other can have its id
        if key not in self._kept:
            if len(self._kept) >= _MOST_STATEMENTS:
                self._kept.popitem(last=False)
            self._kept[key] = ReadyAnswers(PointDecider(snapshot, stated), engine=ENGINE)
        self._kept.move_to_end(key)
        return self._kept[key]


def route_point(query: Query, reading: Reading, snapshot: Snapshot, ready: ReadyPoints) -> bytes:
    """Return the answer to a question about one point as JSON: the bytes `route_case` would give.

    Parameters
    ----------
    query
        A question with one place, without a role.
    reading
        The only reading of that place, a position.
    snapshot
        What is known of the law of the day asked about.
    """
    stated = Stated(query.on, query.kind, query.level, query.territory, reading.datum_known)
    place = query.places[0].to_dict()
    return ready.of(snapshot, stated).answer(reading, place=place, asked_at=now())
