"""Loops over points and edges, in plain Python that numba compiles.

Until `compile_all` was called they run as they stand, which is right for one answer: importing a compiler
takes longer. Call them through the module (`kernels.find_cells`), which holds the compiled ones afterwards.
Compiled code is kept on disk beside this file. Everything works on float64 and holds no global state.
"""

import math
import threading
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Words = NDArray[np.uint64]
Records = NDArray[np.void]

LEAF = np.dtype(
    [("x", "f8"), ("y", "f8"), ("mask", "u8"), ("begin", "i8"), ("end", "i8"), ("first_mask", "i8"), ("end_mask", "i8")]
)  # fmt: skip
EDGE = np.dtype([("ax", "f8"), ("ay", "f8"), ("bx", "f8"), ("by", "f8"), ("flip", "u8"), ("sign", "i8")])
MASK = np.dtype([("mask", "u8"), ("face", "i8")])

SUB = 8  # each cell of the coarse grid on a line is cut in 8 × 8
_SHIFT, _LOW = 3, SUB - 1  # the same as powers of two
_BLOCK = 2048  # points settled at a time: what is kept of them meanwhile fits the first cache
_A = 6378137.0  # WGS 84
_F = 1.0 / 298.257223563
_B = _A * (1.0 - _F)
_E2 = _F * (2.0 - _F)
_MEAN = 6371008.8
_RADIAN = math.pi / 180.0
_FILTER = (
    3.3306690738754716e-16  # (3 + 16 ε) ε, Shewchuk 1997: below it the sign of a determinant is in doubt
)
_UNDERFLOW = 1e-280
_STEPS = 8  # of Newton's method at most; each doubles the digits
_CLOSE_M = 1e-3
_BENDS = 1e-3  # by how much chords can order two geodesics wrongly, as a share of (chord / radius)²
_SERIES_M = 100_000.0  # a chord this long gives its arc to 1 mm by the curvature at one end


def side(ax: float, ay: float, bx: float, by: float, px: float, py: float) -> int:
    """Return 1 or −1 for the side of the line a–b on which p certainly lies, 0 where rounding leaves it open."""
    left = (ax - px) * (by - py)
    right = (ay - py) * (bx - px)
    size = abs(left) + abs(right)
    difference = left - right
    if size < _UNDERFLOW:
        return 0
    if difference > _FILTER * size:
        return 1
    if difference < -_FILTER * size:
        return -1
    return 0


def cell_of(value: float, origin: float, per_degree: float, count: int) -> int:
    """Return the number of the cell a coordinate falls in, clipped to the grid; never falls as the coordinate grows."""
    scaled = (value - origin) * per_degree
    if not scaled > 0.0:
        return 0
    if scaled >= count:
        return count - 1
    return int(scaled)


def cells_of_edges(
    edges: Floats, grid: Floats, margin: Floats, count: int, out_cell: Ints, out_edge: Ints
) -> int:
    """Write every pair of a fine cell and an edge that comes within the margin of it; return their number.

    Parameters
    ----------
    edges
        Shape (n, 4): ax, ay, bx, by.
    grid
        Origin x, y and fine cells per degree x, y; `count` cells each way.
    margin
        Degrees x, y around each edge.
    out_cell, out_edge
        Where pairs are written; of length 0 to count only.
    """
    x0, y0, px, py = grid[0], grid[1], grid[2], grid[3]
    mx, my = margin[0], margin[1]
    n = 0
    for e in range(len(edges)):
        ax, ay, bx, by = edges[e, 0], edges[e, 1], edges[e, 2], edges[e, 3]
        west = cell_of(min(ax, bx) - mx, x0, px, count)
        east = cell_of(max(ax, bx) + mx, x0, px, count)
        south = cell_of(min(ay, by) - my, y0, py, count)
        north = cell_of(max(ay, by) + my, y0, py, count)
        is_long = east - west > 1 and north - south > 1
        for j in range(south, north + 1):
            for i in range(west, east + 1):
                if is_long and _misses(
                    ax, ay, bx, by, x0 + i / px - mx, y0 + j / py - my, 1.0 / px + 2 * mx, 1.0 / py + 2 * my
                ):
                    continue
                if len(out_cell) > 0:
                    out_cell[n] = j * count + i
                    out_edge[n] = e
                n += 1
    return n


