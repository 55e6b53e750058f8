"""Who is assessed by what, and with which weight: 适用, and the weight of what was ruled not applicable."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from kaohe import terms
from kaohe.model import Indicator, Part, Scheme
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
    """
    tree = _Tree(scheme, tuple(measured), absent)
    found: dict[str, float] = {}
    scored: list[Node] = [part for part in tree.children("") if part.kind == terms.PART_SCORED]
    scored += tree.rows("")
    apart = [[part] for part in tree.children("") if part.kind != terms.PART_SCORED]
    families: list[Sequence[Node]] = [scored, *apart, *tree.composites]
    for nodes in families:
        tree.spread(nodes, 1.0, found)
    return found


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
