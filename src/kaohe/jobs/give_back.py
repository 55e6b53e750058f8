"""`kaohe check … --return`: every workbook with errors goes back to whoever sent it, marked, with a list."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from kaohe import terms
from kaohe.assess.assessment import Assessment
from kaohe.assess.duplicates import GIVEN_BACK
from kaohe.assess.load_cells import read_date
from kaohe.assess.reminders import issued_name
from kaohe.assess.reporting import OFFICES_OWN
from kaohe.assess.returns import CONSOLIDATED, DUPLICATE, KNOWN, UNREADABLE
from kaohe.findings import ERROR, QUERY, Finding
from kaohe.jobs.common import JobError, Progress, make_folder, read_bytes, safe_name, silent
from kaohe.jobs.give_back_anew import Anew
from kaohe.jobs.master import Master
from kaohe.model import IssueRecord, Return
from kaohe.sheets.give_back_sheet import GiveBack, Item, give_back_plan, give_back_sheet
from kaohe.workbooks.package import BadPlan, NothingWritten, create, write_new
from kaohe.workbooks.package.mark import Mark, mark

BLANKS = frozenset({"V01", "V25", "V48"})
"""Findings that nothing stands in a cell: their colour goes when something does."""
_COUNTS = (CONSOLIDATED, KNOWN)
_LONGEST = 60
"""Characters of a name taken from a file that came from outside."""
_SENDER = "报送单位"
_LIST = "退回单-"
"""How the name of a list alone begins."""
_NAMED = 5
"""Names of units that are spelled out."""
_MARKED = (
    "你单位报送的表中有下列问题。本工作簿就是原来报送的那一份,须改正的单元格已标成红色(存疑的标成黄色)并加了批注;"
    "点“位置”可到该单元格。请只改标出的单元格,改好后原样报回(本页不用删除,也不会被读取)。"
)
_ANEW = (
    "你单位报送的表中有下列问题。{why}本工作簿由考核办按总表重新做出,原来填的内容已照录,请核对;"
    "须改正的单元格已标成红色(存疑的标成黄色)并加了批注。请只改标出的单元格,改好后用本工作簿报回(本页不用删除)。"
)
_LISTED = (
    "你单位报送的文件“{file}”有下列问题,没有收录。{why}"
    "请用原来下发的工作簿填写后重新报送;找不到的,请与考核办联系索取。本页只作说明,不用报回。"
)


@dataclass(frozen=True)
class GivenBack:
    """The 退回单 that were written, by kind, and what could not be."""

    folder: Path
    marked: tuple[Path, ...] = ()
    """Copies of the returned workbooks."""
    anew: tuple[Path, ...] = ()
    """Made from the master, because the returned file may not or cannot be sent back."""
    listed: tuple[Path, ...] = ()
    """Lists alone, for files that are nobody's form or cannot be read."""
    failed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    """What the office should know before it sends them."""

    @property
    def count(self) -> int:
        """All 退回单 that were written."""
        return len(self.marked) + len(self.anew) + len(self.listed)


class Batch(NamedTuple):
    """Returns of one period, what was found in them; ``assessment`` None when none could be read."""

    returns: Sequence[Return]
    findings: Sequence[Finding]
    assessment: Assessment | None


class _Made(NamedTuple):
    """One 退回单: the field of GivenBack it belongs to, its file name, its bytes."""

    kind: str
    name: str
    data: bytes


def refuse_inside(folder: Path, places: Iterable[Path]) -> None:
    """JobError when 退回单 would be written among the returns, where they would be read as such.

    A file's own folder is one of returns; what lies below it need not be (it may be where one works).
    """
    target = folder.resolve()
    for place in places:
        inbox = place.resolve() if place.is_dir() else place.resolve().parent
        if target == inbox or (place.is_dir() and inbox in target.parents):
            raise JobError(f"退回单不能写到回收文件夹“{inbox}”里面,否则会被当作报送的表读入。请另选文件夹。")


def give_back(
    master: Master,
    batches: Sequence[Batch],
    sources: Mapping[str, Path],
    folder: Path,
    today: dt.date,
    progress: Progress = silent,
) -> GivenBack:
    """Write a 退回单 for every return with errors; one of the same name from an earlier round is replaced.

    ``sources``: name of a returned file → where it lies. Nothing of a returned file is evaluated, and what
    could do harm is not carried over (see workbooks.package.mark_safe). Raises JobError for the folder.
    """
    work = _once((number, row) for number, batch in enumerate(batches) for row in _to_give_back(batch))
    if not work:
        return GivenBack(folder, notes=_of_before(folder, (), _mended(master, batches, work)))
    make_folder(folder)
    found: dict[str, list[Path]] = {"marked": [], "anew": [], "listed": []}
    failed: list[str] = []
    taken: set[str] = set()
    makers = [_Maker(master, batch, sources, today) for batch in batches]
    for done, (number, returned) in enumerate(work, start=1):
        try:
            made = makers[number].made(returned)
            name = _free(made.name, taken)
            write_new(folder / name, made.data, overwrite=True, durable=False)
        except (NothingWritten, JobError, BadPlan) as error:
            failed.append(f"{returned.workbook}:{error}")
        else:
            found[made.kind].append(folder / name)
        progress("退回单", done, len(work))
    written = [path.name for paths in found.values() for path in paths]
    told = (
        *_no_telephone(master, written),
        *_of_before(folder, written, _mended(master, batches, work)),
    )
    kinds = {kind: tuple(paths) for kind, paths in found.items()}
    return GivenBack(folder, **kinds, failed=tuple(failed), notes=told)


