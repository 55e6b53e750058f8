"""A scheme with other weights, methods, settings or caps, for a trial; the scheme itself stays what it is.

Whoever asks for what cannot be is told why (CannotTryError), in words for the person at the workbook.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from kaohe import settings as declared
from kaohe import terms
from kaohe.assess.methods import MethodBook, method_book
from kaohe.assess.whatif_reweigh import CannotTryError, reweighed
from kaohe.model import Indicator, Period, Scheme


@dataclass(frozen=True)
class Wanted:
    """What to try: code → weight (分; of an indicator or of a scored part), code → method, setting → text,
    code → cap (分) of a 加分 or 扣分 part or of an indicator in one.
    """

    weights: Mapping[str, float]
    methods: Mapping[str, str]
    settings: Mapping[str, str]
    caps: Mapping[str, float]

    @property
    def nothing(self) -> bool:
        """Whether nothing is to be changed."""
        return not (self.weights or self.methods or self.settings or self.caps)


@dataclass(frozen=True, slots=True)
class Change:
    """One difference of the trial's scheme; ``asked`` is False where it follows from another."""

    what: str
    name: str
    before: str
    after: str
    asked: bool = True


@dataclass(frozen=True)
class Trial:
    """The whole scheme to assess, and how it differs."""

    scheme: Scheme
    changes: tuple[Change, ...]


def tried(whole: Scheme, period: Period, wanted: Wanted, held: Collection[str]) -> Trial:
    """The scheme with what is wanted. Raises :class:`CannotTryError`.

    Where a weight is given, what stands beside it beneath the same parent and is not named gives way in
    proportion, so that full marks stay what they are; weights in ``held`` (marks given out of them) do not.
    """
    trial = _with_settings(whole, wanted.settings)
    in_force = whole.at(period.end)
    trial = _with_methods(trial, in_force, method_book(trial.scheme.at(period.end)), wanted.methods)
    trial = _with_caps(trial, in_force, wanted.caps)
    return _with_weights(trial, in_force, wanted.weights, held)


def _with_settings(whole: Scheme, wanted: Mapping[str, str]) -> Trial:
    values, changes = dict(whole.settings), []
    for name, text in wanted.items():
        known = declared.BY_NAME.get(name)
        if known is None:
            raise CannotTryError(f"《方案》没有“{name}”这个设置。设置的名称见《方案》第一列。")
        if not known.rule:
            raise CannotTryError(f"设置“{name}”不影响得分和名次,不必试算。")
        before, values[name] = values[name], _read(known, text)
        if values[name] != before:
            changes.append(Change("设置", name, _shown(before), _shown(values[name])))
    return Trial(replace(whole, settings=values), tuple(changes))


def _read(known: declared.Setting, text: str) -> str | float:
    if known.kind == "text":
        return text
    if known.kind == "choice":
        if text.replace("\uff0c", ",") not in known.choices:
            raise CannotTryError(f"设置“{known.name}”应为 {'、'.join(known.choices)} 之一,不能是“{text}”。")
        return text.replace("\uff0c", ",")
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not known.low <= number <= known.high or (known.whole and number != int(number)):
        kind = "整数" if known.whole else "数"
        raise CannotTryError(
            f"设置“{known.name}”应为 {known.low:g} 到 {known.high:g} 的{kind},不能是“{text}”。"
        )
    return number


def _shown(value: str | float) -> str:
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def _with_methods(trial: Trial, in_force: Scheme, book: MethodBook, wanted: Mapping[str, str]) -> Trial:
    methods: dict[str, str] = {}
    changes = list(trial.changes)
    for code, name in wanted.items():
        row = in_force.indicator_by_code[code]
        if name not in book.methods:
            raise CannotTryError(f"没有计分方法“{name}”。相近的有:{book.near(name)}。")
        if row.method != name:
            methods[code] = name
            changes.append(Change("计分方法", f"{code}《{row.name}》", row.method, name))
    rows = _rows(trial.scheme, in_force, lambda row: {"method": methods[row.code]}, methods)
    return Trial(replace(trial.scheme, indicators=rows), tuple(changes))


def _rows(
    whole: Scheme, in_force: Scheme, fields: Callable[[Indicator], Mapping[str, Any]], codes: Collection[str]
) -> tuple[Indicator, ...]:
    """All rows of 指标, those in force with such codes with other fields."""
    now = {(row.code, row.valid_from, row.valid_to) for row in in_force.indicators}
    return tuple(
        replace(row, **fields(row))
        if row.code in codes and (row.code, row.valid_from, row.valid_to) in now
        else row
        for row in whole.indicators
    )


def _with_caps(trial: Trial, in_force: Scheme, wanted: Mapping[str, float]) -> Trial:
    changes, parts, items = list(trial.changes), dict[str, float](), dict[str, float]()
    for code, cap in wanted.items():
        part, row = in_force.part_by_code.get(code), in_force.indicator_by_code.get(code)
        kind = part.kind if part else in_force.kind_of(row) if row else ""
        if kind == terms.PART_SCORED:
            raise CannotTryError(
                f"“{code}”是计分的,满分就是权重,没有另外的上限。请用 --weight {code}={cap:g}。"
            )
        name = f"{code}《{part.name if part else row.name if row else ''}》"
        before = part.weight if part else row.weight if row else None
        if before != cap:
            (parts if part else items)[code] = cap
            changes.append(Change("上限", name, "不限" if before is None else f"{before:g}", f"{cap:g}"))
    scheme = replace(
        trial.scheme,
        parts=tuple(replace(p, weight=parts[p.code]) if p.code in parts else p for p in trial.scheme.parts),
        indicators=_rows(trial.scheme, in_force, lambda row: {"weight": items[row.code]}, items),
    )
    return Trial(scheme, tuple(changes))


def _with_weights(
    trial: Trial, in_force: Scheme, wanted: Mapping[str, float], held: Collection[str]
) -> Trial:
    if not wanted:
        return trial
    found = reweighed(in_force, wanted, held)
    changes = list(trial.changes)
    for code, before, after in found.wanted_parts:
        name = f"{code}《{in_force.part_by_code[code].name}》"
        changes += [Change("权重", name, f"{before:g}", f"{after:g}")] if before != after else []
    for code, weight in found.weights.items():
        row = in_force.indicator_by_code[code]
        name, asked = f"{code}《{row.name}》", code in wanted
        changes.append(Change("权重", name, f"{row.weight:g}", f"{weight:g}", asked))
    if found.sums_changed:
        expected = f"{float(in_force.settings['权重合计']):g}"
        changes.append(Change("设置", "权重合计", expected, "不检查", asked=False))
    chosen = {**trial.scheme.settings, **({"权重合计": 0.0} if found.sums_changed else {})}
    parts = tuple(replace(p, weight=None) if p.code in found.parts else p for p in trial.scheme.parts)
    rows = _rows(
        trial.scheme,
        in_force,
        lambda row: {
            "weight": found.weights[row.code],
            "base_weight": in_force.indicator_by_code[row.code].base_weight,
        },
        found.weights,
    )
    return Trial(replace(trial.scheme, settings=chosen, parts=parts, indicators=rows), tuple(changes))