def _misses(
    ax: float, ay: float, bx: float, by: float, west: float, south: float, width: float, height: float
) -> bool:
    """Tell whether the line a–b certainly stays clear of a box, a hundredth of its size added all round."""
    west, south = west - 0.01 * width, south - 0.01 * height
    east, north = west + 1.02 * width, south + 1.02 * height
    dx, dy = bx - ax, by - ay
    c = dx * ay - dy * ax
    first = dx * south - dy * west - c
    second = dx * south - dy * east - c
    third = dx * north - dy * west - c
    fourth = dx * north - dy * east - c
    slack = 1e-14 * (abs(dx) + abs(dy)) * (abs(ax) + abs(ay) + width + height)
    return (first > slack and second > slack and third > slack and fourth > slack) or (
        first < -slack and second < -slack and third < -slack and fourth < -slack
    )


def choose_references(
    start: Ints, edges: Floats, boxes: Floats, tries: Floats, out_xy: Floats, out_sign: NDArray[np.int8]
) -> None:
    """Find in each leaf a point that lies certainly on one side of each of its edges; NaN where none was found.

    Parameters
    ----------
    start
        Shape (leaves + 1,): where each leaf's edges begin in `edges`, shape (pairs, 4).
    boxes
        Shape (leaves, 4): west, south, width, height.
    tries
        Shape (k, 2): fractions of the box to try, in turn.
    """
    for leaf in range(len(start) - 1):
        out_xy[leaf, 0] = math.nan
        out_xy[leaf, 1] = math.nan
        for k in range(len(tries)):
            x = boxes[leaf, 0] + tries[k, 0] * boxes[leaf, 2]
            y = boxes[leaf, 1] + tries[k, 1] * boxes[leaf, 3]
            is_clear = True
            for e in range(start[leaf], start[leaf + 1]):
                sign = side(edges[e, 0], edges[e, 1], edges[e, 2], edges[e, 3], x, y)
                if sign == 0:
                    is_clear = False
                    break
                out_sign[e] = sign
            if is_clear:
                out_xy[leaf, 0] = x
                out_xy[leaf, 1] = y
                break


def reachable_masks(
    start: Ints, flip: Words, first: Words, most: int, out_leaf: Ints, out_mask: Words
) -> int:
    """Write, leaf by leaf, every mask that crossing edges can make of the reference's; return their number.

    A leaf with more than `most` gets its first ones only: what is not listed is asked the slow way.
    """
    n = 0
    for leaf in range(len(first)):
        begin = n
        out_leaf[n] = leaf
        out_mask[n] = first[leaf]
        n += 1
        for e in range(start[leaf], start[leaf + 1]):
            known = n
            for k in range(begin, known):
                mask = out_mask[k] ^ flip[e]
                is_new = True
                for m in range(begin, n):
                    if out_mask[m] == mask:
                        is_new = False
                        break
                if is_new and n - begin < most:
                    out_leaf[n] = leaf
                    out_mask[n] = mask
                    n += 1
    return n


