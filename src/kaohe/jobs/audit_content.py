"""内容校验 against the master: which table was changed after the run that wrote it, and in which row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kaohe.audit.contents import REPLACED, hashes_by_name
from kaohe.audit.digest import (
    CHANGED,
    GROWN,
    LOST,
    MOVED,
    SAME,
    SLIPPED_IN,
    Hashes,
    Kept,
    Verdict,
    read_content,
    verdict,
)
from kaohe.audit.model import CONTENT, Difference, Opinion
from kaohe.audit.same import shown
from kaohe.jobs.master import Master
from kaohe.jobs.plans import DECISION
from kaohe.model import Period
from kaohe.sheets.registers import DECIDED, FIRST_ROW, RECORDS, RUNS, Run
from kaohe.sheets.scheme_tables import FIRST_ROW as FIRST_TYPED
from kaohe.tables import GRADING, SCHEME, SPECS
from kaohe.workbooks.grid import column_letter

NOTHING_KEPT = "总表由较早的程序写入,《运行记录》没有“内容校验”;汇总一次以后才能核对登记是否改过。"
_YELLOW = {spec.title: spec.key for spec in SPECS}
_STATES = "state"
_SCHEME = frozenset(spec.title for spec in (*SCHEME, *GRADING))
_LONGEST = 60
_WORDS = {
    CHANGED: "这一行在 {run} 以后改过",
    LOST: "{run} 以后少了一行,原在这一行的位置",
    SLIPPED_IN: "{run} 以后插进了这一行",
    MOVED: "行的次序在 {run} 以后变了",
    GROWN: "{run} 以后末尾增加了 {more} 行",
}
_SEVERAL = "{run} 以后改过不止一行"


@dataclass(frozen=True, slots=True)
class Deciding:
    """How far the period is decided. ``typed_steps``: unlocked steps of 审定, which are told elsewhere."""

    period: Period
    typed_steps: bool = False
    version: str = ""
    """方案版本 of the locked results; '' while none are locked."""


def by_content(book: Master, deciding: Deciding) -> Opinion:
    """Every table against what the runs kept of it.

    The office may go on registering: rows behind the last one of a yellow sheet are a note, but for rows that
    change the scheme of a decided period and for steps of 审定 that were not locked. Registers of the program
    only grow by its runs.
    """
    now = hashes_by_name(book.tables, book.registers)
    runs = [(run, read_content(run.content)) for run in book.runs]
    if not any(content for _, content in runs):
        return Opinion(CONTENT, notes=(NOTHING_KEPT,))
    names = list(dict.fromkeys(name for _, content in runs for name in content))
    last = next(run for run, content in reversed(runs) if content)
    found: list[Difference] = []
    notes: list[str] = []
    for name in names:
        history = [(run, content[name]) for run, content in runs if name in content]
        told = list(_latest(book, name, history[-1], now, runs[-1][0] is last))
        told += _grown_odd(book, name, history[-1], now, deciding)
        earlier = () if told else _locked_before(book, name, history, now, deciding)
        told += earlier
        found += told
        if not told:
            notes += _earlier(name, history, now)
            notes += _grown(name, history[-1], now, deciding)
    return Opinion(CONTENT, len(names), tuple(found), notes=tuple(notes))


def _latest(
    book: Master, name: str, kept: tuple[Run, Kept], now: Mapping[str, Hashes], whole: bool
) -> Iterator[Difference]:
    """How a table differs from what the last run that kept it says. ``whole``: no run came after that."""
    run, before = kept
    if name not in now:
        yield Difference(name, "", "整张表", "没有", f"{before.rows} 行", CONTENT)
        return
    told = verdict(before, now[name])
    own = name not in _YELLOW and name != RUNS.key
    if told.kind == SAME or (told.kind == GROWN and not (own and whole)):
        return
    yield _difference(book, name, run, told)


def _difference(book: Master, name: str, run: Run, told: Verdict) -> Difference:
    sheet, cell, text = _place(book, name, told)
    words = _WORDS.get(told.kind, _SEVERAL) if told.kind == GROWN or told.row is not None else _SEVERAL
    words = _WORDS[MOVED] if told.kind == MOVED else words
    what = words.format(run=f"{run.time} {run.command}", more=told.rows - told.before)
    should = f"{told.before} 行,内容校验不符"
    return Difference(sheet, cell, what, text or f"{told.rows} 行", should, CONTENT)


def _earlier(name: str, history: Sequence[tuple[Run, Kept]], now: Mapping[str, Hashes]) -> Iterator[str]:
    """Registers only grow: what an earlier run kept of one must be its beginning still."""
    if name in _YELLOW or name == REPLACED or name not in now:
        return
    if verdict(history[-1][1], now[name]).kind not in (SAME, GROWN):
        return
    for run, before in history[:-1]:
        if verdict(before, now[name]).kind not in (SAME, GROWN):
            when = f"{run.time} {run.command}"
            yield f"《{name}》的前 {before.rows} 行与 {when}时不同:在那以后、下一次写入以前改过。"
            return


def _grown(name: str, kept: tuple[Run, Kept], now: Mapping[str, Hashes], deciding: Deciding) -> Iterator[str]:
    """Rows the office registered since."""
    run, before = kept
    if name not in _YELLOW or name not in now or (deciding.typed_steps and _YELLOW[name] == _STATES):
        return
    told = verdict(before, now[name])
    if told.kind == GROWN:
        more = told.rows - told.before
        yield f"《{name}》在 {run.time} {run.command}以后增加了 {more} 行,那时的结果里没有。"


def _grown_odd(
    book: Master, name: str, kept: tuple[Run, Kept], now: Mapping[str, Hashes], deciding: Deciding
) -> Iterator[Difference]:
    """Rows behind the last one that may not be there: of a decided scheme, of 审定 without being locked."""
    run, before = kept
    if name not in _YELLOW or name not in now:
        return
    told = verdict(before, now[name])
    if told.kind != GROWN:
        return
    rows = book.tables[_YELLOW[name]].rows[told.before :]
    period = deciding.period
    if name in _SCHEME:
        odd = deciding.version not in ("", book.scheme.at(period.end).version)
    elif _YELLOW[name] == _STATES:
        mine = [row for row in rows if row.values.get("period") in (None, "", period.code)]
        odd = bool(mine) and not deciding.typed_steps
    else:
        odd = False
    if odd:
        yield _difference(book, name, run, told)


def _locked_before(
    book: Master,
    name: str,
    history: Sequence[tuple[Run, Kept]],
    now: Mapping[str, Hashes],
    deciding: Deciding,
) -> Iterator[Difference]:
    """What an earlier run locked, though a later one found it changed and kept that: 定稿登记 and 审定.

    Of 审定 only what a run of 审定 left is locked, and only rows of this period are judged.
    """
    states = name in _YELLOW and _YELLOW[name] == _STATES
    if name not in now or not (states or name == DECIDED.key):
        return
    for run, before in history[:-1]:
        if states and run.command != DECISION:
            continue
        told = verdict(before, now[name])
        if told.kind in (SAME, GROWN) or (states and not _of_period(book, told, deciding.period)):
            continue
        yield _difference(book, name, run, told)
        return


def _of_period(book: Master, told: Verdict, period: Period) -> bool:
    """Whether the row of 审定 the verdict is about is one of the period; unknown counts as one."""
    rows = book.tables[_STATES].rows
    if told.row is None or told.row >= len(rows) or told.kind == LOST:
        return True
    return rows[told.row].values.get("period") in (None, "", period.code)


def _place(book: Master, name: str, told: Verdict) -> tuple[str, str, str]:
    """(sheet, cell, what stands in the row) the verdict is about."""
    key = name.partition("·")[0]
    sheet = book.sheet_names.get(key, key)
    if told.row is None:
        return sheet, "", ""
    if name in _YELLOW:
        rows = book.tables[_YELLOW[name]].rows
        if told.row >= len(rows):
            return sheet, f"A{rows[-1].number + 1 if rows else FIRST_TYPED}", ""
        row = rows[told.row]
        return sheet, f"A{row.number}", _text(row.values.values())
    letter = "A"
    if name == REPLACED:
        letter = column_letter(1 + [key for key, *_ in RECORDS.columns].index("superseded"))
    rows_of = [tuple(row) for row in book.registers[key]]
    text = _text(rows_of[told.row]) if told.row < len(rows_of) and told.kind != LOST else ""
    return sheet, f"{letter}{FIRST_ROW + told.row}", text


def _text(values: object) -> str:
    words = [shown(value) for value in values if value not in (None, "")]  # type: ignore[attr-defined]
    text = " ".join(words)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
