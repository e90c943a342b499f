"""Where the records and cells of a text file lie: compiled walks over its bytes.

The rules for quotes are those of Python's `csv`: a quote opens a quoted cell only as its first
character, two quotes inside are one, and what follows the closing quote is taken as it stands. The
signs looked for are ASCII, so UTF-8 and GB18030 are walked alike.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

_Function = TypeVar("_Function", bound=Callable[..., Any])
Bytes = NDArray[np.uint8]
Bounds = NDArray[np.int64]

CELL_START, PLAIN, QUOTED, AFTER_QUOTE = 0, 1, 2, 3
_NEWLINE, _RETURN, _QUOTE, _ESCAPE = 10, 13, 34, 92
_OPEN, _CLOSE, _OPEN_LIST, _CLOSE_LIST = 123, 125, 91, 93
_FEATURES = np.frombuffer(b"features", np.uint8)


def _compiled(function: _Function) -> _Function:
    """Return a function compiled on its first call, or read from disk."""
    try:
        return cast(_Function, njit(cache=True, nogil=True)(function))
    except RuntimeError:  # no folder to keep compiled code in
        return cast(_Function, njit(nogil=True)(function))


@_compiled
def skip_rows(
    data: Bytes, at: int, delimiter: int, state: int, blank: bool, rows: int, limit: int
) -> tuple[int, int, bool, int]:
    """Walk on to the end of row `limit`, or of the data; blank lines are no rows.

    Returns
    -------
    tuple
        Where the walk stopped, in which state, whether the row begun is blank so far, and the rows ended.
    """
    while at < len(data) and rows < limit:
        c = data[at]
        at += 1
        if state == QUOTED:
            if c == _QUOTE:
                state = AFTER_QUOTE
            continue
        if state == AFTER_QUOTE:
            if c == _QUOTE:
                state = QUOTED
                continue
            state = PLAIN
        if c == _NEWLINE:
            rows += 0 if blank else 1
            blank, state = True, CELL_START
        elif c == delimiter:
            blank, state = False, CELL_START
        elif c == _QUOTE and state == CELL_START:
            blank, state = False, QUOTED
        elif c != _RETURN:
            blank, state = False, PLAIN
    return at, state, blank, rows


@_compiled
def split_cells(data: Bytes, delimiter: int, columns: int, rows: int) -> tuple[Bounds, Bounds, Bounds]:
    """Return where cells start and end, and how many each row has; `data` holds `rows` whole rows.

    Returns
    -------
    tuple
        Starts and ends of shape (rows, columns), quotes included, line ends not; and counts of shape
        (rows,). In a row with more cells the last one reaches to the end of the row; those a shorter
        row lacks are empty, at its end.
    """
    starts = np.zeros((rows, columns), np.int64)
    ends = np.zeros((rows, columns), np.int64)
    counts = np.zeros(rows, np.int64)
    at, row = 0, 0
    while row < rows:
        while at < len(data) and (data[at] == _NEWLINE or data[at] == _RETURN):
            at += 1
        column, start, state = 0, at, CELL_START
        while True:
            ended = at >= len(data) or (state != QUOTED and data[at] == _NEWLINE)
            if ended or (state != QUOTED and data[at] == delimiter):
                stop = at
                if ended and stop > start and data[stop - 1] == _RETURN:
                    stop -= 1
                if column < columns:
                    starts[row, column], ends[row, column] = start, stop
                else:
                    ends[row, columns - 1] = stop
                column += 1
                at += 1
                if ended:
                    break
                start, state = at, CELL_START
                continue
            if data[at] == _QUOTE and state != PLAIN:
                state = AFTER_QUOTE if state == QUOTED else QUOTED
            elif state != QUOTED:
                state = PLAIN
            at += 1
        counts[row] = column
        for missing in range(column, columns):
            starts[row, missing] = ends[row, missing] = ends[row, max(column - 1, 0)]
        row += 1
    return starts, ends, counts


@_compiled
def gather(data: Bytes, starts: Bounds, ends: Bounds) -> tuple[NDArray[np.int32], Bytes]:
    """Return cells one after the other with their quotes undone, and where each begins (n + 1 offsets)."""
    offsets = np.zeros(len(starts) + 1, np.int32)
    out = np.empty(np.sum(ends - starts), np.uint8)
    n = 0
    for i in range(len(starts)):
        at, end = starts[i], ends[i]
        quoted = at < end and data[at] == _QUOTE
        at += 1 if quoted else 0
        while at < end:
            c = data[at]
            at += 1
            if quoted and c == _QUOTE:
                if at < end and data[at] == _QUOTE:
                    at += 1
                else:
                    quoted = False
                    continue
            out[n] = c
            n += 1
        offsets[i + 1] = n
    return offsets, out[:n]


@_compiled
def copy_out(data: Bytes, starts: Bounds, ends: Bounds) -> tuple[NDArray[np.int32], Bytes]:
    """Return stretches of the data one after the other as they stand, and where each begins (n + 1 offsets)."""
    offsets = np.zeros(len(starts) + 1, np.int32)
    out = np.empty(np.sum(ends - starts), np.uint8)
    n = 0
    for i in range(len(starts)):
        for at in range(starts[i], ends[i]):
            out[n] = data[at]
            n += 1
        offsets[i + 1] = n
    return offsets, out


@_compiled
def find_features(
    data: Bytes, at: int, state: Bounds, starts: Bounds, ends: Bounds, found: int
) -> tuple[int, int]:
    """Walk JSON and note where the members of the outermost list `features` start and end.

    Parameters
    ----------
    state
        Of the walk, carried from block to block and changed in place: depth, in a string, after a
        backslash, letters of `features` matched, the last string was `features`, in that list, lists seen.
    starts, ends
        Filled from `found` on, as positions in `data`; a feature that began in an earlier block keeps
        the start it was given.

    Returns
    -------
    tuple
        Where the walk stopped, at the end of the data or once `ends` is full; and how many were found.
    """
    depth, in_string, escaped, matched, named, inside, seen = state
    while at < len(data) and found < len(ends):
        c = data[at]
        if in_string:
            if escaped:
                escaped, matched = 0, -1
            elif c == _ESCAPE:
                escaped = 1
            elif c == _QUOTE:
                in_string = 0
                if depth == 1:
                    named = 1 if matched == len(_FEATURES) else 0
            elif matched >= 0:
                matched = matched + 1 if matched < len(_FEATURES) and c == _FEATURES[matched] else -1
        elif c == _QUOTE:
            in_string, matched = 1, 0
        elif c in (_OPEN, _OPEN_LIST):
            if c == _OPEN_LIST and depth == 1 and named:
                inside, seen = 1, seen + 1
            elif c == _OPEN and depth == 2 and inside:
                starts[found] = at
            depth += 1
        elif c in (_CLOSE, _CLOSE_LIST):
            depth -= 1
            if depth == 2 and inside and c == _CLOSE:
                ends[found] = at + 1
                found += 1
            elif depth == 1:
                inside = 0
        at += 1
    state[0], state[1], state[2], state[3], state[4], state[5], state[6] = (
        depth, in_string, escaped, matched, named, inside, seen,
    )  # fmt: skip
    return at, found


def as_bytes(text: bytes) -> Any:
    """Return bytes as the walks take them."""
    return np.frombuffer(text, np.uint8)
