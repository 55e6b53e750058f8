"""`kaohe dossier`: one workbook per unit with all there is about it in a period (考核纪实档案)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from kaohe.assess.assessment import Assessment
from kaohe.assess.explain import explain_all
from kaohe.assess.explain_total import explain_total
from kaohe.jobs.common import Progress, make_folder, safe_name, silent
from kaohe.jobs.explain import assessed
from kaohe.jobs.new import MASTER_SKELETON
from kaohe.jobs.store import Store
from kaohe.jobs.words import the_one
from kaohe.model import Period, Unit
from kaohe.sheets.dossier_registers import registers_sheet
from kaohe.sheets.dossier_sheet import KEY, dossier_sheet
from kaohe.sheets.explain_sheet import explain_sheet, sections
from kaohe.workbooks.package import AlreadyThere, create, write_new
from kaohe.workbooks.plan import BookPlan


@dataclass(frozen=True)
class Dossiers:
    """The files written, and those that stood there with other content and were left alone."""

    period: Period
    folder: Path
    written: tuple[Path, ...] = ()
    unchanged: tuple[Path, ...] = ()
    kept: tuple[Path, ...] = ()


def dossiers(
    master: Path | Store,
    out: Path,
    *,
    units: Sequence[str] = (),
    period_code: str | None = None,
    overwrite: bool = False,
    progress: Progress = silent,
) -> Dossiers:
    """Write the record of each unit (``units``: codes or names; all) of a consolidated period to ``out``.

    Nothing is written into the master. Raises JobError for an unknown unit or a period that was not
    consolidated, NothingWritten where a file cannot be written.
    """
    assessment = assessed(master, period_code)
    scores = assessment.scores
    chosen = [the_one(scores.units, word, "《单位》《人员》") for word in units]
    whom = chosen or [row.unit for row in assessment.standings if row.measured_indicators]
    make_folder(out)
    found: dict[str, list[Path]] = {"written": [], "unchanged": [], "kept": []}
    for done, unit in enumerate(whom, start=1):
        path = out / file_name(assessment, unit)
        found[_write(path, dossier(assessment, unit), overwrite)].append(path)
        progress("写档案", done, len(whom))
    return Dossiers(scores.period, out, **{key: tuple(paths) for key, paths in found.items()})


def file_name(assessment: Assessment, unit: Unit) -> str:
    """滨湖区-考核纪实-2007-H1.xlsx; with the code in front where two are called the same."""
    alike = sum(row.name == unit.name for row in assessment.scores.units) > 1
    words = [*([unit.code] if alike else []), unit.name, KEY, assessment.scores.period.code]
    return f"{safe_name('-'.join(words))}.xlsx"


def dossier(assessment: Assessment, unit: Unit) -> bytes:
    """The workbook's bytes: the record, what stands in the registers, and how every score came about."""
    told = sections(assessment.scores.period, explain_total(assessment, unit), explain_all(assessment, unit))
    standing = next(row for row in assessment.standings if row.unit.code == unit.code)
    sheets = (
        dossier_sheet(assessment, standing),
        registers_sheet(assessment, standing),
        explain_sheet(assessment, unit, told),
    )
    plan = BookPlan(sheets, active=KEY)
    return create((files("kaohe.templates") / MASTER_SKELETON).read_bytes(), plan)


def _write(path: Path, data: bytes, overwrite: bool) -> str:
    if path.is_file() and path.read_bytes() == data:
        return "unchanged"
    try:
        write_new(path, data, overwrite=overwrite, durable=False)
    except AlreadyThere:
        return "kept"
    return "written"
