"""Cells of one column as ranges."""

from __future__ import annotations

from collections.abc import Sequence


def runs(cells: Sequence[str]) -> list[str]:
    """Cells of one column, in order, as ranges: L9, L10, L13 → L9:L10, L13."""
    found: list[list[str]] = []
    last = 0
    for cell in cells:
        row = int(cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ$").replace("$", ""))
        if found and row == last + 1:
            found[-1].append(cell)
        else:
            found.append([cell])
        last = row
    return [f"{run[0]}:{run[-1]}" if len(run) > 1 else run[0] for run in found]
