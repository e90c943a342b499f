"""Which polygons cover a point, for millions of points: an exact index of cells.

The box around all polygons is cut in coarse cells and, where an edge runs, in 8 × 8 fine ones. All points of
a cell without an edge are in the same polygons: its *face*. A cell with edges is a *leaf*; it knows the
polygons of one point of its own, and the straight way from there to the point asked crosses the edges that
lie between. A sign that rounding leaves in doubt is never used: such a point is asked of GEOS, over the
whole polygons. docs/routing.md has the proof.
"""

import threading
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Geometry, STRtree

from geo_registry.routing import kernels
from geo_registry.routing.kernels import SUB
from geo_registry.routing.threads import in_pieces

MARGIN_M = 30.0  # what is this near to an edge is in a leaf that knows the edge
_COARSE = 512
_COARSE_MANY = 1024
_MANY = 500  # polygons
_MOST_MASKS = 16
_WORTH_THREADS = 200_000  # points; fewer are done sooner than threads are woken
_MOST_BITS = 64
_TRIES = np.array([(0.4871, 0.5137), (0.2713, 0.7309), (0.7411, 0.2903), (0.1193, 0.1811), (0.8837, 0.8291)])
_METRES_PER_DEGREE = 110_500.0  # no degree of latitude is shorter

_NOT_ASKED = np.zeros(0, np.bool_)
_NONE = np.zeros(0, np.intp)

Face = tuple[int, ...]


