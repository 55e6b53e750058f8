"""Returned cells → records of 填报数据, and what each record means for scoring."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from kaohe import terms
from kaohe.assess.inputs import Answer
from kaohe.assess.slips import slips, suspicious_zero
from kaohe.findings import Finding
from kaohe.model import Indicator, Period, Record, Return, ReturnedRow, Scheme
from kaohe.rules.methods import GRADES, CompiledMethod
from kaohe.settings import allowed
from kaohe.tables import plain
from kaohe.values.rounding import round_half_away
from kaohe.values.typed import Typed, attained, read_typed

_PERCENT = ("%", "%")
_FAR = 3
"""A value beyond this many times its annual target is asked back."""
_NOISE = 15
"""From this many signs on a number cell may hold float noise (9.00000762939453 is 9): read as text is."""
_NOTHING = ("not_applicable", "none", "pending")
"""Kinds of words that say that there is no figure: whether one is needed is the office's to decide."""
_SHORT_GRADES = {"优": "优秀", "良": "良好", "合": "合格", "差": "不合格"}
LONGEST = 32_767
"""Signs a cell holds."""
QUOTED = 100
"""Signs of a typed text that a message quotes."""
UNCACHED = "(公式没有结果)"
_CHOICE_COLUMNS = (("status", "数据状态", terms.FIGURE_STATUSES), ("mark", "标记", terms.MARKS))


class Reading(NamedTuple):
    """What a record means: ``filled`` False for a blank; ``answer`` None when it must not be scored."""

    filled: bool
    answer: Answer
    findings: tuple[Finding, ...] = ()


def as_record(row: ReturnedRow, indicator: Indicator, returned: Return) -> Record:
    """One row of a return as a row of 填报数据."""
    identity = returned.identity
    return Record(
        period=identity.period,
        unit=identity.unit,
        indicator=row.indicator,
        department=identity.department,
        version=identity.version,
        number=identity.number,
        typed="" if indicator.composite else typed_text(row),
        value=None if indicator.composite or row.error or row.uncached else _value(row, indicator),
        status=row.status or _typed_status(row),
        mark=row.mark,
        reason=row.reason,
        measure=row.measure,
        shown_weight=_shown(row.shown_weight),
        shown_target=_shown(row.shown_target),
        shown_score=_shown(row.shown_score),
        workbook=returned.workbook,
        sheet=returned.sheet,
        cell=row.cell,
        sha256=returned.sha256,
        received=returned.received,
        other_name=row.other_name,
        other_measure=row.other_measure,
    )


def _typed_status(row: ReturnedRow) -> str:
    """预计, 初步 or 核定 typed into the value's own cell ("预计92")."""
    return read_typed(row.value).status if isinstance(row.value, str) else ""


def typed_text(row: ReturnedRow) -> str:
    """The cell exactly as typed (BH10): text as it is, a number with the digits it was saved with.

    A text is given the line ends and the length that a cell of 填报数据 can hold, so that it stays the same
    from run to run.
    """
    text = _typed_text(row)
    return (text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text)[:LONGEST]


def _typed_text(row: ReturnedRow) -> str:
    if row.error:
        return row.error
    if row.uncached:
        return UNCACHED
    if isinstance(row.value, float | int) and not isinstance(row.value, bool):
        if row.percent:
            return f"{row.value * 100:.15g}%"
        return repr(row.value).removesuffix(".0")
    if row.value is None:
        return ""
    return row.value if isinstance(row.value, str) else read_typed(row.value).text  # type: ignore[arg-type]


def _value(row: ReturnedRow, indicator: Indicator) -> float | None:
    if row.value is None:
        return None
    if type(row.value) is float and not row.percent and len(repr(row.value)) < _NOISE:
        return row.value if math.isfinite(row.value) else None
    typed = read_typed(
        row.value,  # type: ignore[arg-type]
        percent_format=row.percent,
        unit_of_measure=indicator.unit_of_measure,
    )
    return typed.number


