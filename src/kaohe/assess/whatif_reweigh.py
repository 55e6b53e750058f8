"""Other weights for a trial: what is wanted is given, what stands beside it gives way."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from kaohe import terms
from kaohe.assess.applicable import Applicable
from kaohe.assess.check_context import exact_sum
from kaohe.assess.weights import WEIGHT_PLACES
from kaohe.assess.whatif_weights import Family, Lever, siblings
from kaohe.model import Indicator, Scheme
from kaohe.values.rounding import round_half_away


class CannotTryError(Exception):
    """What was asked for cannot be tried; the message says why and how to go on."""


@dataclass(frozen=True)
class Reweighed:
    """Indicator code → its other weight (分), and the parts whose full marks are other than before.

    ``sums_changed``: somebody's full marks as a whole are.
    """

    weights: Mapping[str, float]
    parts: frozenset[str]
    sums_changed: bool
    wanted_parts: tuple[tuple[str, float, float], ...] = ()
    """(code, full marks before, full marks wanted) of the parts that were named."""


def reweighed(scheme: Scheme, wanted: Mapping[str, float], held: Collection[str]) -> Reweighed:
    """The weights with ``wanted`` ones (code of an indicator or of a scored part → 分). Raises
    CannotTryError.

    Of the siblings that the same units are assessed by, those that are neither wanted nor ``held`` keep, in
    proportion, the sum what it was. Where none of them is left to give way, the sum changes. ``scheme`` is
    the one in force.
    """
    tree = _Tree(scheme, wanted, frozenset(held))
    tree.beneath("", 1.0)
    for row in scheme.indicators:
        if row.code in tree.declared and row.composite:
            tree.spread(siblings(scheme, scheme.components.get(row.code, ()), tuple(wanted)), 1.0)
    weights = {code: weight for code, weight in tree.weights.items() if weight != tree.declared[code]}
    parts = tuple(
        (part.code, max(tree.sums(part.code, tree.declared)), wanted[part.code])
        for part in tree.scored
        if part.code in wanted
    )
    changed = tree.sums("", tree.declared) != tree.sums("", tree.weights)
    return Reweighed(weights, tree.changed_parts(), changed, parts)


class _Tree:
    """The scored parts and indicators, and the weights of a trial."""

    def __init__(self, scheme: Scheme, wanted: Mapping[str, float], held: frozenset[str]) -> None:
        self.scheme, self.wanted, self.held = scheme, wanted, held
        self.applicable = Applicable(scheme)
        self.declared = {
            row.code: row.weight for row in scheme.indicators if scheme.kind_of(row) == terms.PART_SCORED
        }
        self.weights = dict(self.declared)
        self.scored = [part for part in scheme.parts if part.kind == terms.PART_SCORED]
        known = {part.code for part in self.scored} | self.declared.keys()
        for code, weight in wanted.items():
            if code not in known:
                raise CannotTryError(
                    f"“{code}”在加分或扣分部分,没有权重。改它的上限请用 --cap {code}={weight:g}。"
                )

    def beneath(self, parent: str, grown: float) -> None:
        """Settle everything right below a part ('' the whole), which as a whole grows so many times."""
        rows = [row for row in self._rows() if row.parent == parent]
        families = siblings(self.scheme, rows, tuple(self.wanted))
        parts = [part.code for part in self.scored if part.parent == parent]
        levers = tuple(Lever((code,), max(self.sums(code, self.declared))) for code in parts)
        factors = self.spread([levers, *families] if levers else families, grown)
        for code in parts:
            self.beneath(code, factors[code])

    def spread(self, families: Sequence[Family], grown: float) -> dict[str, float]:
        """Weights of the families of one parent; code → how many times as much as before."""
        factors: dict[str, float] = {}
        for family in families:
            found = self._factors(family, grown)
            factors |= found
            self._set(family, found, grown)
        return factors

    def _factors(self, family: Family, grown: float) -> dict[str, float]:
        named = {lever.codes[0]: self._wanted(lever) for lever in family if lever.codes[0] in self.wanted}
        stays = [lv for lv in family if lv.codes[0] not in named and not self.held.isdisjoint(lv.codes)]
        free = [lv for lv in family if lv.codes[0] not in named and lv not in stays and lv.weight > 0]
        whole = exact_sum(lever.weight for lever in family) * grown
        rest = whole - sum(named.values()) - sum(lever.weight for lever in stays)
        by = rest / sum(lever.weight for lever in free) if free else 1.0
        if by < 0:
            raise CannotTryError(
                f"{'、'.join(named or [lever.codes[0] for lever in stays])} 的权重超过同级满分 {whole:g} 分,"
                "别的指标没有余地可让。请减小,或把同级的指标都用 --weight 写明(合计随之改变)。"
            )
        if not named and grown == 1:
            by = 1.0
        found = {lever.codes[0]: 1.0 for lever in stays} | {lever.codes[0]: by for lever in free}
        found |= {lv.codes[0]: named[lv.codes[0]] / lv.weight if lv.weight else 1.0 for lv in family
                  if lv.codes[0] in named}  # fmt: skip
        return {code: found.get(lever.codes[0], 1.0) for lever in family for code in lever.codes}

    def _wanted(self, lever: Lever) -> float:
        given = {self.wanted[code] for code in lever.codes}
        if len(given) > 1:
            raise CannotTryError(
                f"{'、'.join(lever.codes)} 是各类单位互相替代的指标,原来权重相同。"
                "试算中也请写同一个权重,或只写其中一个。"
            )
        return given.pop()

    def _set(self, family: Family, factors: Mapping[str, float], grown: float) -> None:
        """The weights at six places; what rounding leaves over goes to the last one that gave way."""
        rows = [lever for lever in family if lever.codes[0] in self.declared]
        moved = []
        for lever in rows:
            by = factors[lever.codes[0]]
            weight = float(round_half_away(lever.weight * by, WEIGHT_PLACES))
            weight = self.wanted.get(lever.codes[0], weight)
            self.weights |= dict.fromkeys(lever.codes, weight)
            moved += [lever] if by != 1 and lever.codes[0] not in self.wanted else []
        if moved and len(rows) == len(family):
            whole = exact_sum(lever.weight for lever in family) * grown
            off = whole - exact_sum(self.weights[lever.codes[0]] for lever in family)
            last = moved[-1].codes
            weight = float(round_half_away(self.weights[last[0]] + off, WEIGHT_PLACES))
            self.weights |= dict.fromkeys(last, weight)

    def _rows(self) -> list[Indicator]:
        """The scored indicators that are no components."""
        scheme = self.scheme
        return [
            row for row in scheme.indicators if row.code in self.declared and not scheme.is_component(row)
        ]

    def sums(self, part: str, weights: Mapping[str, float]) -> list[float]:
        """Full marks beneath a part ('' the whole scheme), unit by unit."""
        inside = {row.code for row in self._rows() if not part or part in self._above(row)}
        return [
            exact_sum(weights[row.code] for row in self.applicable.of(unit) if row.code in inside)
            for unit in self.scheme.units
        ]

    def changed_parts(self) -> frozenset[str]:
        """Parts whose full marks changed for somebody."""
        return frozenset(
            part.code
            for part in self.scored
            if self.sums(part.code, self.declared) != self.sums(part.code, self.weights)
        )

    def _above(self, row: Indicator) -> Iterable[str]:
        found: list[str] = []
        part = self.scheme.part_of(row)
        while part is not None and part.code not in found:
            found.append(part.code)
            part = self.scheme.part_by_code.get(part.parent)
        return found