class CellIndex:
    """Polygons, and for any point all of them whose closed area holds it; exact for every float64.

    Immutable in what it answers and shared by threads. Polygons may overlap and need not cover; they
    must be valid.

    Parameters
    ----------
    polygons
        In degrees, longitude first. A face names them by their place in this sequence.
    """

    def __init__(self, polygons: Sequence[Geometry]) -> None:
        kernels.compile_all()
        self.polygons = np.array(list(polygons), dtype=object)
        shapely.prepare(self.polygons)
        self._tree = STRtree(self.polygons)
        self._lock = threading.Lock()
        self.faces: list[Face] = [()]
        self._numbers: dict[Face, int] = {(): 0}
        self._first = np.full(1, -1, np.int32)
        self._build()

    def locate(
        self, lons: NDArray[np.float64], lats: NDArray[np.float64], *, threads: int = 1
    ) -> NDArray[np.int32]:
        """Return the number of each point's face; 0 is no polygon, which is also that of NaN and infinity.

        Parameters
        ----------
        lons, lats
            Shape (n,), degrees.
        """
        faces, _, _ = self._run(lons, lats, threads, None)
        return faces

    def locate_near(
        self, lons: NDArray[np.float64], lats: NDArray[np.float64], *, radius_m: float, threads: int = 1
    ) -> tuple[NDArray[np.int32], NDArray[np.bool_], NDArray[np.intp]]:
        """Return faces; which points may be within a radius of an edge; and those that rounding left in doubt.

        Every point within the radius is among the second, and some a little farther off. The third are
        the indices of points so near to an edge that GEOS was asked.

        Raises
        ------
        ValueError
            The radius is more than `MARGIN_M`.
        """
        if radius_m > MARGIN_M:
            raise ValueError(f"a radius of {radius_m} m is beyond the index's margin of {MARGIN_M} m")
        return self._run(lons, lats, threads, radius_m)

    def locate_one(self, lon: float, lat: float) -> int | None:
        """Return the number of a point's face; None where rounding leaves it in doubt."""
        x, y, out = np.array([lon]), np.array([lat]), np.empty(1, np.int32)
        kernels.locate(x, y, *self._cells, *self._leaves, out, _NOT_ASKED, self._scale, 0.0)
        face = int(out[0])
        return face if face >= 0 else None

    def covering(self, lons: NDArray[np.float64], lats: NDArray[np.float64]) -> list[Face]:
        """Return for each point the indices of all polygons that cover it, ascending, as GEOS has it."""
        found: list[list[int]] = [[] for _ in range(len(lons))]
        for point, polygon in zip(*(a.tolist() for a in self._ask(lons, lats)), strict=True):
            found[point].append(polygon)
        return [tuple(indices) for indices in found]

    def _ask(
        self, lons: NDArray[np.float64], lats: NDArray[np.float64]
    ) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return the pairs of a point and a polygon that covers it by GEOS, sorted by both."""
        points, polygons = self._tree.query(shapely.points(lons, lats))
        covers = shapely.intersects_xy(self.polygons[polygons], lons[points], lats[points])
        points, polygons = points[covers], polygons[covers]
        order = np.lexsort((polygons, points))
        return points[order], polygons[order]

    @property
    def arrays(self) -> tuple[Any, ...]:
        """Return what the kernels take of it: grid, count, coarse, fine, leaves, edges, masks, scale."""
        return *self._cells, *self._leaves, self._scale

    @property
    def first(self) -> NDArray[np.int32]:
        """Return the lowest polygon of each face, −1 for none; shape (faces,)."""
        first = self._first
        if len(first) < len(self.faces):
            first = np.array([face[0] if face else -1 for face in list(self.faces)], np.int32)
            self._first = first
        return first

    @property
    def nbytes(self) -> int:
        """Return the memory of the index's own arrays."""
        return (
            sum(a.nbytes for a in (*self._cells, *self._leaves) if isinstance(a, np.ndarray))
            + self.first.nbytes
        )

    def _run(
        self, lons: NDArray[np.float64], lats: NDArray[np.float64], threads: int, radius_m: float | None
    ) -> tuple[NDArray[np.int32], NDArray[np.bool_], NDArray[np.intp]]:
        x, y = np.ascontiguousarray(lons, np.float64), np.ascontiguousarray(lats, np.float64)
        out = np.empty(len(x), np.int32)
        near = np.zeros(len(x), np.bool_) if radius_m is not None else _NOT_ASKED

        def part(piece: slice) -> int:
            near_here = near[piece] if len(near) else near
            reach = float(radius_m or 0.0)
            return kernels.locate(
                x[piece], y[piece], *self._cells, *self._leaves, out[piece], near_here, self._scale, reach
            )

        in_doubt = sum(in_pieces(part, len(x), threads if len(x) >= _WORTH_THREADS else 1))
        doubtful = np.flatnonzero(out < 0) if in_doubt else _NONE
        if in_doubt:
            out[doubtful] = [self._number(face) for face in self.covering(x[doubtful], y[doubtful])]
        return out, near, doubtful

    def _number(self, face: Face) -> int:
        """Return the number of a face; one not met before is added."""
        with self._lock:
            if face not in self._numbers:
                self.faces.append(face)
                self._numbers[face] = len(self.faces) - 1
            return self._numbers[face]

    def _build(self) -> None:
        edges, owner_start, owners = _unique_edges(self.polygons)
        grid, count, scale, margin = _grid_of(self.polygons, edges)
        self._scale = scale
        cell, edge = _pairs(edges, grid, margin, count)
        leaf_cells, heads = np.unique(cell, return_index=True)
        start = np.append(heads, len(cell)).astype(np.int64)
        boxes = _boxes_of(leaf_cells, grid, count)
        reference = np.empty((len(leaf_cells), 2))
        sign = np.zeros(len(edge), np.int8)
        in_leaf = edges[edge]
        kernels.choose_references(start, in_leaf, boxes, _TRIES, reference, sign)
        coarse, fine, is_leaf = _lay_out(leaf_cells, count)
        runs, run_of = _runs(coarse, fine, is_leaf, grid, count)
        asked = np.concatenate([np.nan_to_num(reference, nan=1e9), runs])
        points, polygons = self._ask(asked[:, 0], asked[:, 1])
        of_leaf = points < len(leaf_cells)
        sets = _Sets(len(self.polygons))
        run_keys = sets.keys(points[~of_leaf] - len(leaf_cells), polygons[~of_leaf], len(runs))
        flips = _Flips(edge, start, owner_start, owners, points[of_leaf], polygons[of_leaf])
        mask_leaf, masks = _masks(start, flips.flip, flips.first)
        mask_keys = sets.keys(*flips.members(mask_leaf, masks), len(masks))
        numbers = self._intern(sets)
        run_faces = numbers[run_keys] if len(run_keys) else np.empty(0, np.int32)
        _fill(coarse, fine, run_of, run_faces)
        mask_start = np.searchsorted(mask_leaf, np.arange(len(leaf_cells) + 1)).astype(np.int64)
        reference[flips.is_crowded] = np.nan
        self._cells = (grid, count, np.append(coarse, np.int32(0)), fine.ravel())
        self._leaves = (
            _records(
                kernels.LEAF,
                *reference.T,
                flips.first,
                start[:-1],
                start[1:],
                mask_start[:-1],
                mask_start[1:],
            ),
            _records(kernels.EDGE, *in_leaf.T, flips.flip, sign),
            _records(kernels.MASK, masks, numbers[mask_keys]),
        )

    def _intern(self, sets: "_Sets") -> NDArray[np.int32]:
        return np.array([self._number(face) for face in sets.faces()], np.int32)