def _once(work: Iterable[tuple[int, Return]]) -> list[tuple[int, Return]]:
    """A file that was looked at in two periods is given back once, for the one that counts."""
    found: dict[str, tuple[int, Return]] = {}
    for number, returned in work:
        found.setdefault(returned.workbook, (number, returned))
    return list(found.values())


def _mended(
    master: Master, batches: Sequence[Batch], work: Iterable[tuple[int, Return]]
) -> Mapping[str, str]:
    """Name of the 退回单 of an earlier round → whose it is, of returns that have no errors any more."""
    wrong = {returned.identity.number for _, returned in work}
    good = {returned.identity.number for batch in batches for returned in batch.returns} - wrong
    issued = (master.issues[number] for number in good if number in master.issues)
    units = master.scheme.unit_by_code
    return {
        _name(row): "".join((units[row.unit].name if row.unit in units else row.unit, row.department))
        for row in issued
    }


def _of_before(folder: Path, written: Collection[str], mended: Mapping[str, str]) -> tuple[str, ...]:
    """What lies in the folder from earlier rounds: whoever sends the whole folder would send that too."""
    if not folder.is_dir():
        return ()
    there = sorted(p.name for p in folder.glob("*.xlsx") if p.name.startswith((GIVEN_BACK, _LIST)))
    old = [name for name in there if name not in written]
    done = [mended[name] for name in old if name in mended]
    if not old:
        return ()
    words = f"{folder} 中另有 {len(old)} 份以前的退回单,没有改动;发出前请核对,不要一并发出。"
    if done:
        more = f"等 {len(done)} 份" if len(done) > _NAMED else f" {len(done)} 份"
        words += f"其中 {'、'.join(done[:_NAMED])}{more}的表已没有错误,原来的退回单可以删去。"
    return (words,)


def _no_telephone(master: Master, written: Collection[str]) -> tuple[str, ...]:
    if not written or str(master.scheme.settings["联系方式"]).strip():
        return ()
    return ("《方案》的“联系方式”空着,退回单上没有考核办的电话。请填写后重做一次。",)


def _to_give_back(batch: Batch) -> Iterable[Return]:
    """Returns that have an error somebody outside can mend, but for those that do not count anyway."""
    wrong = {f.location.workbook for f in batch.findings if f.severity == ERROR and f.code not in OFFICES_OWN}
    states = _states(batch.assessment)
    for returned in batch.returns:
        if returned.workbook in wrong and states.get(returned.workbook) != DUPLICATE:
            yield returned


def _states(assessment: Assessment | None) -> Mapping[str, str]:
    return {item.workbook: item.state for item in assessment.intake.inputs} if assessment else {}


def _free(name: str, taken: set[str]) -> str:
    """The name, numbered when this run has written one like it."""
    stem, free, number = name.removesuffix(".xlsx"), name, 1
    while free.casefold() in taken:
        number += 1
        free = f"{stem}-{number}.xlsx"
    taken.add(free.casefold())
    return free


