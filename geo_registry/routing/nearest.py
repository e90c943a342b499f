"""The edge nearest to a place, and the edges within a radius, without looking at all of them."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo_registry.geo.measure import GEOD, Points
from geo_registry.routing import kernels
from geo_registry.routing.threads import in_pieces

_LEAF = 4
_WORTH_THREADS = 2_000  # places; fewer are done sooner than threads are woken
_A = 6378137.0


@dataclass(frozen=True, slots=True)
class NearestEdges:
    """The nearest edge of each of n places: its index, the point of it that is nearest, and metres.

    `edge` is −1 where none was found, `metres` then infinite. `metres` is good to 1 mm within
    1,000 km and serves to compare; `geodesic_m` is the figure to show.
    """

    edge: NDArray[np.int64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    metres: NDArray[np.float64]


def geodesic_m(
    lons: NDArray[np.float64],
    lats: NDArray[np.float64],
    to_lons: NDArray[np.float64],
    to_lats: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the geodesic distances (Karney) between pairs of places, metres; all of shape (n,), degrees."""
    return np.asarray(GEOD.inv(lons, lats, to_lons, to_lats)[2])


class EdgeTree:
    """Edges that run straight in degrees, in a binary tree of boxes in space.

    Parameters
    ----------
    starts, ends
        Shape (n, 2), degrees, longitude first.
    """

    def __init__(self, starts: Points, ends: Points) -> None:
        order = _along_a_curve((starts + ends) / 2)
        self._order = order
        self._edges = np.ascontiguousarray(np.hstack([starts, ends])[order])
        self._ends = np.ascontiguousarray(
            np.hstack([_in_space(self._edges[:, :2]), _in_space(self._edges[:, 2:])])
        )
        span = np.radians(np.abs(self._edges[:, 2:] - self._edges[:, :2])).sum(axis=1)
        self._bulge = (
            _A * 1.02 * span**2 / 8.0
        )  # no second derivative of the place by the angle exceeds 1.02 a
        self._leaves = 1
        while self._leaves * _LEAF < len(order):
            self._leaves *= 2
        self._boxes = self._make_boxes()
        self.arrays = (self._edges, self._ends, self._bulge, self._boxes, self._leaves, _LEAF)

    def __len__(self) -> int:
        return len(self._order)

    def nearest(
        self,
        lons: NDArray[np.float64],
        lats: NDArray[np.float64],
        *,
        within_m: NDArray[np.float64] | None = None,
        threads: int = 1,
    ) -> NearestEdges:
        """Return the nearest edge of each place; `lons`, `lats` of shape (n,), degrees.

        Of two edges equally near, one is taken: the same one in every call.

        Parameters
        ----------
        within_m
            Shape (n,): an edge farther off than this need not be found.
        """
        n = len(lons)
        bounds = np.full(n, np.inf) if within_m is None else within_m
        edge, along, metres = np.empty(n, np.int64), np.empty(n), np.empty(n)
        order = _along_a_curve(np.column_stack([lons, lats]))

        def part(piece: slice) -> None:
            kernels.nearest_edges(lons, lats, *self.arrays, order[piece], bounds, edge, along, metres)

        in_pieces(part, n, threads if n >= _WORTH_THREADS else 1)
        if not len(self):
            return NearestEdges(edge, lons, lats, metres)
        at = self._edges[edge]
        lon = np.where(along == 1.0, at[:, 2], at[:, 0] + along * (at[:, 2] - at[:, 0]))
        lat = np.where(along == 1.0, at[:, 3], at[:, 1] + along * (at[:, 3] - at[:, 1]))
        return NearestEdges(np.where(edge >= 0, self._order[edge], -1), lon, lat, metres)

    def nearest_one(
        self, lon: float, lat: float, *, within_m: float = math.inf
    ) -> tuple[int, float, float, float]:
        """Return the nearest edge of one place, the point of it that is nearest, and metres to compare by.

        Edge −1 and infinity where there is none within `within_m`.
        """
        edge, along, metres = kernels.nearest_edge(lon, lat, *self.arrays, within_m)
        return (*self.place_on(edge, along), metres) if edge >= 0 else (-1, lon, lat, math.inf)

    def place_on(self, edge: int, along: float) -> tuple[int, float, float]:
        """Return the edge that the kernels found, by its number in what was given, and the place along it."""
        ax, ay, bx, by = self._edges[edge].tolist()
        if along == 1.0:
            return int(self._order[edge]), bx, by
        return int(self._order[edge]), ax + along * (bx - ax), ay + along * (by - ay)

    def metres_to(self, lon: float, lat: float, *, within_m: float) -> float:
        """Return the metres to compare by to the nearest edge of one place, infinity where none is within `within_m`."""
        return float(kernels.nearest_edge(lon, lat, *self.arrays, within_m)[2])

    def within(self, *, lon: float, lat: float, radius_m: float) -> NDArray[np.int64]:
        """Return the indices of the edges no farther than a radius in metres, ascending."""
        found = np.empty(len(self), np.int64)
        n = kernels.edges_within(lon, lat, radius_m, *self.arrays, found)
        return np.sort(self._order[found[:n]])

    def sides_within(
        self,
        lons: NDArray[np.float64],
        lats: NDArray[np.float64],
        radius_m: NDArray[np.float64],
        sides: NDArray[np.int64],
        *,
        slack_m: float,
        room: int,
    ) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Return the different sides of the edges within a radius of each place, and which places are unsure.

        Parameters
        ----------
        sides
            Shape (edges,): a number per edge, 0 or more.
        slack_m
            A place with an edge this near to its radius is unsure, as is one with more than `room` sides.

        Returns
        -------
        tuple
            Shape (n, room), −1 where there is no more; shape (n,).
        """
        found, unsure = np.full((len(lons), room), -1, np.int64), np.zeros(len(lons), np.bool_)
        if len(self):
            in_order = sides[self._order]
            kernels.sides_within(lons, lats, radius_m, slack_m, in_order, *self.arrays, found, unsure)
        return found, unsure

    def _make_boxes(self) -> NDArray[np.float64]:
        n, leaves = len(self._order), self._leaves
        boxes = np.full((2 * leaves - 1, 6), np.inf)
        boxes[:, 3:] = -np.inf
        if not n:
            return boxes
        low = np.minimum(self._ends[:, :3], self._ends[:, 3:]) - self._bulge[:, None]
        high = np.maximum(self._ends[:, :3], self._ends[:, 3:]) + self._bulge[:, None]
        heads = np.arange(0, n, _LEAF)
        bottom = boxes[leaves - 1 :]
        bottom[: len(heads), :3] = np.minimum.reduceat(low, heads)
        bottom[: len(heads), 3:] = np.maximum.reduceat(high, heads)
        first = leaves - 1
        while first > 0:
            above = (first - 1) // 2
            pairs = boxes[first : 2 * first + 1].reshape(-1, 2, 6)
            boxes[above:first, :3] = pairs[:, :, :3].min(axis=1)
            boxes[above:first, 3:] = pairs[:, :, 3:].max(axis=1)
            first = above
        return boxes


def _in_space(points: Points) -> Points:
    """Return places on the ellipsoid in space, shape (n, 3), metres."""
    phi, lam = np.radians(points[:, 1]), np.radians(points[:, 0])
    e2 = GEOD.es
    n = GEOD.a / np.sqrt(1.0 - e2 * np.sin(phi) ** 2)
    return np.column_stack(
        [n * np.cos(phi) * np.cos(lam), n * np.cos(phi) * np.sin(lam), n * (1 - e2) * np.sin(phi)]
    )


def _along_a_curve(points: Points) -> NDArray[np.int64]:
    """Return an order in which neighbours stand close together (Morton's)."""
    if not len(points):
        return np.empty(0, np.int64)
    low, high = points.min(axis=0), points.max(axis=0)
    scaled = ((points - low) / np.where(high > low, high - low, 1.0) * 65535).astype(np.uint64)
    return np.argsort(_spread(scaled[:, 0]) | (_spread(scaled[:, 1]) << np.uint64(1)), kind="stable")


def _spread(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return 16-bit numbers with a zero between every two bits."""
    for shift, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
        values = (values | (values << np.uint64(shift))) & np.uint64(mask)
    return values