def locate(
    x: Floats,
    y: Floats,
    grid: Floats,
    count: int,
    coarse: NDArray[np.int32],
    fine: NDArray[np.int32],
    leaves: Records,
    edges: Records,
    masks: Records,
    out: NDArray[np.int32],
    near: NDArray[np.bool_],
    scale: Floats,
    reach: float,
) -> int:
    """Write the face of each point, −1 where only exact arithmetic can tell; return how many those are.

    Block by block, so that the points of a leaf are still in the processor's cache when they are settled.
    See `find_cells` and `settle_leaves` for the parameters.
    """
    cell = np.empty(_BLOCK, np.int32)
    inside = np.empty(_BLOCK, np.int32)
    listed = np.empty(_BLOCK, np.int32)
    doubtful = 0
    for begin in range(0, len(x), _BLOCK):
        here = slice(begin, min(begin + _BLOCK, len(x)))
        n = find_cells(x[here], y[here], grid, count, coarse, fine, out[here], cell, inside, listed)
        near_here = near[here] if len(near) > 0 else near
        doubtful += settle_leaves(
            x[here], y[here], listed[:n], leaves, edges, masks, out[here], near_here, scale, reach
        )
    return doubtful


def find_cells(
    x: Floats,
    y: Floats,
    grid: Floats,
    count: int,
    coarse: NDArray[np.int32],
    fine: NDArray[np.int32],
    out: NDArray[np.int32],
    cell: NDArray[np.int32],
    inside: NDArray[np.int32],
    listed: NDArray[np.int32],
) -> int:
    """Write the face of each point in a cell without an edge, and −1 − l for one in the l-th leaf; list the latter.

    A coarse cell holds a face, or −1 − k for its k-th block of fine ones; a fine cell holds a face, or
    −1 − l. What is outside the grid, or no number, falls in one more coarse cell, the last, whose face is 0.

    The first loop has no branches, so that the compiler takes several points at once; the second lists
    the few points that have to be looked at again instead of branching, which the processor cannot foresee.

    Parameters
    ----------
    grid
        Origin x, y; fine cells per degree x, y; the greatest x, y.
    cell, inside, listed
        Room for as many numbers as there are points.
    """
    x0, y0, px, py, x1, y1 = grid[0], grid[1], grid[2], grid[3], grid[4], grid[5]
    wide, last, nowhere = np.int32(count >> _SHIFT), np.int32(count - 1), np.int32(len(coarse) - 1)
    for p in range(len(x)):
        is_on_grid = (x[p] >= x0) & (x[p] <= x1) & (y[p] >= y0) & (y[p] <= y1)
        i = min(np.int32(((x[p] if is_on_grid else x0) - x0) * px), last)
        j = min(np.int32(((y[p] if is_on_grid else y0) - y0) * py), last)
        cell[p] = (j >> _SHIFT) * wide + (i >> _SHIFT) if is_on_grid else nowhere
        inside[p] = ((j & _LOW) << _SHIFT) + (i & _LOW)
    n = np.uint32(0)
    for p in range(len(x)):
        value = coarse[np.uint32(cell[p])]
        out[p] = value
        listed[n] = p
        n += np.uint32(value < 0)
    in_leaf = np.uint32(0)
    for k in range(n):
        p = listed[k]
        value = fine[((-1 - out[p]) << 2 * _SHIFT) + inside[p]]
        out[p] = value
        listed[in_leaf] = p
        in_leaf += np.uint32(value < 0)
    return int(in_leaf)


