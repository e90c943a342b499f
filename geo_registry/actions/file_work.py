"""The work on a file's parts, and who does it: this process, several, or the workers of a Dask scheduler.

All three do the same parts in the same way; which of them it was leaves no trace in the result.
"""

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from geo_registry.actions.file_rows import RowDecider, Statement
from geo_registry.errors import WorkersLost
from geo_registry.exchange.answers import Answers
from geo_registry.exchange.batches import Batch, Part, Source
from geo_registry.exchange.columns import Chosen
from geo_registry.exchange.outputs import Output
from geo_registry.exchange.parts import Note, PartsFolder
from geo_registry.gazetteer.index import Gazetteer
from geo_registry.routing.snapshot import Snapshot
from geo_registry.routing.threads import processors

REASONS_SHOWN = 5
_AHEAD = 2  # parts given out beyond those being worked on
TRIES = 3
Task = tuple[Part, pa.Table | None]
Run = Callable[["Job", Iterable[Task]], Iterator[Note]]


@dataclass
class Job:
    """All it takes to do a part of a file, in any process."""

    source: Source
    output: Output
    parts: PartsFolder
    chosen: Chosen
    system: str | None
    statement: Statement
    snapshot: Snapshot
    gazetteer: Gazetteer | None
    threads: int = 1
    _decider: RowDecider | None = field(default=None, init=False, repr=False)
    _lock: Any = field(default_factory=threading.Lock, init=False, repr=False)

    def do(self, part: Part, content: pa.Table | None) -> Note:
        """Read, decide and keep a part; returns its note."""
        return self.keep(*self.decide(part, content))

    def decide(self, part: Part, content: pa.Table | None) -> tuple[Batch, Answers]:
        """Read a part and decide it."""
        batch = self.source.batch(part, content)
        with self._lock:  # a worker may have threads; what a decider remembers is one thread's
            self._decider = self._decider or RowDecider(
                self.snapshot,
                self.gazetteer,
                self.statement,
                self.chosen,
                self.system,
                threads=self.threads,
            )
            return batch, self._decider.answers(batch)

    def keep(self, batch: Batch, answers: Answers) -> Note:
        """Write a part that is decided; returns its note."""
        part = batch.part
        reasons = tuple(answers.refusals(REASONS_SHOWN))
        data = self.output.part(batch, answers)
        return self.parts.keep(
            part.number, data, rows=part.rows, outcomes=answers.outcomes(), reasons=reasons
        )

    def __getstate__(self) -> dict[str, Any]:
        return {k: v for k, v in self.__dict__.items() if k not in ("_decider", "_lock")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._decider, self._lock = None, threading.Lock()


def run_here(job: Job, tasks: Iterable[Task]) -> Iterator[Note]:
    """Do the parts in order in this process, which has the processors to itself: one is written while the next is decided."""
    job.threads = processors()
    with ThreadPoolExecutor(1, thread_name_prefix="geo-registry parts") as writer:
        under_way: Future[Note] | None = None
        for task in tasks:
            decided = job.decide(*task)
            if under_way is not None:
                yield under_way.result()
            under_way = writer.submit(job.keep, *decided)
        if under_way is not None:
            yield under_way.result()


def run_in_processes(workers: int) -> Run:
    """Return a way to do the parts in several processes of this machine; one that is killed is replaced.

    Raises
    ------
    WorkersLost
        (While running) a part was given out three times and its process ended each time.
    """

    def run(job: Job, tasks: Iterable[Task]) -> Iterator[Note]:
        waiting = iter(tasks)
        again: list[tuple[Task, int]] = []
        while True:
            lost: list[tuple[Task, int]] = []
            with ProcessPoolExecutor(
                workers, multiprocessing.get_context("spawn"), initializer=_begin, initargs=(job,)
            ) as pool:
                yield from _through(pool, waiting, again, lost, workers + _AHEAD)
            if not lost:
                return
            again = [(task, tries + 1) for task, tries in lost]
            for (part, _), tries in again:
                if tries >= TRIES:
                    raise WorkersLost(part=part.number, tries=tries)

    return run


def _through(
    pool: ProcessPoolExecutor,
    waiting: Iterator[Task],
    again: list[tuple[Task, int]],
    lost: list[tuple[Task, int]],
    most: int,
) -> Iterator[Note]:
    """Give out parts and yield their notes; those under way when a process ends are put to `lost`."""
    out: dict[Future[Note], tuple[Task, int]] = {}
    try:
        while True:
            while len(out) < most and not lost:
                given = again.pop() if again else _next(waiting)
                if given is None:
                    break
                try:
                    out[pool.submit(_do, *given[0])] = given
                except BrokenProcessPool:
                    lost.append(given)
            if not out:
                lost += again
                return
            for done in wait(out, return_when=FIRST_COMPLETED).done:
                given = out.pop(done)
                try:
                    yield done.result()
                except BrokenProcessPool:
                    lost.append(given)
    finally:
        for future in out:
            future.cancel()


def _next(waiting: Iterator[Task]) -> tuple[Task, int] | None:
    task = next(waiting, None)
    return None if task is None else (task, 0)


_job: Job | None = None


def _begin(job: Job) -> None:
    """Keep the job in a new process, which ends when the one that made it does."""
    global _job
    _job = job
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: Any) -> None:
    parent.join()
    os._exit(1)


def _do(part: Part, content: pa.Table | None) -> Note:
    assert _job is not None
    return _job.do(part, content)
