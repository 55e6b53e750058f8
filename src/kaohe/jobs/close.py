"""`kaohe close` (归档, Y11): one sealed package of the year, with a directory of hashes.

The package is laid out as the office's folder is: unpacked, the master finds its returned files and its
佐证材料 where they were. In it: the final master, the scheme as tables, every returned file that 填报数据 and
收件登记 name (found by its SHA-256), 佐证材料, what else the office gives, the whole result and the audit as
JSON. The seal is printed, and registered in the master's 运行记录.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kaohe.assess.assessment import Assessment
from kaohe.jobs.audit import Audit, audit
from kaohe.jobs.audit_report import audit_report
from kaohe.jobs.close_package import Item, Sealed, seal
from kaohe.jobs.common import Clock, JobError, Progress, now, read_bytes, silent, stamp, without_collector
from kaohe.jobs.dump import as_files
from kaohe.jobs.evidence_files import existing_files
from kaohe.jobs.inbox import find_files
from kaohe.jobs.kept_beside import one_run
from kaohe.jobs.master import Master, master_in
from kaohe.jobs.plans import run_row
from kaohe.jobs.report import report_json
from kaohe.jobs.settled import period_shown, settled
from kaohe.jobs.store import FileStore
from kaohe.model import Period
from kaohe.sheets.registers import RUNS, register_sheet
from kaohe.workbooks.package import NothingWritten
from kaohe.workbooks.plan import BookPlan

CLOSED = "归档"
"""What 运行记录 calls the run."""
_SEAL = "封存码"
_INBOX = "回收"
_RETURNS = "returns"
"""The audit's engine that needs the folder of returns."""
_NAMED = 12
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Closed:
    """What was sealed.

    ``missing``: returned files that were not found. ``unrecorded``: why the seal does not stand in the
    master; '' when it does.
    """

    sealed: Sealed
    period: Period
    missing: tuple[str, ...]
    notes: tuple[str, ...]
    unrecorded: str = ""


@without_collector()
def close(
    master: Path,
    target: Path,
    *,
    inbox: Path | None = None,
    added: Sequence[Path] = (),
    period_code: str | None = None,
    without_missing: str = "",
    engines: Collection[str] = (),
    clock: Clock = now,
    progress: Progress = silent,
) -> Closed:
    """Seal the period's papers into ``target``, a zip that must not exist.

    ``inbox``: the folder of returned files. ``added``: further files and folders: minutes, scans, published
    documents. ``engines``: those of the audit, as :func:`kaohe.jobs.audit.audit` takes them.
    ``without_missing``: the reason why returned files may be missing; it is written into the
    package. Raises JobError when the result is not 公布, a file is missing, the audit disagrees, or the
    package cannot be written.
    """
    moment = clock()
    with one_run(FileStore(master), progress):
        data = read_bytes(master, "总表")
        book = master_in(data, master)
        found = settled(book, period_code)
        period = found.scores.period
        if period_shown(book) != period.code:
            raise JobError(
                f"总表的结果表现在是 {period_shown(book)} 的,要归档的是 {period.code}。"
                f"请先重新汇总 {period.code},再归档。"
            )
        if not found.state.final:
            raise JobError(
                f"{period.title}的结果还没有公布(现在是“{found.state.shown}”),不能归档。"
                "请先用 kaohe decide 登记到公布。"
            )
        returned, missing = _returned(book, period, inbox, progress)
        if missing and not without_missing.strip():
            raise JobError(_told_missing(missing, inbox))
        audited = _audited(master, None if missing else inbox, engines, progress)
        items = [
            *_own(book, data, found, audited),
            *returned,
            *_evidence(book, period),
            *_added(added, target),
        ]
        if missing:
            items.append(Item("缺少的原件.txt", "说明", _list(missing, without_missing), without_missing))
        sealed = seal(target, _once(items), moment, progress)
        unrecorded = _record(book, found, sealed, moment)
    notes = tuple(f"不在归档包中:{name}" for name in missing)
    return Closed(sealed, period, tuple(missing), notes, unrecorded)


def _once(items: Iterable[Item]) -> Iterator[Item]:
    """Each file of the office's folder once, whatever it is registered as."""
    seen: dict[str, Path | bytes] = {}
    for item in items:
        if seen.setdefault(item.name, item.source) is item.source or not _same(seen[item.name], item.source):
            yield item


def _same(one: Path | bytes, other: Path | bytes) -> bool:
    return isinstance(one, Path) and isinstance(other, Path) and one.resolve() == other.resolve()


def _audited(master: Path, inbox: Path | None, engines: Collection[str], progress: Progress) -> Audit:
    """The audit of what is to be sealed. Raises JobError where it disagrees."""
    possible = [engine for engine in engines if inbox is not None or engine != _RETURNS]
    audited = audit(master, inbox=inbox, engines=possible, progress=progress)
    if audited.clean:
        return audited
    told = [*audited.trouble, *(f"{one.sheet} {one.cell}" for one in audited.differences)]
    more = f"等 {len(told)} 处" if len(told) > _NAMED else ""
    raise JobError(
        f"复核与总表不一致,没有归档:{'、'.join(told[:_NAMED])}{more}。请用 kaohe audit 逐条查看、改正。"
    )