def settle_leaves(
    x: Floats,
    y: Floats,
    listed: NDArray[np.int32],
    leaves: Records,
    edges: Records,
    masks: Records,
    out: NDArray[np.int32],
    near: NDArray[np.bool_],
    scale: Floats,
    reach: float,
) -> int:
    """Put the face of each listed point in place of its leaf's number, −1 where only exact arithmetic can tell.

    Return how many those are. The straight way from the leaf's reference, whose mask is known, to the
    point is followed: every edge it certainly crosses flips the bits of the polygons it bounds.

    Parameters
    ----------
    leaves, edges, masks
        Records `LEAF`, `EDGE`, `MASK`: what belongs together lies together.
    near, scale, reach
        Where `near` is not empty: set for points that may be within `reach` metres of an edge, with
        `scale` metres per degree x and y; no cell without a leaf is nearer than the index's margin.
    """
    is_near_asked = len(near) > 0
    doubtful = 0
    for p in listed:
        qx, qy = x[p], y[p]
        leaf = leaves[-1 - out[p]]
        mask = leaf["mask"]
        cx, cy = leaf["x"], leaf["y"]
        is_certain = cx == cx
        is_near = False
        for e in range(leaf["begin"], leaf["end"]):
            edge = edges[e]
            ax, ay, bx, by = edge["ax"], edge["ay"], edge["bx"], edge["by"]
            if is_near_asked and not is_near:
                ux, uy = (bx - ax) * scale[0], (by - ay) * scale[1]
                vx, vy = (qx - ax) * scale[0], (qy - ay) * scale[1]
                square = ux * ux + uy * uy
                along = 0.0
                if square > 0.0:
                    along = min(max((ux * vx + uy * vy) / square, 0.0), 1.0)
                is_near = (vx - along * ux) ** 2 + (vy - along * uy) ** 2 <= reach * reach
            if not is_certain:
                continue
            here = side(ax, ay, bx, by, qx, qy)
            if here == 0:
                is_certain = False
            elif here != edge["sign"]:
                of_a = side(qx, qy, cx, cy, ax, ay)
                of_b = side(qx, qy, cx, cy, bx, by)
                if of_a == 0 or of_b == 0:
                    is_certain = False
                elif of_a != of_b:
                    mask ^= edge["flip"]
        if is_near_asked:
            near[p] = is_near
        face = -1
        if is_certain:
            for m in range(leaf["first_mask"], leaf["end_mask"]):
                if masks[m]["mask"] == mask:
                    face = masks[m]["face"]
                    break
        out[p] = face
        doubtful += face < 0
    return doubtful


def to_space(lon: float, lat: float) -> tuple[float, float, float]:
    """Return the place on the ellipsoid in space, metres from its centre."""
    phi, lam = lat * _RADIAN, lon * _RADIAN
    s, c = math.sin(phi), math.cos(phi)
    n = _A / math.sqrt(1.0 - _E2 * s * s)
    return n * c * math.cos(lam), n * c * math.sin(lam), n * (1.0 - _E2) * s


def arc(lon_a: float, lat_a: float, lon_b: float, lat_b: float, chord: float) -> float:
    """Return the geodesic distance of two places whose chord is known, metres.

    By the series of the circle of curvature below 100 km (1 mm), beyond by Vincenty's formula; for places
    almost opposite each other by a sphere.
    """
    if chord <= _SERIES_M:
        phi = lat_a * _RADIAN
        s, c = math.sin(phi), math.cos(phi)
        w = 1.0 - _E2 * s * s
        east = (lon_b - lon_a) * c / math.sqrt(w)
        north = (lat_b - lat_a) * (1.0 - _E2) / (w * math.sqrt(w))
        square = east * east + north * north
        if square == 0.0:
            return chord
        bend = (east * east * math.sqrt(w) + north * north * w * math.sqrt(w) / (1.0 - _E2)) / (square * _A)
        angle = chord * bend
        return chord * (1.0 + angle * angle / 24.0 + 3.0 * angle**4 / 640.0)
    return _vincenty(lon_a, lat_a, lon_b, lat_b)


