"""The clerks of an example: they type what bundled tables of entries say into the forms they were sent."""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path

from kaohe.assess.entries import read_record
from kaohe.assess.inputs import Answer
from kaohe.assess.methods import method_book
from kaohe.assess.scoring import Scores, score
from kaohe.jobs.issue import Issued
from kaohe.jobs.master import open_master
from kaohe.model import Period, Record, Scheme
from kaohe.sheets.assessor_fill import fill_in_assessor
from kaohe.sheets.form_layout import COLUMNS, FORM_TITLE, TITLES
from kaohe.sheets.form_read import find_form
from kaohe.sheets.form_results import form_results
from kaohe.tables import plain
from kaohe.workbooks.package import fill, write_new
from kaohe.workbooks.plan import Scalar
from kaohe.workbooks.read import read_book

Entries = Mapping[tuple[str, str], Mapping[str, str]]
_TWO_DAYS = 48 * 3600
_TYPED = ("actual", "status", "mark", "reason", "measure", "evidence")


def entries(code: str, period: Period) -> dict[tuple[str, str], dict[str, str]]:
    """(unit, indicator) → what the clerks of the example type into the units' forms, by form column."""
    return _read(code, f"填报-{period.code}.csv")


def marks(code: str, period: Period) -> dict[tuple[str, str], dict[str, str]]:
    """(unit, indicator) → what the assessing departments type; empty where none assess."""
    return _read(code, f"考评-{period.code}.csv")


def _read(code: str, name: str) -> dict[tuple[str, str], dict[str, str]]:
    entry = files("kaohe.examples") / code / name
    if not entry.is_file():
        return {}
    titles = {TITLES[key]: key for key in _TYPED}
    rows = csv.DictReader(io.StringIO(entry.read_text(encoding="utf-8-sig")))
    return {
        (row["单位代码"], row["指标代码"]): {
            key: row[title] for title, key in titles.items() if row.get(title)
        }
        for row in rows
    }


def play_clerks(
    code: str, period: Period, master: Path, issued: Issued, inbox: Path, moment: dt.datetime
) -> list[Path]:
    """Fill in every issued workbook, those of the assessing departments too, and put it into the inbox.

    The results the forms' formulas come to are kept in the files, as a spreadsheet program keeps them.
    """
    typed = entries(code, period)
    scheme = open_master(master).scheme
    scores = _scores(scheme, period, typed)
    day = f"{moment:%Y-%m-%d}"
    inbox.mkdir(parents=True, exist_ok=True)
    marked = marks(code, period)
    assessors = {path.name for path in issued.assessors}
    paths = sorted(issued.folder.glob("*.xlsx"))
    step = min(dt.timedelta(hours=1), dt.timedelta(seconds=_TWO_DAYS // max(1, len(paths))))
    returned = []
    for number, path in enumerate(paths):
        target = inbox / path.name
        if path.name in assessors:
            data = fill_in_assessor(path.read_bytes(), path.name, marked, _SIGNED_BY | {"填表日期": day})
        else:
            data = fill_in(path.read_bytes(), path.name, typed, scores, day)
        write_new(target, data, overwrite=True, durable=False)
        when = (moment + step * number).timestamp()
        os.utime(target, (when, when))
        returned.append(target)
    return returned


def _scores(scheme: Scheme, period: Period, typed: Entries) -> Scores:
    """Scores of the entries by themselves: what each form shows its clerk."""
    now = scheme.at(period.end)
    methods = method_book(now).methods
    values: dict[str, dict[str, Answer]] = {}
    for (unit, code), row in typed.items():
        indicator = now.indicator_by_code.get(code)
        if indicator is None or "actual" not in row:
            continue
        number = _as_typed(row["actual"])
        value = number if isinstance(number, float) else None
        record = Record(period.code, unit, code, "", "", "", row["actual"], value)
        reading = read_record(record, indicator, methods.get(indicator.method), now.settings)
        if reading.filled:
            values.setdefault(code, {})[unit] = reading.answer
    return score(scheme, period, values)


def fill_in(data: bytes, name: str, typed: Entries, scores: Scores, day: str) -> bytes:
    """One form with its unit's entries typed into the yellow cells: numbers as numbers, words as words."""
    book = read_book(data, name)
    form = find_form(book)
    assert form is not None, name
    unit = next(str(row[1]) for row in book.sheets["_kaohe"].rows if row[0] == "单位代码")
    places = {key: index + 1 for index, (key, *_) in enumerate(COLUMNS)}
    cells: dict[tuple[int, int], Scalar] = {}
    for number, row in enumerate(form.grid.rows, start=1):
        code = str(row[places["code"] - 1]) if len(row) >= places["code"] else ""
        for key, text in typed.get((unit, code), {}).items():
            cells[number, places[key]] = _as_typed(text) if key == "actual" else text
    for number, column, text in _signatures(form.grid.rows, day):
        cells[number, column] = text
    return fill(data, FORM_TITLE, cells, form_results(form, scores, unit))


def _as_typed(text: str) -> Scalar:
    try:
        return float(text)
    except ValueError:
        return text


_SIGNED_BY = {"填表人": "填表人(演示)", "审核人": "审核人(演示)", "负责人": "负责人(演示)"}
_SIGNED = {"填报人": "填报人(演示)", "审核人": "审核人(演示)", "负责人": "负责人(演示)", "填报日期": ""}


def _signatures(rows: Sequence[Sequence[object]], day: str) -> Iterator[tuple[int, int, str]]:
    """(row, column, text) of who signed, and on what day."""
    for number, row in enumerate(rows, start=1):
        for index, value in enumerate(row):
            word = plain(value)
            if word in _SIGNED:
                offset = 1 if word not in ("填报人", "填报日期") else 2
                yield number, index + 1 + offset, _SIGNED[word] or day
