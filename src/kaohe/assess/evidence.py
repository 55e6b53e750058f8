"""佐证材料: numbered per indicator, its files there, the signed scans of those who returned a form (Y4)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import PurePosixPath, PureWindowsPath

from kaohe.findings import Finding
from kaohe.model import Evidence, Location, Period, Scheme
from kaohe.periods import is_period
from kaohe.settings import allowed

SCAN = "签字盖章的扫描件"
SCAN_WANTED = "要求扫描件"


def evidence_findings(
    scheme: Scheme,
    period: Period,
    rows: Iterable[Evidence],
    existing: Collection[str],
    returned: Collection[str],
) -> Iterator[Finding]:
    """Y09 files that are not there, Y10 rows that name nothing, Y11 scans nobody registered.

    ``scheme``: the rows in force; ``existing``: those of the rows' ``file`` that are files below the master's
    folder, as written in the register; ``returned``: codes of units that sent their form in.
    """
    rows = tuple(rows)
    mine = [row for row in rows if row.period == period.code]
    for row in rows:
        if not is_period(row.period):
            yield _wrong(row, f"期次“{row.period}”看不懂" if row.period else "没有写期次")
    seen: dict[tuple[str, str, str], Location] = {}
    for row in mine:
        if reason := _against(row, scheme, seen):
            yield _wrong(row, reason)
        if row.indicator or row.number:
            seen.setdefault((row.unit, row.indicator, row.number), row.location)
        yield from _file(row, existing)
    if allowed(scheme.settings, SCAN_WANTED):
        yield from _without_scan(scheme, {row.unit for row in mine if not row.indicator}, returned)


def _against(row: Evidence, scheme: Scheme, seen: Mapping[tuple[str, str, str], Location]) -> str:
    """What is wrong with the row itself; '' when nothing is."""
    if row.unit not in scheme.unit_by_code:
        return f"单位代码“{row.unit}”不在《单位》《人员》中" if row.unit else "没有写单位代码"
    if row.indicator and row.indicator not in scheme.indicator_by_code:
        return f"指标代码“{row.indicator}”不在《指标》中"
    if row.indicator and not row.number:
        return "没有写编号"
    if (row.unit, row.indicator, row.number) in seen:
        return f"编号重复(另见 {seen[row.unit, row.indicator, row.number].cell})"
    return ""


def _file(row: Evidence, existing: Collection[str]) -> Iterator[Finding]:
    facts = {"what": _what(row), "file": row.file}
    if not row.file:
        yield _wrong(row, "没有写文件")
    elif outside(row.file):
        yield Finding("Y09", _place(row), {**facts, "reason": "不在总表所在的文件夹之下"})
    elif row.file not in existing:
        yield Finding("Y09", _place(row), {**facts, "reason": "找不到"})


def outside(file: str) -> bool:
    """Whether the name leads out of the master's folder: absolute, with a drive, or through ``..``."""
    windows, posix = PureWindowsPath(file), PurePosixPath(file.replace("\\", "/"))
    return bool(windows.anchor or windows.drive) or posix.is_absolute() or ".." in posix.parts


def _without_scan(scheme: Scheme, there: Collection[str], returned: Collection[str]) -> Iterator[Finding]:
    for unit in scheme.units:
        if unit.code in returned and unit.code not in there:
            yield Finding("Y11", Location(unit=unit.code), {"unit": unit.name})


def _wrong(row: Evidence, reason: str) -> Finding:
    return Finding("Y10", _place(row), {"what": _what(row), "reason": reason})


def _place(row: Evidence) -> Location:
    return row.location._replace(unit=row.unit, indicator=row.indicator)


def _what(row: Evidence) -> str:
    """A01 X1 第2号."""
    what = row.indicator or SCAN
    return " ".join(filter(None, (row.unit, what, f"第{row.number}号" if row.number else "")))