def _vincenty(lon_a: float, lat_a: float, lon_b: float, lat_b: float) -> float:
    u1 = math.atan((1.0 - _F) * math.tan(lat_a * _RADIAN))
    u2 = math.atan((1.0 - _F) * math.tan(lat_b * _RADIAN))
    s1, c1, s2, c2 = math.sin(u1), math.cos(u1), math.sin(u2), math.cos(u2)
    turn = (lon_b - lon_a) * _RADIAN
    lam = turn
    for _ in range(30):
        sl, cl = math.sin(lam), math.cos(lam)
        ss = math.sqrt((c2 * sl) ** 2 + (c1 * s2 - s1 * c2 * cl) ** 2)
        cs = s1 * s2 + c1 * c2 * cl
        if ss == 0.0:
            break
        sigma = math.atan2(ss, cs)
        sa = c1 * c2 * sl / ss
        ca = 1.0 - sa * sa
        cm = cs - 2.0 * s1 * s2 / ca if ca > 1e-15 else 0.0
        k = _F / 16.0 * ca * (4.0 + _F * (4.0 - 3.0 * ca))
        before = lam
        lam = turn + (1.0 - k) * _F * sa * (sigma + k * ss * (cm + k * cs * (2.0 * cm * cm - 1.0)))
        if abs(lam - before) < 1e-12:
            u = ca * (_A * _A - _B * _B) / (_B * _B)
            big = 1.0 + u / 16384.0 * (4096.0 + u * (-768.0 + u * (320.0 - 175.0 * u)))
            small = u / 1024.0 * (256.0 + u * (-128.0 + u * (74.0 - 47.0 * u)))
            bent = cs * (2.0 * cm * cm - 1.0) - small / 6.0 * cm * (4.0 * ss * ss - 3.0) * (
                4.0 * cm * cm - 3.0
            )
            return _B * big * (sigma - small * ss * (cm + small / 4.0 * bent))
    p1, p2 = lat_a * _RADIAN, lat_b * _RADIAN
    half = math.sin((p2 - p1) / 2.0) ** 2 + math.cos(p1) * math.cos(p2) * math.sin(turn / 2.0) ** 2
    return 2.0 * _MEAN * math.asin(math.sqrt(min(1.0, half)))


def foot(
    lon_a: float, lat_a: float, lon_b: float, lat_b: float, guess: float, x: float, y: float, z: float
) -> tuple[float, float]:
    """Return where along a–b, 0 to 1, a place in space is nearest by chord, and that chord in metres.

    The edge runs straight in degrees. The place nearest by chord is the one nearest by geodesic to within
    a billionth of the distance.
    """
    dl, dp = (lon_b - lon_a) * _RADIAN, (lat_b - lat_a) * _RADIAN
    length = _A * (abs(dl) + abs(dp))
    t = guess
    square = 0.0
    is_last = False
    for _ in range(_STEPS + 1):
        phi, lam = (lat_a + t * (lat_b - lat_a)) * _RADIAN, (lon_a + t * (lon_b - lon_a)) * _RADIAN
        s, c, sl, cl = math.sin(phi), math.cos(phi), math.sin(lam), math.cos(lam)
        w = math.sqrt(1.0 - _E2 * s * s)
        n, m = _A / w, _A * (1.0 - _E2) / (w * w * w)
        gx, gy, gz = n * c * cl - x, n * c * sl - y, n * (1.0 - _E2) * s - z
        square = gx * gx + gy * gy + gz * gz
        if is_last:
            break
        vx = -dp * m * s * cl - dl * n * c * sl
        vy = -dp * m * s * sl + dl * n * c * cl
        vz = dp * m * c
        ax = -dp * dp * m * c * cl - dl * dl * n * c * cl + 2.0 * dl * dp * m * s * sl
        ay = -dp * dp * m * c * sl - dl * dl * n * c * sl - 2.0 * dl * dp * m * s * cl
        az = -dp * dp * m * s
        slope = vx * gx + vy * gy + vz * gz
        bend = vx * vx + vy * vy + vz * vz + ax * gx + ay * gy + az * gz
        if not bend > 0.0:
            break
        moved = min(max(t - slope / bend, 0.0), 1.0)
        is_last = abs(moved - t) * length < _CLOSE_M  # the next step would move it by the square of this
        t = moved
    return t, math.sqrt(square)


