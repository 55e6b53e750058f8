"""Weights of a unit for which something was ruled 不适用, under many draws at once.

The steps and their order are those of ``weights.effective_weights``, on arrays of one number per draw.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from kaohe import terms
from kaohe.assess.weights import WEIGHT_PLACES, Node
from kaohe.model import Indicator, Part, Scheme
from kaohe.settings import places
from kaohe.values.rounding import Floats, round_half_away


def effective_under(
    scheme: Scheme,
    rows: Sequence[Indicator],
    absent: Collection[str],
    weights: Mapping[str, Floats],
    count: int,
) -> Mapping[str, Floats]:
    """Indicator code → effective weight (m,) of one unit.

    ``rows`` are measured and apply to it, ``absent`` were ruled out; ``weights``: code → drawn weights (m,).
    """
    tree = _Tree(scheme, rows, absent, weights, count)
    scored: list[Node] = [part for part in tree.parts.get("", []) if part.kind == terms.PART_SCORED]
    scored += tree.rows.get("", [])
    apart = [[part] for part in tree.parts.get("", []) if part.kind != terms.PART_SCORED]
    composites = [tree.rows[row.code] for row in rows if row.composite and row.code in tree.rows]
    families: list[Sequence[Node]] = [scored, *apart, *composites]
    for nodes in families:
        tree.spread(nodes, np.ones(count))
    decimals = places(scheme.settings, "得分")
    for siblings in tree.rows.values():
        tree.share_out([row.code for row in siblings if row.code in tree.found], decimals)
    return tree.found


class _Tree:
    """Parts and indicators of one unit, and what of them is still assessed."""

    def __init__(
        self,
        scheme: Scheme,
        rows: Sequence[Indicator],
        absent: Collection[str],
        weights: Mapping[str, Floats],
        count: int,
    ) -> None:
        self._absent, self._count = absent, count
        self._weights = {row.code: weights.get(row.code, np.full(count, row.weight)) for row in rows}
        self.found: dict[str, Floats] = {}
        self.rows: dict[str, list[Indicator]] = {}
        for row in rows:
            self.rows.setdefault(row.parent, []).append(row)
        self.parts: dict[str, list[Part]] = {}
        for part in scheme.parts:
            self.parts.setdefault(part.parent, []).append(part)

    def spread(self, nodes: Sequence[Node], factor: Floats) -> None:
        """Pass a factor down to what is left; what is gone leaves its weight to those beside it."""
        left = [node for node in nodes if self._lives(node)]
        remaining, whole = self._sum(left), self._sum(nodes)
        shown = remaining != 0
        share = np.where(shown, factor * whole / np.where(shown, remaining, 1.0), 0.0)
        for node in left:
            if isinstance(node, Indicator):
                self.found[node.code] = np.asarray(
                    round_half_away(self._weights[node.code] * share, WEIGHT_PLACES)
                )
            else:
                self.spread(self._below(node), share)

    def share_out(self, codes: Sequence[str], decimals: int) -> None:
        """Weights that grew, at so many places with the sum they have, where any of them did."""
        if not codes:
            return
        weights = np.stack([self.found[code] for code in codes], axis=1)
        declared = np.stack([self._weights[code] for code in codes], axis=1)
        grew = (weights != declared).any(axis=1)
        scale = 10**decimals
        exact = np.asarray(round_half_away(weights * scale, WEIGHT_PLACES))
        whole = np.trunc(exact)
        summed = np.zeros(self._count)
        for at in range(len(codes)):
            summed += exact[:, at]
        owed = np.asarray(round_half_away(summed, 0)) - whole.sum(axis=1)
        order = np.argsort(whole - exact, axis=1, kind="stable")
        place = np.argsort(order, axis=1, kind="stable")
        shared = (whole + (place < owed[:, None])) / scale
        settled = np.where(grew[:, None], shared, weights)
        self.found |= {code: settled[:, at] for at, code in enumerate(codes)}

    def _sum(self, nodes: Sequence[Node]) -> Floats:
        return sum(map(self._declared, nodes), np.zeros(self._count))

    def _declared(self, node: Node) -> Floats:
        return self._weights[node.code] if isinstance(node, Indicator) else self._sum(self._below(node))

    def _below(self, part: Part) -> list[Node]:
        return [*self.parts.get(part.code, []), *self.rows.get(part.code, [])]

    def _lives(self, node: Node) -> bool:
        if isinstance(node, Part):
            return any(map(self._lives, self._below(node)))
        if node.code in self._absent:
            return False
        components = self.rows.get(node.code, []) if node.composite else []
        return not components or any(map(self._lives, components))
