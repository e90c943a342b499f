"""A smaller instance of `tests/cells_check.py`, which `script/acceptance` runs whole."""

import pytest

from bench.coverages import Coverage, counties, synthetic
from tests.cells_check import check


@pytest.mark.parametrize("coverage", [counties(), synthetic(60)], ids=lambda c: c.name)
def test_every_point_has_the_polygons_geos_and_fractions_give_it(coverage: Coverage) -> None:
    asked, wrong, inexact = check(coverage, points=60_000, sample=60)
    assert asked > 300_000
    assert (wrong, inexact) == (0, 0)
