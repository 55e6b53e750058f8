"""`kaohe publish`: the documents of a period, all from one state of the master (Y2, Y5, Y9, Y10).

Everything goes into a new folder that appears when it is complete. Nothing is written into the master.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kaohe import terms
from kaohe.assess.deciding import PRELIMINARY, state_of
from kaohe.documents import stage
from kaohe.documents.notice import held_back
from kaohe.documents.shown import unknown_words
from kaohe.jobs.common import Clock, JobError, Progress, now, safe_name, silent, stamp, without_collector
from kaohe.jobs.consolidate import assess_returns
from kaohe.jobs.issue import parse_period_or_fail
from kaohe.jobs.master import Master
from kaohe.jobs.plans import CONSOLIDATED
from kaohe.jobs.publish_folder import building
from kaohe.jobs.publish_kinds import (
    ADOPTED,
    FEEDBACK,
    KINDS,
    OF_RESULTS,
    ONE_EACH,
    REMINDER,
    Source,
    Writer,
)
from kaohe.jobs.publish_templates import expect_templates
from kaohe.jobs.settled import settled
from kaohe.jobs.store import Store, as_store
from kaohe.model import Period
from kaohe.workbooks.pdf import find_soffice, to_pdf
from kaohe.workbooks.word import BrokenTemplateError

CONTENTS = "文书目录.txt"
NO_OFFICE = "没有找到 LibreOffice(soffice),没有转成 PDF。可在 Word、WPS 中打开后另存为 PDF。"


@dataclass(frozen=True)
class Publication:
    """What was written: the folder, its files by kind, and what the office should know."""

    period: Period
    state: str
    final: bool
    folder: Path
    files: tuple[tuple[str, int], ...]
    """(kind, how many documents), PDF copies left out."""
    pdfs: int
    notes: tuple[str, ...]


@without_collector()
def publish(
    master: Path | Store,
    out: Path,
    *,
    period_code: str | None = None,
    kinds: Sequence[str] = (),
    pdf: bool | None = None,
    templates: Path | None = None,
    clock: Clock = now,
    progress: Progress = silent,
) -> Publication:
    """Write the documents of a period into a new folder inside ``out``.

    ``kinds``: of KINDS, all that are possible when empty. ``pdf``: None makes PDFs of the documents there is
    one of, True of all, False of none; without LibreOffice that is said. ``templates``: the office's own Word
    templates, ours in place of those it lacks. Raises JobError; the master is not touched.
    """
    expect_templates(templates)
    wanted = _wanted(kinds)
    source, notes = _source(as_store(master).read(), period_code, wanted, bool(kinds), clock)
    chosen = _possible(wanted, source, bool(kinds), notes)
    writer = Writer(source, templates)
    counts: list[tuple[str, int]] = []
    with building(out) as made:
        for kind in chosen:
            count = _write(made.folder, kind, writer, progress)
            if count:
                counts.append((kind, count))
            elif kinds:
                notes.append(f"没有{kind}可出:{_none(kind)}")
        if not counts:
            raise JobError("没有可出的文书:" + ";".join(notes))
        pdfs = _pdfs(made.folder, pdf, notes, progress)
        _contents(made.folder, source)
        state = source.state.name if source.assessment else ""
        name = stage.folder_name(source.period.code, source.state if source.assessment else None)
        folder = made.finish(out, safe_name(name))
    return Publication(source.period, state, source.state.final, folder, tuple(counts), pdfs, tuple(notes))


def _wanted(kinds: Sequence[str]) -> tuple[str, ...]:
    unknown = [kind for kind in kinds if kind not in KINDS]
    if unknown:
        raise JobError(f"没有名为“{unknown[0]}”的文书。可出的有:{'、'.join(KINDS)}。")
    return tuple(kind for kind in KINDS if not kinds or kind in kinds)


def _source(
    book: Master, code: str | None, wanted: Sequence[str], asked: bool, clock: Clock
) -> tuple[Source, list[str]]:
    """The state of the master everything is made from, and what is to be told."""
    done = {run.period for run in book.runs if run.command == CONSOLIDATED and run.period}
    needed = asked and any(kind in OF_RESULTS for kind in wanted)
    ready = bool(done) if code is None else parse_period_or_fail(code).code in done
    results = any(kind in (*OF_RESULTS, REMINDER) for kind in wanted)
    notes: list[str] = []
    if needed or (ready and results):
        assessment = settled(book, code)
        period, scheme = assessment.scores.period, assessment.scores.scheme
        unknown = unknown_words(scheme)
        if unknown:
            raise JobError(
                f"《方案》的“公示内容”中有看不懂的“{unknown[0]}”。请写 得分、名次、等次 中的几项,顿号隔开。"
            )
        state = state_of(book.ledger.states, period, scheme)
        return Source(book, scheme, period, assessment, state, clock()), notes
    period = _year(book, code)
    scheme = book.scheme.at(period.end)
    if not scheme.units or not scheme.indicators:
        raise JobError("总表的《单位》《指标》没有在用的行,没有文书可出。请先填写方案。")
    issued = any(row.period == period.code for row in book.issues.values())
    owed = assess_returns(book, period, ()) if issued and REMINDER in wanted else None
    return Source(book, scheme, period, None, PRELIMINARY, clock(), owed), notes


def _year(book: Master, code: str | None) -> Period:
    """The period of documents that need no results: as asked, the one issued last, the whole year."""
    year = int(float(book.scheme.settings["考核年度"]))
    issued = [row.period for row in book.issues.values()]
    if not (code or issued or year):
        raise JobError("《方案》没有填考核年度。请填写后再出文书,或用 --period 指明期次。")
    return parse_period_or_fail(code or (issued[-1] if issued else str(year)))


def _possible(wanted: Sequence[str], source: Source, asked: bool, notes: list[str]) -> list[str]:
    """The kinds that can be made now; what is left out by default is said."""
    if source.assessment is not None:
        if not asked and not source.state.final:
            shown = "(《公示》标为公示稿)" if source.state.name == terms.STATE_PUBLICITY else ""
            notes.append(f"结果的状态是“{source.state.name}”,各件都标为送审稿{shown},没有文号")
        provisional = sum(row.state == terms.PROVISIONAL for row in source.assessment.standings)
        if provisional:
            notes.append(f"{provisional} 个结果还是暂定的,没有名次")
        pending = sum(row.grade == terms.PENDING_GRADE for row in source.assessment.standings)
        if pending and {"通报", "公示"} & set(wanted):
            notes.append(
                f"{pending} 个单位等次待定,通报、公示中写作“待定”,不宜发出;请先在《人工调整》中定等次"
            )
        if "公示" in wanted and not str(source.scheme.settings["联系方式"]).strip():
            notes.append("《方案》的“联系方式”空白,公示上没有联系人和电话")
        if "通报" in wanted:
            notes += held_back(source.assessment)
            if source.state.final and not source.state.number:
                notes.append("《审定》最后一步没有填文号,通报没有编号")
        return list(wanted)
    left = [kind for kind in wanted if kind in OF_RESULTS or (kind == REMINDER and source.owed is None)]
    if left:
        notes.append(f"{source.period.title}还没有汇总,没有出{'、'.join(left)}")
    return [kind for kind in wanted if kind not in left]


def _none(kind: str) -> str:
    reasons = {REMINDER: "没有需要催报的", ADOPTED: "《征求意见》没有登记", FEEDBACK: "没有考核对象"}
    return reasons.get(kind, "没有内容")


def _write(folder: Path, kind: str, writer: Writer, progress: Progress) -> int:
    """The files of one kind; how many."""
    try:
        count, documents = writer.make(kind)
        for done, document in enumerate(documents, start=1):
            path = folder / document.place
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(document.data)
            progress(f"写{kind}", done, count)
    except BrokenTemplateError as error:
        raise JobError(f"{error}没有写出任何文书。") from None
    return count


def _pdfs(folder: Path, wanted: bool | None, notes: list[str], progress: Progress) -> int:
    """PDF copies beside the documents; how many. What could not be made is told, never fatal."""
    if wanted is False:
        return 0
    program = find_soffice()
    if program is None:
        notes.append(NO_OFFICE)
        return 0
    total, failed = 0, []
    for place in [folder, *(folder / kind for kind in ONE_EACH if wanted)]:
        paths = sorted((path for path in place.glob("*.*") if path.suffix in (".docx", ".xlsx")), key=str)
        words = {path.stem for path in paths if path.suffix == ".docx"}
        # The Word document of a kind is the one to print; its table is there to be sorted.
        chosen = [path for path in paths if path.suffix == ".docx" or path.stem not in words]
        made, lost = to_pdf(
            chosen, place, program=program, progress=lambda done, of: progress("转 PDF", done, of)
        )
        total += len(made)
        failed += lost
    if failed:
        notes.append(f"{len(failed)} 份没有转成 PDF(如 {failed[0][0].name}):{failed[0][1]}")
    return total


def _contents(folder: Path, source: Source) -> None:
    """文书目录.txt: from what everything was made, and each document's hash."""
    state = source.state
    lines = [
        f"总表:{source.book.path.name}  SHA-256 {source.book.sha256}",
        f"期次:{source.period.title}  状态:{state.name if source.assessment else '未汇总'}  "
        f"方案版本:{source.scheme.version}",
        f"制作:{stamp(source.moment)}",
        "",
    ]
    for path in sorted(
        (path for path in folder.rglob("*") if path.is_file()), key=lambda path: path.as_posix()
    ):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        lines.append(f"{digest}  {path.relative_to(folder).as_posix()}")
    (folder / CONTENTS).write_bytes(("\r\n".join(lines) + "\r\n").encode("utf-8-sig"))