class _Sets:
    """Sets of polygons, each with a key: a small number, made by adding one member after another."""

    def __init__(self, polygons: int) -> None:
        self._base = polygons + 1
        self._known: dict[int, int] = {}
        self._faces: list[Face] = [()]

    def keys(self, owner: NDArray[np.intp], member: NDArray[np.intp], count: int) -> NDArray[np.intp]:
        """Return the key of each of `count` sets, given (owner, member) pairs sorted by both."""
        key = np.zeros(count, np.int64)
        starts = np.searchsorted(owner, np.arange(count))
        sizes = np.bincount(owner, minlength=count) if len(owner) else np.zeros(count, np.intp)
        for step in range(int(sizes.max(initial=0))):
            having = np.flatnonzero(sizes > step)
            joined = key[having] * self._base + member[starts[having] + step] + 1
            values, inverse = np.unique(joined, return_inverse=True)
            key[having] = np.array([self._key(v) for v in values.tolist()], np.int64)[inverse]
        return key

    def faces(self) -> list[Face]:
        """Return the sets by their keys."""
        return self._faces

    def _key(self, joined: int) -> int:
        if joined not in self._known:
            self._known[joined] = len(self._faces)
            before, member = divmod(joined, self._base)
            self._faces.append((*self._faces[before], member - 1))
        return self._known[joined]