def _shown(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        return None
    return float(value)


def read_record(
    record: Record, indicator: Indicator, method: CompiledMethod | None, settings: Mapping[str, str | float]
) -> Reading:
    """What the record means for scoring; the quick way is a number typed as a number."""
    if record.status == terms.ESTIMATED and record.typed.strip() and not allowed(settings, "预计值计分"):
        return Reading(True, None, (_finding("V24", record, indicator),))
    graded = method is not None and method.method.accepts == "grade"
    if record.value is not None and not graded and _is_plain(record):
        return Reading(True, record.value)
    if not record.typed.strip():
        return Reading(False, terms.BLANK)
    if record.typed == UNCACHED:
        return Reading(True, None, (_finding("V06", record, indicator),))
    typed = read_typed(record.typed, unit_of_measure=indicator.unit_of_measure)
    if typed.kind in ("hint", "blank"):  # blank: nothing but signs that do not show
        return Reading(False, terms.BLANK)
    if graded:
        return _read_grade(record, indicator, typed)
    if method is not None and method.method.accepts == "yes_no":
        return _read_answer(record, indicator, typed)
    return _read_number(record, indicator, typed, allowed(settings, "近似值计分"))


def _is_plain(record: Record) -> bool:
    text = record.typed
    return text == repr(record.value).removesuffix(".0")


def converted(record: Record) -> bool:
    """Whether the number was understood from something else than a plain number: the form could not."""
    return record.value is not None and not _is_plain(record)


def _read_answer(record: Record, indicator: Indicator, typed: Typed) -> Reading:
    if typed.kind in ("yes", "no"):
        return Reading(True, terms.YES if typed.kind == "yes" else terms.NO)
    if typed.number in (0.0, 1.0):
        return Reading(True, terms.YES if typed.number else terms.NO)
    reached = attained(plain(record.typed).strip("。.!"))
    if reached is not None:
        answer = terms.YES if reached else terms.NO
        return Reading(True, answer, (_finding("V07", record, indicator, number=f"“{answer}”", unit=""),))
    if typed.kind in _NOTHING:
        return Reading(True, None, (_finding("V19", record, indicator),))
    reason = "应填“是”或“否”"
    return Reading(True, None, (_finding("V02", record, indicator, reason=reason),))


def _read_grade(record: Record, indicator: Indicator, typed: Typed) -> Reading:
    """One of the four 档次 (XT6); its short form is taken and said so, since the form cannot score it."""
    word = plain(record.typed)
    if word in GRADES:
        return Reading(True, word)
    if word in _SHORT_GRADES:
        grade = _SHORT_GRADES[word]
        return Reading(True, grade, (_finding("V07", record, indicator, number=f"“{grade}”", unit=""),))
    if typed.kind in _NOTHING:
        return Reading(True, None, (_finding("V19", record, indicator),))
    reason = f"应填{'、'.join(GRADES)}之一"
    return Reading(True, None, (_finding("V02", record, indicator, reason=reason),))


def _read_number(record: Record, indicator: Indicator, typed: Typed, approximate_ok: bool) -> Reading:
    if typed.kind == "error":
        return Reading(True, None, (_finding("V05", record, indicator),))
    if typed.kind in _NOTHING:
        return Reading(True, None, (_finding("V19", record, indicator),))
    if typed.number is None:
        return Reading(True, None, (_finding("V02", record, indicator, reason=typed.reason or "不是数字"),))
    shown = f"{typed.number:.15g}"
    if not typed.exact:
        if not approximate_ok:
            return Reading(True, None, (_finding("V03", record, indicator),))
        return Reading(True, typed.number, (_finding("V04", record, indicator, number=shown),))
    if (typed.note or typed.unit or not _spelled_plainly(record.typed)) and not _own_unit(record, indicator):
        understood = _finding("V07", record, indicator, number=shown, unit=indicator.unit_of_measure)
        return Reading(True, typed.number, (understood,))
    return Reading(True, typed.number)


def _own_unit(record: Record, indicator: Indicator) -> bool:
    """Whether it is a plain number with nothing behind it but the unit that is asked for anyway."""
    unit = indicator.unit_of_measure
    bare = record.typed.strip().removesuffix(unit).rstrip() if unit else ""
    return bool(bare) and _spelled_plainly(bare) and float(bare) == record.value


def _spelled_plainly(text: str) -> bool:
    """Whether a spreadsheet would have taken the text for the same number."""
    try:
        float(text)
    except ValueError:
        return False
    return text.isascii()


def _finding(code: str, record: Record, indicator: Indicator, **facts: object) -> Finding:
    return Finding(code, record.location, {"name": indicator.name, "typed": quoted(record.typed), **facts})


def quoted(typed: str) -> str:
    """What was typed, as a message quotes it: its beginning where it is long."""
    return typed if len(typed) <= QUOTED else f"{typed[:QUOTED]}…(共 {len(typed):,} 字)"


def record_findings(
    record: Record,
    indicator: Indicator,
    target: float | None,
    measured: bool,
    version: str,
    estimates_scored: bool = True,
    prior: float | None = None,
    last: float | None = None,
) -> Iterable[Finding]:
    """What is to be said about a record besides its value: choices, altered cells, figures hard to believe.

    What a form of an older ``version`` shows is explained by W06 and not held against the unit. ``prior``:
    last year's value, ``last``: the one the unit typed for the period before, for slips of the unit.
    """
    for key, column, choices in _CHOICE_COLUMNS:
        typed = getattr(record, key)
        if typed and typed not in choices:
            yield _finding("V08", record, indicator, column=column, typed=typed, choices="、".join(choices))
    if measured and estimates_scored and record.status == terms.ESTIMATED and record.value is not None:
        yield _finding("V16", record, indicator, status=record.status)
    if record.version == version:
        yield from _altered(record, indicator, target)
    slipped = tuple(slips(record, indicator, target, prior, last)) if measured else ()
    if measured and _looks_like_ratio(record, indicator, target):
        yield _finding("V21", record, indicator, target=_plain(target or 0.0))
    elif slipped:
        yield from slipped
    elif measured and (
        why := _hard_to_believe(record, indicator, target)
        or suspicious_zero(record, indicator, target, prior, last)
    ):
        yield _finding("V22", record, indicator, target=_plain(target or 0.0), why=why)


def _altered(record: Record, indicator: Indicator, target: float | None) -> Iterable[Finding]:
    if record.shown_weight is not None and not _same(record.shown_weight, indicator.weight):
        facts = {"shown": _plain(record.shown_weight), "expected": _plain(indicator.weight)}
        yield _finding("V12", record, indicator, **facts)
    if record.shown_target is not None and target is not None and not _same(record.shown_target, target):
        yield _finding("V13", record, indicator, shown=_plain(record.shown_target), expected=_plain(target))


def _hard_to_believe(record: Record, indicator: Indicator, target: float | None) -> str:
    """Why a figure is probably a slip of the unit or the point; '' when it may well be right."""
    if record.value is None or target is None or target <= 0:
        return ""
    if record.value < 0:
        return "是负数"
    if indicator.unit_of_measure in _PERCENT and target <= 100 < record.value:
        return "超过 100%"
    return f"超过目标的 {_FAR} 倍" if record.value > _FAR * target else ""


def _looks_like_ratio(record: Record, indicator: Indicator, target: float | None) -> bool:
    return looks_like_ratio(record.value, record.typed, indicator, target)


def looks_like_ratio(value: float | None, typed: str, indicator: Indicator, target: float | None) -> bool:
    """A share of one where percentage points are asked for: 0.925 against a target of 92."""
    if indicator.unit_of_measure not in _PERCENT or value is None or target is None:
        return False
    if plain(typed).endswith("%"):
        return False
    return 0 < abs(value) <= 1.2 and abs(target) >= 20


def _same(shown: float, expected: float) -> bool:
    return shown == expected or bool(round_half_away(shown - expected, 9) == 0)


def _plain(value: float) -> str:
    return f"{value:.15g}"


def missing(record: Record, indicator: Indicator) -> Finding:
    """V01: the row is there, its value is not; V48 where the unit did what one does without statistics."""
    marked = record.mark == terms.UNMONITORED and record.reason.strip()
    return _finding("V48" if marked else "V01", record, indicator)


def missing_findings(filled: Mapping[str, Record], period: Period, scheme: Scheme) -> Iterable[Finding]:
    """V01, V48 for each measured indicator with a weight that came back blank; ``filled``: code → record."""
    for indicator in scheme.indicators:
        record = filled.get(indicator.code)
        if record is None or indicator.composite or scheme.only_checked(indicator):
            continue
        if scheme.measured(indicator, period):
            yield missing(record, indicator)