def box_gap(boxes: Floats, node: int, x: float, y: float, z: float) -> float:
    """Return the square of the distance from a place in space to a node's box; 0 inside it."""
    dx = max(boxes[node, 0] - x, x - boxes[node, 3], 0.0)
    dy = max(boxes[node, 1] - y, y - boxes[node, 4], 0.0)
    dz = max(boxes[node, 2] - z, z - boxes[node, 5], 0.0)
    gap: float = dx * dx + dy * dy + dz * dz
    return gap


def straight_gap(ends: Floats, e: int, x: float, y: float, z: float) -> tuple[float, float]:
    """Return the distance in space to the straight chord of an edge, and where along it that is."""
    ux, uy, uz = ends[e, 3] - ends[e, 0], ends[e, 4] - ends[e, 1], ends[e, 5] - ends[e, 2]
    vx, vy, vz = x - ends[e, 0], y - ends[e, 1], z - ends[e, 2]
    square = ux * ux + uy * uy + uz * uz
    t = 0.0
    if square > 0.0:
        t = min(max((ux * vx + uy * vy + uz * vz) / square, 0.0), 1.0)
    gx, gy, gz = vx - t * ux, vy - t * uy, vz - t * uz
    return math.sqrt(gx * gx + gy * gy + gz * gz), t


def least_gap(
    x: float,
    y: float,
    z: float,
    ends: Floats,
    bulge: Floats,
    boxes: Floats,
    leaves: int,
    leaf_size: int,
    bound: float,
) -> float:
    """Return a chord that some edge is no farther than, as short as their straight chords tell; at most `bound`."""
    stack = np.empty(64, np.int64)
    gaps = np.empty(64, np.float64)
    stack[0], gaps[0], depth = 0, 0.0, 1
    best = bound
    while depth > 0:
        depth -= 1
        node = stack[depth]
        if gaps[depth] >= best * best:
            continue
        if node >= leaves - 1:
            begin = (node - leaves + 1) * leaf_size
            for e in range(begin, min(begin + leaf_size, len(bulge))):
                gap, _ = straight_gap(ends, e, x, y, z)
                best = min(best, gap + bulge[e])
            continue
        left, right = 2 * node + 1, 2 * node + 2
        of_left, of_right = box_gap(boxes, left, x, y, z), box_gap(boxes, right, x, y, z)
        if of_left < of_right:
            left, right, of_left, of_right = right, left, of_right, of_left
        stack[depth], gaps[depth] = left, of_left
        stack[depth + 1], gaps[depth + 1] = right, of_right
        depth += 2
    return best


def nearest_edge(
    lon: float,
    lat: float,
    edges: Floats,
    ends: Floats,
    bulge: Floats,
    boxes: Floats,
    leaves: int,
    leaf_size: int,
    bound: float,
) -> tuple[int, float, float]:
    """Return the edge nearest to a place, where along it, and the distance in metres.

    Edge −1 and infinity where none is nearer than `bound`. First the shortest chord is bounded, by the
    straight chords of the edges and how far each leaves its own; then every edge is measured whose
    geodesic may be the shortest: none is left out.

    Parameters
    ----------
    edges, ends, bulge
        Shape (n, 4) in degrees; shape (n, 6), both ends in space; shape (n,), how far at most an edge
        straight in degrees leaves its chord.
    boxes
        Shape (2 · leaves − 1, 6): a binary tree of boxes, the root first; leaf k holds the edges from
        k · leaf_size on.
    """
    x, y, z = to_space(lon, lat)
    reach = least_gap(x, y, z, ends, bulge, boxes, leaves, leaf_size, bound)
    reach *= 1.0 + _BENDS * (reach / _A) ** 2
    stack = np.empty(64, np.int64)
    stack[0], depth = 0, 1
    found, where, best = -1, 0.0, math.inf
    while depth > 0:
        depth -= 1
        node = stack[depth]
        if not box_gap(boxes, node, x, y, z) <= reach * reach:
            continue
        if node < leaves - 1:
            stack[depth] = 2 * node + 1
            stack[depth + 1] = 2 * node + 2
            depth += 2
            continue
        begin = (node - leaves + 1) * leaf_size
        for e in range(begin, min(begin + leaf_size, len(bulge))):
            gap, guess = straight_gap(ends, e, x, y, z)
            if gap - bulge[e] > reach:
                continue
            t, chord = foot(edges[e, 0], edges[e, 1], edges[e, 2], edges[e, 3], guess, x, y, z)
            flon = edges[e, 0] + t * (edges[e, 2] - edges[e, 0])
            flat = edges[e, 1] + t * (edges[e, 3] - edges[e, 1])
            metres = arc(lon, lat, flon, flat, chord)
            if metres < best:
                found, where, best = e, t, metres
    return found, where, best