class _Flips:
    """Per leaf: its polygons as bits, the bits each edge flips, the mask of its reference."""

    def __init__(
        self,
        edge: NDArray[np.int64],
        start: NDArray[np.int64],
        owner_start: NDArray[np.int64],
        owners: NDArray[np.int64],
        point: NDArray[np.intp],
        polygon: NDArray[np.intp],
    ) -> None:
        leaves = len(start) - 1
        leaf = np.repeat(np.arange(leaves), np.diff(start))
        counts = owner_start[edge + 1] - owner_start[edge]
        pair = np.repeat(np.arange(len(edge)), counts)
        of_pair = owners[_ranges(owner_start[edge], counts)]
        base = np.int64(max(int(owners.max(initial=0)), int(polygon.max(initial=0))) + 1)
        known, slot = np.unique(leaf[pair] * base + of_pair, return_inverse=True)
        self._leaf, self._polygon = known // base, known % base
        self._begin = np.searchsorted(self._leaf, np.arange(leaves + 1))
        bit = np.arange(len(known)) - self._begin[self._leaf]
        self.is_crowded = np.diff(self._begin) > _MOST_BITS
        bits = np.left_shift(np.uint64(1), np.minimum(bit, _MOST_BITS - 1).astype(np.uint64))
        self.flip = np.zeros(len(edge), np.uint64)
        np.bitwise_xor.at(self.flip, pair, bits[slot])
        self.first = np.zeros(leaves, np.uint64)
        key = point * base + polygon
        at = np.searchsorted(known, key)
        is_local = (
            (at < len(known)) & (known[np.minimum(at, max(len(known) - 1, 0))] == key)
            if len(known)
            else at < 0
        )
        np.bitwise_or.at(self.first, point[is_local], bits[at[is_local]])
        self._around = point[~is_local], polygon[~is_local]

    def members(
        self, mask_leaf: NDArray[np.int64], masks: NDArray[np.uint64]
    ) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return (mask, polygon) pairs sorted by both: its bits, and the polygons that hold the whole leaf."""
        counts = np.diff(self._begin)[mask_leaf]
        mask = np.repeat(np.arange(len(masks)), counts)
        local = _ranges(self._begin[mask_leaf], counts)
        bit = (local - self._begin[self._leaf[local]]).astype(np.uint64)
        is_set = (masks[mask] >> np.minimum(bit, np.uint64(_MOST_BITS - 1))) & np.uint64(1) == 1
        point, polygon = self._around
        order = np.argsort(point, kind="stable")
        point, polygon = point[order], polygon[order]
        begin = np.searchsorted(point, np.arange(len(self.first) + 1))
        held = np.diff(begin)[mask_leaf]
        owner = np.concatenate([mask[is_set], np.repeat(np.arange(len(masks)), held)])
        member = np.concatenate([self._polygon[local[is_set]], polygon[_ranges(begin[mask_leaf], held)]])
        order = np.lexsort((member, owner))
        return owner[order], member[order]


def _unique_edges(
    polygons: NDArray[np.object_],
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Return every edge once, shape (n, 4), and the polygons it bounds: where they begin, and which."""
    parts, of_polygon = shapely.get_parts(polygons, return_index=True)
    rings, of_part = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[1:] == ring[:-1]
    a, b = xy[:-1][same] + 0.0, xy[1:][same] + 0.0  # + 0.0 makes -0.0 and 0.0 one
    owner = of_polygon[of_part[ring[:-1][same]]]
    backwards = (a[:, 0] > b[:, 0]) | ((a[:, 0] == b[:, 0]) & (a[:, 1] > b[:, 1]))
    edges = np.hstack([np.where(backwards[:, None], b, a), np.where(backwards[:, None], a, b)])
    order = np.argsort(_hashes(edges), kind="stable")
    edges, owner = edges[order], owner[order]
    new = np.ones(len(edges), np.bool_)
    new[1:] = (edges[1:] != edges[:-1]).any(axis=1)
    heads = np.flatnonzero(new)
    return (
        np.ascontiguousarray(edges[heads]),
        np.append(heads, len(edges)).astype(np.int64),
        owner.astype(np.int64),
    )


def _hashes(edges: NDArray[np.float64]) -> NDArray[np.uint64]:
    """Return a number per edge, alike for like edges; where unlike ones share one, an edge may stay listed twice."""
    mixed = np.zeros(len(edges), np.uint64)
    for column in np.ascontiguousarray(edges.T).view(np.uint64):
        mixed = (mixed ^ column) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
    return mixed


def _grid_of(
    polygons: NDArray[np.object_], edges: NDArray[np.float64]
) -> tuple[NDArray[np.float64], int, NDArray[np.float64], NDArray[np.float64]]:
    """Return the grid, its fine cells each way, metres per degree at least, and the margin in degrees."""
    count = (_COARSE_MANY if len(polygons) > _MANY else _COARSE) * SUB
    if not len(edges):
        return np.array([0.0, 0.0, 1.0, 1.0, -1.0, -1.0]), count, np.ones(2), np.zeros(2)
    west, south = edges[:, 0].min(), edges[:, (1, 3)].min()
    east, north = edges[:, 2].max(), edges[:, (1, 3)].max()
    wide, high = (east - west) * (1 + 1e-9), (north - south) * (1 + 1e-9)
    steepest = min(max(abs(south), abs(north)), 89.0)
    scale = np.array([_METRES_PER_DEGREE * np.cos(np.radians(steepest)), _METRES_PER_DEGREE])
    return np.array([west, south, count / wide, count / high, east, north]), count, scale, MARGIN_M / scale


