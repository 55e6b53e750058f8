"""Who is assessed by what, and with which weight: 适用, and the weight of what was ruled not applicable."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from kaohe import terms
from kaohe.model import Indicator, Part, Scheme
from kaohe.settings import places
from kaohe.values.rounding import round_half_away

Mask = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Node = Part | Indicator
WEIGHT_PLACES = 6
"""Places a redistributed weight keeps, so that a sheet and the engine compute with the same number."""


def effective_weights(
    scheme: Scheme, measured: Iterable[Indicator], absent: Collection[str]
) -> Mapping[str, float]:
    """Indicator code → weight in points, of one unit: ``measured`` apply to it, ``absent`` were ruled 不适用.

    Their weight goes to what is left beneath the same parent, in proportion; where nothing is left there, to
    what stands beside the parent. 加分 and 扣分 parts keep to themselves. What is not assessed is not there.

    Weights that grew have as many places as a score, shared out so that full marks beneath a parent come to
    what they came to before (the largest remainders are rounded up): three of 10 that take over 5 are worth
    11.67, 11.67 and 11.66, not 35.01 together.
    """
    tree = _Tree(scheme, tuple(measured), absent)
    found: dict[str, float] = {}
    scored: list[Node] = [part for part in tree.children("") if part.kind == terms.PART_SCORED]
    scored += tree.rows("")
    apart = [[part] for part in tree.children("") if part.kind != terms.PART_SCORED]
    families: list[Sequence[Node]] = [scored, *apart, *tree.composites]
    for nodes in families:
        tree.spread(nodes, 1.0, found)
    for rows in tree.siblings:
        left = [row for row in rows if row.code in found]
        if any(found[row.code] != row.weight for row in left):
            shares = _shared_out([found[row.code] for row in left], places(scheme.settings, "得分"))
            found |= dict(zip((row.code for row in left), shares, strict=True))
    return found


def _shared_out(weights: Sequence[float], decimals: int) -> list[float]:
    """The weights at so many places, with the sum they have; the largest remainders are rounded up."""
    scale = 10**decimals
    exact = [float(round_half_away(weight * scale, WEIGHT_PLACES)) for weight in weights]
    found = [int(value) for value in exact]
    owed = int(round_half_away(sum(exact), 0)) - sum(found)
    order = sorted(range(len(exact)), key=lambda at: (found[at] - exact[at], at))
    for at in order[:owed]:
        found[at] += 1
    return [value / scale for value in found]


class _Tree:
    """Parts and indicators of one unit, and what of them is still assessed."""

    def __init__(self, scheme: Scheme, rows: Sequence[Indicator], absent: Collection[str]) -> None:
        self._absent = absent
        self._rows: dict[str, list[Indicator]] = {}
        for row in rows:
            self._rows.setdefault(row.parent, []).append(row)
        self._parts: dict[str, list[Part]] = {}
        for part in scheme.parts:
            self._parts.setdefault(part.parent, []).append(part)
        self.composites = [self._rows[row.code] for row in rows if row.composite and row.code in self._rows]

    @property
    def siblings(self) -> Iterable[Sequence[Indicator]]:
        """Indicators beneath the same parent."""
        return self._rows.values()

    def children(self, part: str) -> list[Part]:
        """The parts right below a part; '' for those of the first level."""
        return self._parts.get(part, [])

    def rows(self, parent: str) -> list[Indicator]:
        """The indicators right below a part; '' for those of a scheme without parts."""
        return self._rows.get(parent, [])

    def spread(self, nodes: Sequence[Node], factor: float, found: dict[str, float]) -> None:
        """Pass a factor down to what is left; what is gone leaves its weight to those beside it."""
        left = [node for node in nodes if self._lives(node)]
        remaining = sum(map(self._declared, left))
        share = factor * sum(map(self._declared, nodes)) / remaining if remaining else 0.0
        for node in left:
            if isinstance(node, Indicator):
                found[node.code] = float(round_half_away(node.weight * share, WEIGHT_PLACES))
            else:
                self.spread(self._below(node), share, found)

    def _declared(self, node: Node) -> float:
        if isinstance(node, Indicator):
            return node.weight
        return sum(map(self._declared, self._below(node)))

    def _below(self, part: Part) -> list[Node]:
        return [*self.children(part.code), *self.rows(part.code)]

    def _lives(self, node: Node) -> bool:
        if isinstance(node, Part):
            return any(map(self._lives, self._below(node)))
        if node.code in self._absent:
            return False
        components = self._rows.get(node.code, []) if node.composite else []
        return not components or any(map(self._lives, components))