def nearest_edges(
    lons: Floats,
    lats: Floats,
    edges: Floats,
    ends: Floats,
    bulge: Floats,
    boxes: Floats,
    leaves: int,
    leaf_size: int,
    order: Ints,
    bounds: Floats,
    out_edge: Ints,
    out_where: Floats,
    out_metres: Floats,
) -> None:
    """Write for each place, with a bound of its own, what `nearest_edge` returns.

    `order` is the order to take them in: where neighbours follow each other, what was nearest to the last
    place bounds the search for the next.
    """
    last = math.inf
    lx, ly, lz = 0.0, 0.0, 0.0
    for k in range(len(order)):
        p = order[k]
        x, y, z = to_space(lons[p], lats[p])
        moved = math.sqrt((x - lx) ** 2 + (y - ly) ** 2 + (z - lz) ** 2)
        found, where, metres = nearest_edge(
            lons[p], lats[p], edges, ends, bulge, boxes, leaves, leaf_size, min(bounds[p], last + moved + 1.0)
        )
        lx, ly, lz, last = x, y, z, metres
        out_edge[p] = found
        out_where[p] = where
        out_metres[p] = metres


def edges_within(
    lon: float,
    lat: float,
    radius: float,
    edges: Floats,
    ends: Floats,
    bulge: Floats,
    boxes: Floats,
    leaves: int,
    leaf_size: int,
    out: Ints,
) -> int:
    """Write the edges no farther than a radius in metres; return their number."""
    if radius < 0.0:
        return 0
    x, y, z = to_space(lon, lat)
    stack = np.empty(64, np.int64)
    stack[0], depth, n = 0, 1, 0
    while depth > 0:
        depth -= 1
        node = stack[depth]
        if box_gap(boxes, node, x, y, z) > radius * radius:
            continue
        if node < leaves - 1:
            stack[depth] = 2 * node + 1
            stack[depth + 1] = 2 * node + 2
            depth += 2
            continue
        begin = (node - leaves + 1) * leaf_size
        for e in range(begin, min(begin + leaf_size, len(edges))):
            gap, guess = straight_gap(ends, e, x, y, z)
            if gap - bulge[e] > radius:
                continue
            t, chord = foot(edges[e, 0], edges[e, 1], edges[e, 2], edges[e, 3], guess, x, y, z)
            if chord > radius:
                continue
            flon = edges[e, 0] + t * (edges[e, 2] - edges[e, 0])
            flat = edges[e, 1] + t * (edges[e, 3] - edges[e, 1])
            if arc(lon, lat, flon, flat, chord) <= radius:
                out[n] = e
                n += 1
    return n