def _pairs(
    edges: NDArray[np.float64], grid: NDArray[np.float64], margin: NDArray[np.float64], count: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the pairs of a fine cell and an edge near it, sorted by the cell."""
    none = np.empty(0, np.int64)
    n = kernels.cells_of_edges(edges, grid, margin, count, none, none)
    cell, edge = np.empty(n, np.int64), np.empty(n, np.int64)
    if n:
        kernels.cells_of_edges(edges, grid, margin, count, cell, edge)
    order = np.argsort(cell, kind="stable")
    return cell[order], edge[order]


def _boxes_of(cells: NDArray[np.int64], grid: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """Return west, south, width and height of fine cells."""
    width, height = np.full(len(cells), 1.0 / grid[2]), np.full(len(cells), 1.0 / grid[3])
    return np.column_stack(
        [grid[0] + cells % count / grid[2], grid[1] + cells // count / grid[3], width, height]
    )


def _lay_out(
    leaf_cells: NDArray[np.int64], count: int
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.bool_]]:
    """Return the coarse cells with their blocks, the fine cells with their leaves, and which those are."""
    wide = count // SUB
    i, j = leaf_cells % count, leaf_cells // count
    blocks, block = np.unique((j // SUB) * wide + i // SUB, return_inverse=True)
    coarse = np.zeros(wide * wide, np.int32)
    coarse[blocks] = -1 - np.arange(len(blocks), dtype=np.int32)
    fine = np.zeros((len(blocks), SUB * SUB), np.int32)
    fine[block, (j % SUB) * SUB + i % SUB] = -1 - np.arange(len(leaf_cells), dtype=np.int32)
    return coarse, fine, fine < 0


def _runs(
    coarse: NDArray[np.int32],
    fine: NDArray[np.int32],
    is_leaf: NDArray[np.bool_],
    grid: NDArray[np.float64],
    count: int,
) -> tuple[NDArray[np.float64], tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Return a point of each run of cells without an edge, along rows, and the run of each such cell.

    Neighbours without an edge are in the same polygons: no line runs between them.
    """
    wide = count // SUB
    of_coarse, heads = _runs_in_rows((coarse >= 0).reshape(wide, wide))
    of_fine, fine_heads = _runs_in_rows(~is_leaf.reshape(-1, SUB))
    points = np.column_stack(
        [grid[0] + (heads % wide + 0.5) * SUB / grid[2], grid[1] + (heads // wide + 0.5) * SUB / grid[3]]
    )
    blocks = np.flatnonzero(coarse < 0)
    block, inside = blocks[fine_heads // (SUB * SUB)], fine_heads % (SUB * SUB)
    i, j = block % wide * SUB + inside % SUB, block // wide * SUB + inside // SUB
    fine_points = np.column_stack([grid[0] + (i + 0.5) / grid[2], grid[1] + (j + 0.5) / grid[3]])
    of_fine = np.where(of_fine >= 0, of_fine + len(heads), -1)
    return np.concatenate([points, fine_points]), (of_coarse, of_fine)


def _runs_in_rows(free: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the number of each free cell's run within its row, −1 for the others, and the runs' first cells."""
    begins = free.copy()
    begins[:, 1:] &= ~free[:, :-1]
    number = np.cumsum(begins.ravel()) - 1
    return np.where(free.ravel(), number, -1), np.flatnonzero(begins)


def _fill(
    coarse: NDArray[np.int32],
    fine: NDArray[np.int32],
    run_of: tuple[NDArray[np.int64], NDArray[np.int64]],
    faces: NDArray[np.int32],
) -> None:
    """Write the faces of the runs into their cells."""
    for cells, run in zip((coarse, fine.reshape(-1)), run_of, strict=True):
        cells[run >= 0] = faces[run[run >= 0]]


def _masks(
    start: NDArray[np.int64], flip: NDArray[np.uint64], first: NDArray[np.uint64]
) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    most = len(first) * _MOST_MASKS
    leaf, masks = np.empty(most, np.int64), np.empty(most, np.uint64)
    n = kernels.reachable_masks(start, flip, first, _MOST_MASKS, leaf, masks)
    return leaf[:n].copy(), masks[:n].copy()


def _records(kind: np.dtype[np.void], *columns: NDArray[Any]) -> NDArray[np.void]:
    """Return columns as records, the columns in the order of the record's fields."""
    made = np.empty(len(columns[0]), kind)
    for name, column in zip(kind.names or (), columns, strict=True):
        made[name] = column
    return made


def _ranges(starts: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the numbers from each start on, as many as its count, one after the other."""
    total = np.cumsum(counts)
    n = int(total[-1]) if len(total) else 0
    return np.arange(n) - np.repeat(total - counts, counts) + np.repeat(starts, counts)
