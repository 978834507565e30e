"""How sure a share is that was counted on a few hundred pairs: 95 % intervals, by two published formulas."""

from __future__ import annotations

import math

_Z = 1.959963984540054  # of the normal distribution, for 95 %


def wilson(right: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share that was counted as `right` of `of`.

    Wilson's score interval: E. B. Wilson, Probable inference, the law of succession, and statistical inference, Journal
    of the American Statistical Association 22 (1927) 209-212. Of nothing counted, all shares are possible.
    """
    if of == 0:
        return 0.0, 1.0
    share, z2 = right / of, _Z * _Z
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = _Z / (1 + z2 / of) * math.sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    return max(0.0, middle - half), min(1.0, middle + half)


def mean_of_two(first: tuple[int, int], second: tuple[int, int]) -> tuple[float, float, float]:
    """The mean of two shares that were counted apart, each as (right, of), with its 95 % interval.

    Balanced accuracy is such a mean. The interval is put together from Wilson's of both by squaring and adding (MOVER):
    R. G. Newcombe, Interval estimation for the difference between independent proportions, method 10, Statistics in
    Medicine 17 (1998) 873-890; for sums, G. Y. Zou and A. Donner, Statistics in Medicine 27 (2008) 1693-1702.
    """
    shares = [right / of if of else 0.0 for right, of in (first, second)]
    ends = [wilson(*first), wilson(*second)]
    below = math.hypot(*(share - low for share, (low, _) in zip(shares, ends, strict=True)))
    above = math.hypot(*(high - share for share, (_, high) in zip(shares, ends, strict=True)))
    mean = sum(shares) / 2
    return mean, max(0.0, mean - below / 2), min(1.0, mean + above / 2)
