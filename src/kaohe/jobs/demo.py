"""`kaohe demo`: the whole line on the bundled example, with the clerks played by a table of entries."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from kaohe.assess.inputs import Answer
from kaohe.assess.scoring import Scores, score
from kaohe.jobs.common import JobError, Progress, make_folder, silent
from kaohe.jobs.consolidate import Consolidation, consolidate
from kaohe.jobs.issue import Issued, NewNumber, issue
from kaohe.jobs.master import open_master
from kaohe.jobs.new import new_master
from kaohe.jobs.schemes import scheme_tables
from kaohe.periods import parse_period
from kaohe.sheets.form_layout import COLUMNS, FORM_TITLE, TITLES
from kaohe.sheets.form_read import find_form
from kaohe.sheets.form_results import form_results
from kaohe.tables import plain
from kaohe.workbooks.package import fill, write_new
from kaohe.workbooks.plan import Scalar
from kaohe.workbooks.read import read_book

MASTER, ISSUED, INBOX = "总表.xlsx", "下发", "回收"
MANIFEST = ".kaohe-demo.json"
PERIODS: Mapping[str, str] = {"BH": "2007-H1"}
_CLOCKS = {"BH": dt.datetime(2007, 7, 1, 9, 0, 0)}
Entries = Mapping[tuple[str, str], Mapping[str, str]]
_TYPED = ("actual", "status", "mark", "reason", "measure")


@dataclass(frozen=True)
class Demo:
    """Where the example is and what it came to; ``moved`` when a changed folder was left alone."""

    folder: Path
    moved: bool
    issued: Issued
    result: Consolidation


def demo(code: str, out: Path, *, progress: Progress = silent) -> Demo:
    """Make a master, issue, fill in, consolidate, below ``out``; a folder somebody changed is left alone.

    Everything is made with a fixed clock and fixed numbers, so every run gives the same bytes.
    """
    if code not in PERIODS:
        raise JobError(f"没有方案“{code}”的示例。有示例的方案:{'、'.join(PERIODS)}。")
    folder = free_folder(out)
    make_folder(folder)
    clock = _CLOCKS[code]
    master = folder / MASTER
    for path in _own_files(folder):
        path.unlink(missing_ok=True)
    data, _ = new_master(scheme_tables(code), MASTER, clock)
    write_new(master, data, overwrite=True)
    issued = issue(
        master,
        PERIODS[code],
        folder / ISSUED,
        overwrite=True,
        clock=lambda: clock + dt.timedelta(minutes=5),
        number=_numbers(code),
        progress=progress,
    )
    returned = play_clerks(code, master, folder / ISSUED, folder / INBOX, clock + dt.timedelta(days=6))
    result = consolidate(
        master,
        folder / INBOX,
        period_code=PERIODS[code],
        clock=lambda: clock + dt.timedelta(days=10),
        progress=progress,
    )
    backups = [path for path in (issued.backup, result.backup) if path]
    _write_manifest(folder, [master, *issued.written, *issued.unchanged, *returned, *backups])
    return Demo(folder, folder != out, issued, result)


def _numbers(code: str) -> NewNumber:
    """Fixed issue numbers: the example must come out the same every time."""
    count = 0

    def number() -> str:
        nonlocal count
        count += 1
        return hashlib.sha256(f"{code}-{count}".encode()).hexdigest()[:10].upper()

    return number


def entries(code: str) -> dict[tuple[str, str], dict[str, str]]:
    """(unit, indicator) → what the clerks of the example type, by form column."""
    name = f"填报-{PERIODS[code]}.csv"
    text = (files("kaohe.examples") / code / name).read_text(encoding="utf-8-sig")
    titles = {TITLES[key]: key for key in _TYPED}
    return {
        (row["单位代码"], row["指标代码"]): {titles[title]: row[title] for title in titles if row[title]}
        for row in csv.DictReader(io.StringIO(text))
    }


def play_clerks(code: str, master: Path, issued: Path, inbox: Path, moment: dt.datetime) -> list[Path]:
    """Fill in every issued workbook and put it into the inbox, as the clerks would.

    The results the forms' formulas come to are kept in the files, as a spreadsheet program keeps them.
    """
    typed = entries(code)
    scores = _scores(code, master, typed)
    inbox.mkdir(parents=True, exist_ok=True)
    returned = []
    for number, path in enumerate(sorted(issued.glob("*.xlsx"))):
        target = inbox / path.name
        write_new(target, fill_in(path.read_bytes(), path.name, typed, scores), overwrite=True, durable=False)
        when = (moment + dt.timedelta(hours=number)).timestamp()
        os.utime(target, (when, when))
        returned.append(target)
    return returned


def _scores(code: str, master: Path, typed: Entries) -> Scores:
    """Scores of the entries by themselves: what each form shows its clerk."""
    values: dict[str, dict[str, Answer]] = {}
    for (unit, indicator), row in typed.items():
        if "actual" in row:
            values.setdefault(indicator, {})[unit] = float(row["actual"])
    return score(open_master(master).scheme, parse_period(PERIODS[code]), values)


def fill_in(data: bytes, name: str, typed: Entries, scores: Scores) -> bytes:
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
    for number, name_of in _signatures(form.grid.rows):
        cells[number, name_of[0]] = name_of[1]
    return fill(data, FORM_TITLE, cells, form_results(form, scores, unit))


def _as_typed(text: str) -> Scalar:
    try:
        return float(text)
    except ValueError:
        return text


_SIGNED = {
    "填报人": "填报人(演示)",
    "审核人": "审核人(演示)",
    "负责人": "负责人(演示)",
    "填报日期": "2007-07-07",
}


def _signatures(rows: Sequence[Sequence[object]]) -> Iterator[tuple[int, tuple[int, str]]]:
    for number, row in enumerate(rows, start=1):
        for index, value in enumerate(row):
            word = plain(value)
            if word in _SIGNED:
                offset = 1 if word != "填报人" and word != "填报日期" else 2
                yield number, (index + 1 + offset, _SIGNED[word])


def free_folder(out: Path) -> Path:
    """``out``, or ``out-2``, ``out-3`` … when somebody changed or added files in it."""
    number = 1
    while True:
        folder = out if number == 1 else out.with_name(f"{out.name}-{number}")
        if not folder.exists() or _untouched(folder):
            return folder
        number += 1


def _own_files(folder: Path) -> list[Path]:
    return [folder / name for name in _read_manifest(folder)]


def _untouched(folder: Path) -> bool:
    """Whether the folder holds just what a demo wrote there."""
    if not folder.is_dir():
        return False
    listed = _read_manifest(folder)
    present = {
        path.relative_to(folder).as_posix(): path
        for path in folder.rglob("*")
        if path.is_file() and path.name != MANIFEST
    }
    if not listed:
        return not present
    return all(name in listed and _digest(path) == listed[name] for name, path in present.items())


def _read_manifest(folder: Path) -> dict[str, str]:
    try:
        content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _write_manifest(folder: Path, paths: list[Path]) -> None:
    home = folder.resolve()
    listed = {path.resolve().relative_to(home).as_posix(): _digest(path) for path in paths}
    (folder / MANIFEST).write_text(json.dumps(listed, ensure_ascii=False, indent=1), encoding="utf-8")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
