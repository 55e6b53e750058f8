"""Next year's tables from this year's: values become prior values, results become history (Y12).

Declared, because no document settles it. Targets of one unit are left blank, to be set anew; a target common
to all (``*``) stays, it is a line rather than a task. A merged unit's prior value is the sum of its
predecessors' where the measure adds up (:func:`adds_up`), else blank; a unit split off has none. What was
decided, counted and handed in for the old year stays in the old master; 督办 goes on until it is closed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from kaohe import terms
from kaohe.assess.assessment import Assessment
from kaohe.assess.history import SPLIT
from kaohe.assess.load_cells import read_date
from kaohe.assess.rollover_history import results_of_year
from kaohe.assess.rollover_units import (
    Moves,
    Rows,
    Values,
    moved_code,
    moved_units,
    with_codes_moved,
)
from kaohe.model import Indicator
from kaohe.tables import Row, Scalar, Table

EMPTIED = ("verdict", "adjustment", "bonus", "veto", "survey", "appeal", "feedback", "evidence", "state")
"""Registers of one year: the new master begins them anew."""
_DATED = ("indicator", "target", "parameter", "part")
_AMOUNT = re.compile(
    r"[亿万千](?:元|美元)|[亿万]?千瓦时|万?(?:吨|立方米|平方米|亩|户|人|人次)|平方公里|公里|米|公顷"
    r"|件|项|个|家|起|次|篇|处|座|台|辆|批|宗|条|份|场"
)
"""Units of measure in which two units' figures add up. 元 is not among them: it is mostly an average."""
_RATE_NAME = re.compile(
    "率|占比|比重|比例|指数|平均|人均|户均|均价|单位|每|万人|增幅|增速|密度|强度|系数|水平|标准|浓度|满意度"
    "|收入|工资|名次|排名"
)
"""Words of a name that make a figure a ratio or an average; 收入 and the like, where they are no revenue."""
_REVENUE = re.compile("(?:公共预算|财政|税收|主营业务|营业|旅游|总)收入")


@dataclass(frozen=True)
class Rolled:
    """The new content of every table that changes, by key; ``notes`` are what the office has to look at."""

    tables: Mapping[str, Rows]
    notes: tuple[str, ...]
    priors: int = 0
    """Prior values carried over."""
    history: int = 0
    """Rows put into 历史."""
    open_problems: int = 0
    """Problems of 督办 that go on."""


@dataclass
class _Work:
    """What is being put together."""

    tables: dict[str, Rows] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def rows(self, key: str, table: Table) -> Rows:
        """The table's rows as they stand now."""
        return self.tables.get(key, tuple(row.values for row in table.rows))


def adds_up(indicator: Indicator) -> bool:
    """Whether two units' values of the indicator make the value of both together: amounts do, rates do not.

    Judged by the unit of measure and the name; in doubt it does not, and the office fills the value in.
    """
    rate = _RATE_NAME.search(_REVENUE.sub("", indicator.name))
    amount = _AMOUNT.fullmatch(indicator.unit_of_measure)
    return amount is not None and rate is None and indicator.direction != terms.TARGET_RANGE


def carried_over(
    assessment: Assessment,
    tables: Mapping[str, Table],
    year: int,
    moves: Moves,
    *,
    keep_targets: bool = False,
    with_results: bool = True,
) -> Rolled:
    """The tables of the year after ``assessment``'s, which is of a whole year.

    ``with_results``: False leaves prior values and 历史 as they are, for a year whose results do not count.
    """
    work = _Work()
    old = assessment.scores.period.year
    _renumbered(work, tables, old, year)
    _without_ended(work, tables, year)
    moved, notes = with_codes_moved(_now(tables, work), moves)
    work.tables |= moved
    work.notes += notes
    if "unit" in tables:
        units, notes = moved_units(tables["unit"].rows, moves)
        if units != tuple(row.values for row in tables["unit"].rows):
            work.tables["unit"] = units
        work.notes += notes
    priors = _targets(work, tables, assessment, moves, keep_targets, with_results)
    added = 0
    if with_results:
        before = tables["history"].rows if "history" in tables else ()
        results = results_of_year(assessment, before)
        work.tables["history"] = (*(row.values for row in before), *results)
        added = len(results)
    still = _problems(work, tables, moves)
    work.tables |= {key: () for key in EMPTIED if key in tables and tables[key].rows}
    return Rolled(work.tables, tuple(work.notes), priors, added, still)