class _Maker:
    """Makes the 退回单 of one batch."""

    def __init__(self, master: Master, batch: Batch, sources: Mapping[str, Path], today: dt.date) -> None:
        self._master = master
        self._sources = sources
        self._today = today
        self._assessment = batch.assessment
        self._states = _states(batch.assessment)
        self._scheme = batch.assessment.scores.scheme if batch.assessment else master.scheme
        self._findings: dict[str, list[Finding]] = {}
        for finding in batch.findings:
            if finding.severity in (ERROR, QUERY) and finding.code not in OFFICES_OWN:
                self._findings.setdefault(finding.location.workbook, []).append(finding)
        self._named = {issued_name(row.workbook): row for row in master.issues.values()}
        self._skeleton = (files("kaohe.templates") / f"{terms.PURPOSE_FORM}.xlsx").read_bytes()
        self._anew = Anew(master, batch.assessment.scores.period) if batch.assessment else None

    def made(self, returned: Return) -> _Made:
        """The best 退回单 that is safe: a marked copy, else a new form with what was typed, else a list."""
        issue = self._master.issues.get(returned.identity.number)
        counts = self._states.get(returned.workbook, UNREADABLE) in _COUNTS
        if issue is None or not counts:
            return self._listed(returned, None if issue else self._named.get(_by_name(returned)), "")
        try:
            return self._marked(returned, issue)
        except (NothingWritten, BadPlan, JobError, ValueError, LookupError) as error:
            why = error.reason if isinstance(error, NothingWritten) else "原工作簿的内部结构不寻常,不能标注。"
        try:
            return self._made_anew(returned, issue, why)
        except (NothingWritten, BadPlan, JobError, ValueError, LookupError):
            return self._listed(returned, issue, why)

    def _marked(self, returned: Return, issue: IssueRecord) -> _Made:
        data = read_bytes(self._sources[returned.workbook], "报送的表")
        if hashlib.sha256(data).hexdigest() != returned.sha256:
            raise JobError("文件在核对之后被改动")
        found = self._findings[returned.workbook]
        items = [_item(f, f.location.sheet, f.location.cell) for f in found]
        cover = give_back_sheet(self._letter(returned, issue, items, _MARKED))
        return _Made("marked", _name(issue), mark(data, self._skeleton, _marks(found, _own_place), cover))

    def _made_anew(self, returned: Return, issue: IssueRecord, why: str) -> _Made:
        if self._anew is None:
            raise JobError("没有可用的期次")
        blank = self._anew.workbook(issue)
        form = self._anew.filled(blank, returned)
        cells = self._anew.cells(form)

        def place(finding: Finding) -> tuple[str, str]:
            return cells.get((finding.location.unit, finding.location.indicator), ("", ""))

        found = self._findings[returned.workbook]
        items = [_item(finding, *place(finding)) for finding in found]
        cover = give_back_sheet(self._letter(returned, issue, items, _ANEW.format(why=why)))
        return _Made("anew", _name(issue), mark(form, self._skeleton, _marks(found, place), cover))

    def _listed(self, returned: Return, issue: IssueRecord | None, why: str) -> _Made:
        items = [
            _item(f, f.location.sheet, f.location.cell, False) for f in self._findings[returned.workbook]
        ]
        how = _LISTED.format(file=returned.workbook[-200:], why=why)
        letter = self._letter(returned, issue, items, how)
        stem = returned.workbook.rpartition("/")[2].rpartition(".")[0] or returned.workbook
        name = f"{_LIST}{safe_name(safe_name(stem)[:_LONGEST])}.xlsx"
        return _Made("listed", name, create(self._skeleton, give_back_plan(letter)))

    def _letter(
        self, returned: Return, issue: IssueRecord | None, items: Sequence[Item], how: str
    ) -> GiveBack:
        due = self._today + dt.timedelta(days=int(self._scheme.settings["改正天数"]))
        deadline = read_date(issue.deadline) if issue else None
        return GiveBack(
            scheme=self._scheme,
            period=self._assessment.scores.period.title if self._assessment else "",
            to=self._to(issue),
            number=issue.number if issue else "",
            file=returned.workbook[-200:],
            today=self._today,
            due=max(due, deadline) if deadline else due,
            items=sorted(items, key=lambda item: item.severity != ERROR),
            how=how,
        )

    def _to(self, issue: IssueRecord | None) -> str:
        """Whom the letter is addressed to: what the register says, never what the file says."""
        if issue is None:
            return _SENDER
        unit = self._scheme.unit_by_code.get(issue.unit)
        name = unit.name if unit else issue.unit
        who = f"{name}({issue.department})" if name and issue.department else name or issue.department
        return f"{who}  联络员 {unit.liaison}" if unit and unit.liaison else who


def _by_name(returned: Return) -> str:
    """The name a file was issued under, where it tells nothing else of itself; '' where it does."""
    return issued_name(returned.workbook) if returned.problem == "W01" else ""


def _name(issue: IssueRecord) -> str:
    return safe_name(f"{GIVEN_BACK}{issue.workbook}")


def _item(finding: Finding, sheet: str, cell: str, here: bool = True) -> Item:
    """A line of the list; ``here`` False: the cell is in another workbook than the list."""
    where = "" if here or not cell else f"《{sheet}》{cell}:"
    place = (sheet, cell) if here else ("", "")
    return Item(finding.severity, *place, f"{where}{finding.what}", finding.remedy)


def _own_place(finding: Finding) -> tuple[str, str]:
    return (finding.location.sheet, finding.location.cell)


def _marks(found: Iterable[Finding], place: Callable[[Finding], tuple[str, str]]) -> list[Mark]:
    """A mark for each cell with something wrong; where a cell has an error, it has the error's colour."""
    marks: dict[tuple[str, str], Mark] = {}
    for finding in sorted(found, key=lambda f: f.severity != ERROR):
        sheet, cell = key = place(finding)
        if not sheet or not cell:
            continue
        text = f"{finding.what}{finding.remedy}"
        before = marks.get(key)
        if before is None:
            role = "bad" if finding.severity == ERROR else "warn"
            marks[key] = Mark(sheet, cell, text, role, finding.code in BLANKS)
        else:
            note = f"{before.note}\n{text}"
            marks[key] = Mark(sheet, cell, note, before.role, before.blank and finding.code in BLANKS)
    return list(marks.values())
