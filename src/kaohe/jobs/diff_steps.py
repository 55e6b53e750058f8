"""The kinds of change between two masters, and the earlier one assessed with one after another put in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kaohe.assess.assessment import Assessment
from kaohe.assess.differences import RECORDS, Difference
from kaohe.assess.differences_replay import Step, results_of
from kaohe.jobs.common import Progress
from kaohe.jobs.consolidate import assess_returns
from kaohe.jobs.master import Master
from kaohe.model import Indicator, Period, Scheme

_HELD_BACK = "Y01"
"""The finding that keeps a unit provisional as 排名 shows it."""
_Put = Callable[[Master, Master], Master]


def _scheme(**taken: Callable[[Scheme, Scheme], object]) -> _Put:
    """Put some fields of the later scheme into the earlier one."""

    def put(book: Master, later: Master) -> Master:
        fields = {name: take(book.scheme, later.scheme) for name, take in taken.items()}
        return replace(book, scheme=replace(book.scheme, **fields))  # type: ignore[arg-type]

    return put


def _ledger(*names: str) -> _Put:
    def put(book: Master, later: Master) -> Master:
        fields = {name: getattr(later.ledger, name) for name in names}
        return replace(book, ledger=replace(book.ledger, **fields))

    return put


def _weights(book: Scheme, later: Scheme) -> tuple[Indicator, ...]:
    """The earlier indicators with the later weights."""
    return _with(book, later, ("weight", "base_weight"))


def _methods(book: Scheme, later: Scheme) -> tuple[Indicator, ...]:
    return _with(book, later, ("method",))


def _with(book: Scheme, later: Scheme, fields: Sequence[str]) -> tuple[Indicator, ...]:
    known = {(row.code, row.valid_from): row for row in later.indicators}
    return tuple(
        replace(row, **{name: getattr(known[row.code, row.valid_from], name) for name in fields})
        if (row.code, row.valid_from) in known
        else row
        for row in book.indicators
    )


def _with_total(book: Scheme, later: Scheme) -> Mapping[str, str | float]:
    return {**book.settings, "权重合计": later.settings["权重合计"]}


def _all_of_scheme(book: Master, later: Master) -> Master:
    """Whatever of the scheme is left, and what reading its tables found."""
    return replace(book, scheme=later.scheme, findings=later.findings)


def _returns(book: Master, later: Master) -> Master:
    return replace(book, records=later.records, issues=later.issues, versions=later.versions)


@dataclass(frozen=True)
class _Kind:
    """A kind of change: the tables (and of them the columns) it is about, and how it is put in."""

    name: str
    tables: tuple[str, ...]
    put: _Put
    fields: tuple[str, ...] = ()


_KINDS = (
    _Kind(
        "权重",
        ("indicator", "part"),
        _scheme(indicators=_weights, parts=lambda a, b: b.parts, settings=_with_total),
        ("权重", "满分"),
    ),
    _Kind("计分方法", ("indicator",), _scheme(indicators=_methods), ("计分方法",)),
    _Kind("指标", ("indicator", "part"), _scheme(indicators=lambda a, b: b.indicators)),
    _Kind("目标", ("target",), _scheme(targets=lambda a, b: b.targets)),
    _Kind("参数", ("parameter",), _scheme(parameters=lambda a, b: b.parameters)),
    _Kind("计分公式", ("method",), _scheme(methods=lambda a, b: b.methods)),
    _Kind("单位", ("unit", "person"), _scheme(units=lambda a, b: b.units)),
    _Kind("票种", ("voter",), _scheme(voters=lambda a, b: b.voters)),
    _Kind("等次规则", ("grade", "veto_event"), _scheme(grades=lambda a, b: b.grades,
                                                   veto_events=lambda a, b: b.veto_events)),
    _Kind("设置", ("scheme",), _all_of_scheme),
    _Kind("填报", (RECORDS,), _returns),
    _Kind("核定", ("verdict",), _ledger("verdicts")),
    _Kind("测评", ("survey",), _ledger("surveys")),
    _Kind("申诉", ("appeal",), _ledger("appeals")),
    _Kind("人工调整", ("adjustment",), _ledger("adjustments")),
    _Kind("加减分", ("bonus",), _ledger("bonuses")),
    _Kind("否决", ("veto",), _ledger("vetoes")),
)  # fmt: skip
"""In the order they are put in: the rules first, then what was handed in, then what was decided."""


def replay(
    before: Master,
    after: Master,
    period: Period,
    now: Assessment,
    found: Sequence[Difference],
    progress: Progress,
) -> Iterator[Step]:
    """The state ``before`` with one kind of change after another put in; kinds without any are passed over.

    ``now``: its assessment. What is kept provisional as 排名 shows it stays so.
    """
    book, left = before, list(found)
    kept = [finding for finding in now.findings if finding.code == _HELD_BACK]
    for done, kind in enumerate(_KINDS, start=1):
        mine = [
            row for row in left if row.table in kind.tables and (row.field in kind.fields or not kind.fields)
        ]
        left = [row for row in left if row not in mine]
        later = kind.put(book, after)
        if mine or (kind.put is _returns and book.issues != after.issues):
            yield Step(kind.name, tuple(mine), results_of(assess_returns(later, period, (), kept)))
        book = later
        progress("逐项重算", done, len(_KINDS))