def sides_within(
    lons: Floats,
    lats: Floats,
    radius: Floats,
    slack: float,
    sides: Ints,
    edges: Floats,
    ends: Floats,
    bulge: Floats,
    boxes: Floats,
    leaves: int,
    leaf_size: int,
    out: Ints,
    unsure: NDArray[np.bool_],
) -> None:
    """Write for each place the different sides of the edges within its own radius in metres.

    Parameters
    ----------
    slack
        Metres by which a distance may be off: a place with an edge that near to its radius is `unsure`, as
        is one with more different sides than there is room for.
    sides
        Shape (edges,): a number per edge.
    out
        Shape (n, room), filled with −1: the numbers met, in any order.
    """
    found = np.empty(len(edges), np.int64)
    for p in range(len(lons)):
        most = radius[p] + slack
        n = edges_within(lons[p], lats[p], most, edges, ends, bulge, boxes, leaves, leaf_size, found)
        sure = edges_within(
            lons[p], lats[p], radius[p] - slack, edges, ends, bulge, boxes, leaves, leaf_size, found
        )
        if n != sure:
            unsure[p] = True
            continue
        for k in range(n):
            value = sides[found[k]]
            free = 0
            while free < out.shape[1] and out[p, free] >= 0 and out[p, free] != value:
                free += 1
            if free == out.shape[1]:
                unsure[p] = True
                break
            out[p, free] = value


def look(
    lon: float,
    lat: float,
    accuracy_m: float,
    covered: NDArray[np.bool_],
    grid: Floats,
    count: int,
    coarse: NDArray[np.int32],
    fine: NDArray[np.int32],
    leaves: Records,
    edges: Records,
    masks: Records,
    scale: Floats,
    first_edges: Floats,
    first_ends: Floats,
    first_bulge: Floats,
    first_boxes: Floats,
    first_leaves: int,
    first_leaf_size: int,
    second_edges: Floats,
    second_ends: Floats,
    second_bulge: Floats,
    second_boxes: Floats,
    second_leaves: int,
    second_leaf_size: int,
) -> tuple[int, int, float, float, int, float, float]:
    """Return a place's face, −1 in doubt, and its nearest edge in each of two trees as `nearest_edge` does.

    One call instead of three: to hand the arrays over takes longer than to look. An edge of the second tree
    that is more than a metre beyond both the accuracy and the first tree's is not sought where the
    face is `covered`.
    """
    x, y, out = np.empty(1), np.empty(1), np.empty(1, np.int32)
    x[0], y[0] = lon, lat
    locate(x, y, grid, count, coarse, fine, leaves, edges, masks, out, np.empty(0, np.bool_), scale, 0.0)
    face = int(out[0])
    first, first_where, first_m = nearest_edge(
        lon, lat, first_edges, first_ends, first_bulge, first_boxes, first_leaves, first_leaf_size, math.inf
    )
    enough = max(first_m, accuracy_m) + 1.0 if face >= 0 and covered[face] else math.inf
    second, second_where, second_m = nearest_edge(
        lon,
        lat,
        second_edges,
        second_ends,
        second_bulge,
        second_boxes,
        second_leaves,
        second_leaf_size,
        enough,
    )
    return face, first, first_where, first_m, second, second_where, second_m


_KERNELS = (
    "side", "cell_of", "_misses", "cells_of_edges", "choose_references", "reachable_masks", "locate",
    "find_cells", "settle_leaves",
    "to_space", "_vincenty", "arc", "foot", "box_gap", "straight_gap", "least_gap", "nearest_edge", "nearest_edges", "edges_within",
    "sides_within", "look",
)  # fmt: skip
_lock = threading.Lock()
_state = {"compiled": False}


def compile_all() -> None:
    """Put the compiled functions in place of the plain ones; each is compiled, or read from disk, when first called."""
    with _lock:
        if _state["compiled"]:
            return
        import numba  # not at the top: takes longer to import than an answer takes to make

        here: dict[str, Any] = globals()
        for name in _KERNELS:
            here[name] = _jit(numba, here[name])
        _state["compiled"] = True


def _jit(numba: Any, function: Any) -> Any:
    options = {"nogil": True, "error_model": "numpy"}
    try:
        return numba.njit(cache=True, **options)(function)
    except RuntimeError:  # no folder to keep compiled code in
        return numba.njit(**options)(function)
