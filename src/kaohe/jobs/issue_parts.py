"""Who is issued what: a unit (or one of its departments) a form, an assessing department a 考评打分表."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kaohe import terms
from kaohe.assess.applicable import Applicable, filled_in
from kaohe.assess.assessors import Assessing, assessing
from kaohe.jobs.common import JobError, safe_name
from kaohe.model import Indicator, Period, Scheme, Unit

ASSESSOR_MARK = "KP"
"""Stands in the issue numbers of 考评打分表 where others have the unit's code."""


@dataclass(frozen=True)
class Part:
    """One workbook to issue.

    A form has a ``unit`` and, when split, one of its departments; a 考评打分表 its department's ``task``.
    """

    unit: Unit | None
    department: str
    indicators: tuple[Indicator, ...]
    task: Assessing | None = None

    @property
    def key(self) -> tuple[str, str]:
        """(unit, department) as in 下发登记."""
        return (self.unit.code if self.unit else "", self.department)

    @property
    def mark(self) -> str:
        """What stands in the issue number between the period and the random signs."""
        return self.unit.code if self.unit else ASSESSOR_MARK

    @property
    def purpose(self) -> str:
        """What the workbook is, as its file is called."""
        return terms.PURPOSE_FORM if self.unit else terms.PURPOSE_ASSESSOR


@dataclass(frozen=True)
class Parts:
    """All workbooks to issue; ``skipped`` are units (and persons) that have nothing to fill in."""

    parts: tuple[Part, ...]
    skipped: tuple[str, ...]


def parts_for(scheme: Scheme, period: Period, wanted: Sequence[str], by_department: bool) -> Parts:
    """Forms for the units and 考评打分表 for the departments that assess; ``wanted`` restricts both.

    A unit is wanted by code or name, a department by its name. A unit is skipped when none of its indicators
    is one it types itself. Raises JobError for a name nobody has and for an indicator without 责任部门 where
    forms are split.
    """
    if not scheme.units:
        raise JobError("《单位》是空的,没有可下发的单位。请先在总表的《单位》中填写。")
    tasks = assessing(scheme, period)
    chosen = _chosen(scheme, tasks, wanted)
    applicable = Applicable(scheme)
    parts: list[Part] = []
    skipped: list[str] = []
    for unit in chosen:
        rows = applicable.of(unit)
        if filled_in(rows):
            parts += _unit_parts(scheme, unit, rows, by_department)
        else:
            skipped.append(unit.name)
    asked = (task for name, task in tasks.items() if not wanted or name in wanted)
    parts += [Part(None, task.department, task.indicators, task) for task in asked]
    return Parts(tuple(parts), tuple(skipped))


def _chosen(scheme: Scheme, departments: Iterable[str], wanted: Sequence[str]) -> tuple[Unit, ...]:
    if not wanted:
        return scheme.units
    by_word = {word: unit for unit in scheme.units for word in (unit.code, unit.name)}
    known = {*by_word, *departments}
    unknown = [word for word in wanted if word not in known]
    if unknown:
        near = "、".join(dict.fromkeys(name for word in unknown for name in _near(word, sorted(known))))
        hint = f"是不是{near}?" if near else f"请用单位代码或名称,如 {scheme.units[0].code}。"
        raise JobError(f"《单位》中没有“{'、'.join(unknown)}”。{hint}")
    return tuple(dict.fromkeys(by_word[word] for word in wanted if word in by_word))


def _near(word: str, known: Sequence[str]) -> list[str]:
    """Names that hold the word, or else the one most like it."""
    holding = [name for name in known if word and word in name]
    return holding[:3] or difflib.get_close_matches(word, known, n=1)


def _unit_parts(
    scheme: Scheme, unit: Unit, rows: tuple[Indicator, ...], by_department: bool
) -> Iterable[Part]:
    """The unit's form, or one for each of its departments that has something to fill in."""
    if not (by_department or unit.issue_mode == terms.ISSUE_BY_DEPARTMENT):
        return [Part(unit, "", rows)]
    heads = [row for row in rows if not scheme.is_component(row)]
    _expect_departments(scheme, unit, heads)
    split = [(name, _led_by(scheme, rows, name)) for name in dict.fromkeys(r.lead_department for r in heads)]
    return [Part(unit, name, led) for name, led in split if name and filled_in(led)]


def _expect_departments(scheme: Scheme, unit: Unit, heads: Sequence[Indicator]) -> None:
    """JobError when an indicator has no 责任部门: nobody would get it to fill in."""
    without = [row for row in heads if not row.lead_department and filled_in([row, *scheme.below(row)])]
    if without:
        names = "、".join(f"{row.code}《{row.name}》" for row in without[:5])
        raise JobError(f"“{unit.name}”按责任部门下发,但《指标》中 {names} 没有填责任部门。请补上后再下发。")


def _led_by(scheme: Scheme, rows: Iterable[Indicator], department: str) -> tuple[Indicator, ...]:
    """A department's indicators; components go with the composite they belong to."""
    return tuple(row for row in rows if scheme.head_of(row).lead_department == department)


def file_names(scheme: Scheme, parts: Iterable[Part], period: Period) -> dict[tuple[str, str], str]:
    """Readable names, told apart by the unit's code where two are called the same; a person's says whose."""
    found: dict[tuple[str, str], str] = {}
    taken: set[str] = set()
    for part in parts:
        words = [*_whose(scheme, part.unit), part.department, part.purpose, period.code]
        name = safe_name("-".join(word for word in words if word))
        if name.casefold() in taken:
            name = safe_name("-".join([part.mark, name]))
        taken.add(name.casefold())
        found[part.key] = f"{name}.xlsx"
    return found


def _whose(scheme: Scheme, unit: Unit | None) -> tuple[str, ...]:
    if unit is None:
        return ()
    home = scheme.unit_by_code.get(unit.belongs_to) if unit.kind == terms.KIND_PERSON else None
    return (home.name, unit.name) if home else (unit.name,)