def _now(tables: Mapping[str, Table], work: _Work) -> dict[str, Table]:
    """The tables with what was changed so far; rows keep their numbers."""
    found = {}
    for key, table in tables.items():
        rows = work.tables.get(key)
        kept = {id(row.values): row.number for row in table.rows}
        changed = tuple(Row(kept.get(id(values), 0), values) for values in rows) if rows is not None else ()
        found[key] = Table(table.key, changed) if rows is not None else table
    return found


def _renumbered(work: _Work, tables: Mapping[str, Table], old: int, year: int) -> None:
    """考核年度, and the year in 方案名称."""
    rows = []
    for row in tables["scheme"].rows:
        name, value = row.text("name"), row.text("value")
        if name == "考核年度":
            rows.append({**row.values, "value": float(year)})
        elif name == "方案名称" and str(old) in value:
            rows.append({**row.values, "value": value.replace(str(old), str(year))})
            work.notes.append(f"方案名称改为“{value.replace(str(old), str(year))}”,请核对。")
        else:
            rows.append(dict(row.values))
    work.tables["scheme"] = tuple(rows)


def _without_ended(work: _Work, tables: Mapping[str, Table], year: int) -> None:
    """Rows whose 生效止 lies before the new year are left out."""
    for key in _DATED:
        if key not in tables:
            continue
        rows = tables[key].rows
        kept = tuple(row.values for row in rows if not _ended(row, year))
        if len(kept) < len(rows):
            work.tables[key] = kept
            work.notes.append(
                f"《{tables[key].sheet}》去掉 {len(rows) - len(kept)} 行:生效止在 {year} 年以前。"
            )


def _ended(row: Row, year: int) -> bool:
    day = read_date(row.text("valid_to"))
    return day is not None and day.year < year


def _targets(
    work: _Work,
    tables: Mapping[str, Table],
    assessment: Assessment,
    moves: Moves,
    keep: bool,
    with_results: bool,
) -> int:
    """目标 of the new year; returns how many prior values were carried."""
    if "target" not in tables:
        return 0
    priors = Priors(assessment, moves) if with_results else None
    by_indicator: dict[str, list[Row]] = {}
    for values in work.rows("target", tables["target"]):
        row = Row(0, values)
        by_indicator.setdefault(row.text("indicator"), []).append(row)
    made = [
        values
        for code, rows in by_indicator.items()
        for values in _targets_of(code, rows, priors, moves, keep, work.notes)
    ]
    work.tables["target"] = tuple(
        {key: item for key, item in row.items() if item is not None} for row in made
    )
    work.notes += priors.notes() if priors else ()
    return priors.carried if priors else 0


def _targets_of(
    code: str, rows: Sequence[Row], priors: Priors | None, moves: Moves, keep: bool, notes: list[str]
) -> Iterable[Values]:
    """The rows of one indicator: common ones, those of units, and one for each unit whose prior needs it."""
    sources: dict[tuple[str, str], list[Row]] = {}
    common = [row for row in rows if row.text("unit") == terms.EVERYONE]
    for row in rows:
        if row not in common:
            for unit in moves.of(row.text("unit")):
                sources.setdefault((unit, row.text("level")), []).append(row)
    had = any(row.values.get("prior") is not None for row in rows)
    wanted = priors is not None and (had or priors.asked(code))
    for row in common:
        yield {**row.values, "prior": None} if wanted else row.values
    for (unit, _), old in sources.items():
        prior = priors.of(code, unit) if priors else old[0].values.get("prior")
        value = _kept_target(code, unit, old, priors, notes) if keep else None
        basis = (
            old[0].values.get("basis") if keep else (priors.basis if priors and prior is not None else None)
        )
        yield {**old[0].values, "unit": unit, "value": value, "prior": prior, "basis": basis}
    if wanted and common and priors:
        own = {unit for unit, _ in sources}
        for unit in priors.units_of(code):
            if unit not in own and (prior := priors.of(code, unit)) is not None:
                yield {**common[0].values, "unit": unit, "prior": prior}


