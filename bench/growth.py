"""How the locator and its peers grow: ``python -m bench.growth [--points N] [--rounds N]``.

More polygons under the same uniform points — 60 counties, 600 and 6,000 synthetic, all of China's
counties — and more points over the 60 counties, tenfold from 10,000. Writes out/bench/growth.json.
"""

import argparse
from collections.abc import Callable, Sequence
from functools import partial

from bench.coverages import Coverage, china, counties, synthetic
from bench.locator import field
from bench.points import adversarial, uniform
from bench.rounds import save

COVERAGES: Sequence[Callable[[], Coverage]] = (partial(synthetic, 600), partial(synthetic, 6_000), china)


def main() -> None:
    """Measure and write."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--points", type=int, default=1_000_000, help="points over each coverage")
    options.add_argument(
        "--most-points", type=int, default=10_000_000, help="points over the counties at most"
    )
    options.add_argument("--rounds", type=int, default=5)
    chosen = options.parse_args()
    runs, wrong = [], []
    with field(counties()) as competitors:
        sizes = [10**k for k in range(4, 8) if 10**k <= chosen.most_points]
        for n in sorted({*sizes, chosen.points}):
            runs.append(competitors.time("uniform", uniform(competitors.coverage, n), rounds=chosen.rounds))
    for make in COVERAGES:
        coverage = make()
        with field(coverage) as competitors:
            columns = uniform(coverage, chosen.points)
            runs.append(competitors.time("uniform", columns, rounds=chosen.rounds))
            wrong.append(competitors.wrong("uniform", columns))
            tricky = adversarial(coverage, most=max(10_000, chosen.points))
            wrong.append(competitors.wrong("adversarial", tricky))
    save("growth", runs, wrong=wrong)


if __name__ == "__main__":
    main()
