"""Digits that a conversion between binary formats left behind: 9.00000762939453 was 9."""

from __future__ import annotations

NOISE_DIGITS = 12  # a number typed by hand has fewer significant digits
_SHARE = 1e-6
_KEPT_DIGITS = 4


def without_noise(number: float) -> float:
    """The number without noise: one of many digits, yet within a millionth of one with at most four.

    Any other number comes back as it is.
    """
    short = float(f"{number:.{_KEPT_DIGITS}g}")
    digits = len(f"{number:.15e}".split("e")[0].rstrip("0").replace("-", "")) - 1
    noisy = digits >= NOISE_DIGITS and abs(number - short) <= abs(number) * _SHARE
    return short if noisy else number