def _kept_target(code: str, unit: str, old: Sequence[Row], priors: Priors | None, notes: list[str]) -> Scalar:
    """The target of last year; of a merged unit the sum where that has a meaning."""
    values = [row.values.get("value") for row in old]
    if len(values) == 1:
        return values[0]
    numbers = [value for value in values if isinstance(value, int | float)]
    if priors and priors.adds(code) and len(numbers) == len(values):
        return float(sum(numbers))
    notes.append(f"《目标》{code}:合并后的 {unit} 的目标值不能相加,留空,请填写。")
    return None


class Priors:
    """This year's values as next year's prior values, in the unit of measure."""

    def __init__(self, assessment: Assessment, moves: Moves) -> None:
        self.scores = assessment.scores
        self.moves = moves
        self.at = {unit.code: at for at, unit in enumerate(self.scores.units)}
        self.basis = f"上年值:{self.scores.period.year}年考核的完成值"
        self.carried = 0
        self._left: dict[str, list[str]] = {}

    def asked(self, code: str) -> bool:
        """Whether the indicator's method looks at last year's value."""
        result = self.scores.results.get(code)
        return bool(result and result.method and "上年值" in result.method.asks)

    def adds(self, code: str) -> bool:
        """As :func:`adds_up`; an indicator that is no longer there does not."""
        indicator = self.scores.scheme.indicator_by_code.get(code)
        return indicator is not None and adds_up(indicator)

    def units_of(self, code: str) -> Iterable[str]:
        """Next year's codes of the units the indicator is assessed of."""
        result = self.scores.results.get(code)
        applies = result.applies if result else ()
        now = [unit.code for unit, mine in zip(self.scores.units, applies, strict=False) if mine]
        return dict.fromkeys(new for old in now for new in self.moves.of(old))

    def of(self, code: str, unit: str) -> float | None:
        """What the new unit's predecessors came to; None where there is no such number."""
        result = self.scores.results.get(code)
        if result is None or not result.measured:
            return None
        if any(self.moves.how.get(old) == SPLIT for old in self.moves.sources(unit)):
            self._left.setdefault(f"{unit}是拆分出来的", []).append(code)
            return None
        numbers = [float(result.actual[self.at[old]]) for old in self.moves.sources(unit) if old in self.at]
        if not numbers or np.isnan(numbers).any():
            return None
        if len(numbers) > 1 and not self.adds(code):
            self._left.setdefault(f"{unit}是合并的,这些量不能相加", []).append(code)
            return None
        self.carried += 1
        return float(f"{sum(numbers):.15g}")

    def notes(self) -> tuple[str, ...]:
        """Prior values that could not be carried, in one line for each reason."""
        return tuple(
            f"《目标》上年值留空,请填写:{reason}({'、'.join(dict.fromkeys(codes))})。"
            for reason, codes in self._left.items()
        )


def _problems(work: _Work, tables: Mapping[str, Table], moves: Moves) -> int:
    """督办: what is not closed goes on, with its numbers and deadlines."""
    if "supervision" not in tables:
        return 0
    rows = tables["supervision"].rows
    still = [row for row in rows if row.text("state") != terms.SUPERVISION_CLOSED]
    kept = tuple(moved_code(row, "unit", moves, work.notes, "《督办》") for row in still)
    if kept != tuple(row.values for row in rows):
        work.tables["supervision"] = kept
    return len(still)
