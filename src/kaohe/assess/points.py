"""Scores as integers of 10^-places: sums and roundings of already rounded scores are exact."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.int64]


def rescale(points: Points, places: int, wanted: int) -> Points:
    """Integers of 10^-places → integers of 10^-wanted, half away from zero."""
    if wanted >= places:
        finer: Points = points * np.int64(10 ** (wanted - places))
        return finer
    step = np.int64(10 ** (places - wanted))
    size = ((np.abs(points) + step // 2) // step).astype(np.int64)
    return np.where(points < 0, -size, size)


def as_score(points: int, places: int) -> float:
    """6760 at 2 places → 67.6, the nearest double."""
    return float(int(points) / 10**places)