def _own(book: Master, data: bytes, found: Assessment, audited: Audit) -> Iterator[Item]:
    """The master, its scheme as tables, the result and the audit."""
    title = f"{found.scores.period.title} {found.state.shown}"
    yield Item(book.path.name, "总表", data, title, book.sha256)
    for name, content in as_files(book).items():
        yield Item(f"方案/{name}", "方案", content)
    yield Item("结果.json", "结果", report_json(found).encode())
    report = json.dumps(audit_report(audited), ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    yield Item("复核.json", "复核", report.encode(), "kaohe audit 的结果")


def _returned(
    book: Master, period: Period, inbox: Path | None, progress: Progress
) -> tuple[list[Item], list[str]]:
    """(the returned files of the period, the names of those that were not found)."""
    wanted: dict[str, str] = {}
    for record in book.records:
        if record.period == period.code and record.sha256:
            wanted.setdefault(record.sha256, record.workbook)
    counted = set(wanted)
    for receipt in book.receipts:
        if receipt.period == period.code and receipt.sha256:
            wanted.setdefault(receipt.sha256, receipt.workbook)
    there = _by_hash(inbox, progress) if inbox is not None else {}
    items = [
        Item(_place(there[code], inbox, book.path), "报送原件", there[code], _role(code, counted), code)
        for code in wanted
        if code in there and inbox is not None
    ]
    return items, [f"{wanted[code]}(SHA-256 {code[:12]}…)" for code in wanted if code in counted - set(there)]


def _role(code: str, counted: set[str]) -> str:
    return "" if code in counted else "未收录"


def _by_hash(inbox: Path, progress: Progress) -> dict[str, Path]:
    """SHA-256 → file of the inbox; of files with the same content the first by name."""
    if not inbox.is_dir():
        raise JobError(f"回收文件夹“{inbox}”不存在。请用 --inbox 指明存放回收表的文件夹。")
    workbooks, others = find_files([inbox])
    paths = sorted([*workbooks, *others])
    found: dict[str, Path] = {}
    for done, path in enumerate(paths):
        progress("查找原件", done, len(paths))
        if path.is_file() and not path.is_symlink():
            found.setdefault(_hash(path), path)
    return found


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    except OSError as error:
        raise JobError(f"读不到“{path}”:{error.strerror}。请检查权限后重试。") from None
    return digest.hexdigest()


def _place(path: Path, inbox: Path, master: Path) -> str:
    """Where a returned file stands in the package: as beside the master, else in 回收/."""
    home, full = master.parent.resolve(), path.resolve()
    if full.is_relative_to(home):
        return full.relative_to(home).as_posix()
    return f"{_INBOX}/{path.relative_to(inbox).as_posix()}"


def _told_missing(missing: Sequence[str], inbox: Path | None) -> str:
    where = f"“{inbox}”里" if inbox is not None else "没有用 --inbox 指明回收文件夹,"
    more = f" 等 {len(missing)} 份" if len(missing) > _NAMED else ""
    return (
        f"{where}找不到下列报送原件,没有归档:{'、'.join(missing[:_NAMED])}{more}。"
        "请把原件放回回收文件夹;确已遗失的,用 --without-missing 写明原因。"
    )


def _list(missing: Sequence[str], reason: str) -> bytes:
    return "\r\n".join([f"下列报送原件归档时没有找到。原因:{reason}", *missing, ""]).encode("utf-8-sig")


def _evidence(book: Master, period: Period) -> Iterator[Item]:
    """The registered files that are there; those that are not were told when the result was decided."""
    there = existing_files(book)
    seen: set[str] = set()
    for row in book.ledger.evidence:
        name = row.file.replace("\\", "/")
        if row.file in there and row.period in ("", period.code) and name.casefold() not in seen:
            seen.add(name.casefold())
            kind = "佐证材料" if row.indicator else "签字扫描件"
            note = " ".join(filter(None, (row.unit, row.indicator, row.number)))
            yield Item(name, kind, book.path.parent / name, note)


def _added(places: Iterable[Path], target: Path) -> Iterator[Item]:
    """Files and folders the office gives, under 其他/."""
    names: dict[str, Path] = {}
    for place in places:
        if not place.exists():
            raise JobError(f"找不到要一并归档的“{place}”。请核对 --add。")
        files = sorted(path for path in place.rglob("*") if path.is_file()) if place.is_dir() else [place]
        for path in files:
            name = f"其他/{path.relative_to(place.parent).as_posix()}"
            if path.resolve() != target.resolve() and not path.is_symlink():
                names[name] = path
    for name, path in names.items():
        yield Item(name, "其他", path)


def _record(book: Master, found: Assessment, sealed: Sealed, moment: dt.datetime) -> str:
    """The seal into 运行记录; '' or the reason why it could not be written."""
    run = run_row(stamp(moment), CLOSED, None, found.scores.scheme, found.scores.period.code, book.content())
    told = f"{_SEAL} {sealed.seal};归档包 {sealed.path.name};文件 {len(sealed.entries)} 个"
    run = run._replace(settings=told)
    try:
        FileStore(book.path).write(BookPlan((register_sheet(RUNS, [*book.runs, run]),)), book, moment)
    except NothingWritten as error:
        return str(error)
    return ""
