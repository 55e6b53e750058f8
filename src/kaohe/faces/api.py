"""The public Python API: the jobs with plain arguments, tables as pandas DataFrames.

Errors: ``kaohe.jobs.common.JobError`` for wrong use, ``kaohe.workbooks.package.NothingWritten`` when a file
could not be written safely; their messages say what to do.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaohe.findings import Finding
from kaohe.jobs import check as _check
from kaohe.jobs import consolidate as _consolidate
from kaohe.jobs import dump as _dump
from kaohe.jobs import explain as _explain
from kaohe.jobs import issue as _issue
from kaohe.jobs import new as _new
from kaohe.jobs.report import report
from kaohe.jobs.report_file import expect_report_place, report_when_kept, write_report
from kaohe.jobs.schemes import SchemeInfo, schemes
from kaohe.sheets.explain_sheet import place_of

if TYPE_CHECKING:
    import pandas as pd

PathLike = str | os.PathLike[str]

__all__ = ["Result", "SchemeInfo", "check", "consolidate", "dump", "explain", "issue", "new", "schemes"]


@dataclass(frozen=True)
class Result:
    """A consolidation: ``report`` is what report.json holds (docs/report.schema.json)."""

    report: dict[str, Any]
    backup: Path | None

    @property
    def errors(self) -> bool:
        """Whether ERROR findings remain."""
        return any(finding["severity"] == "ERROR" for finding in self.report["findings"])

    @property
    def standings(self) -> pd.DataFrame:
        """One row per unit or person, in the order of rank.

        Columns: unit, name, kind (单位 or 个人), class, group, state, grade, first_grade (before vetoes),
        vetoes, notes (several joined by ;) (str, '' for none); total, computed_total (before a decision),
        bonus, deduction, late, lost, measured_weight (float, points); rate (float, percent); rank, place
        (Int64, <NA> while provisional); tied (bool); measured_indicators, scored_indicators, on_schedule,
        behind (int); one float column ``part.CODE`` per part (NaN where a unit is not assessed in it).
        """
        import pandas as pd

        frame = pd.DataFrame([_standing_row(row) for row in self.report["standings"]])
        return frame.astype({"rank": "Int64", "place": "Int64"}) if len(frame) else frame

    @property
    def scores(self) -> pd.DataFrame:
        """One row per unit and indicator that counts.

        Columns: unit, indicator, name, typed, status, mark, reason, measure, method, state, source (whose
        value counts) (str); weight, score, computed (by the formula, before a decision), lost (float,
        points); target, due, actual (float, unit of measure; actual may be 是/否); rate (float, ratio);
        decided (bool).
        """
        import pandas as pd

        return pd.DataFrame(self.report["scores"])

    @property
    def outcomes(self) -> pd.DataFrame:
        """One row per unit that a rule of 结果规则 proposes, of a whole year only; all columns str.

        Columns: rule, outcome, nature, proposal, unit, name, scope, state, basis, notes (joined by ;).
        """
        import pandas as pd

        names = ["rule", "outcome", "nature", "proposal", "unit", "name", "scope", "state", "basis", "notes"]
        rows = [{**row, "notes": ";".join(row["notes"])} for row in self.report["outcomes"]]
        return pd.DataFrame(rows, columns=names)

    @property
    def findings(self) -> pd.DataFrame:
        """One row per finding, all columns str.

        Columns: code, severity, title, unit, indicator, workbook, sheet, cell, message.
        """
        import pandas as pd

        columns = ["code", "severity", "title", "unit", "indicator", "workbook", "sheet", "cell", "message"]
        return pd.DataFrame(self.report["findings"], columns=columns)


def _standing_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """A standing with a column per part, words for lists and '' for no grade."""
    kept = {name: value for name, value in row.items() if name != "parts"}
    return {
        **kept,
        "grade": row["grade"] or "",
        "first_grade": row["first_grade"] or "",
        "vetoes": ";".join(row["vetoes"]),
        "notes": ";".join(row["notes"]),
        **{f"part.{code}": value for code, value in row["parts"].items()},
    }


def new(scheme: str | None, master: PathLike) -> tuple[Finding, ...]:
    """Make a master from a built-in scheme's code, a folder of CSV tables, or blank (None)."""
    return _new.new(scheme, Path(master))


def issue(
    master: PathLike,
    period: str,
    out: PathLike,
    *,
    units: Sequence[str] = (),
    by_department: bool = False,
    overwrite: bool = False,
) -> _issue.Issued:
    """Issue the forms of a period (``2007-H1``, ``2007-07`` …) into the folder ``out``."""
    return _issue.issue(
        Path(master), period, Path(out), units=units, by_department=by_department, overwrite=overwrite
    )


def check(*places: PathLike, master: PathLike | None = None, jobs: int = 1) -> tuple[Finding, ...]:
    """Findings about returned files and folders; nothing is written."""
    path = Path(master) if master is not None else None
    return _check.check([Path(place) for place in places], master_path=path, jobs=jobs).findings


def consolidate(
    master: PathLike,
    inbox: PathLike,
    *,
    period: str | None = None,
    scheme_version: str | None = None,
    jobs: int = 1,
    json: PathLike | None = None,
    dry_run: bool = False,
) -> Result:
    """Read the returns of ``inbox``, score and rank, write the result sheets into the master.

    ``scheme_version``: score by a version issued earlier, as 方案版本 keeps it. ``json``: where to write
    report.json as well; only an earlier report is ever replaced there. Where the master is open and the
    result is kept beside it, the report is written before KeptBeside is raised.
    """
    if json is not None:
        expect_report_place(Path(json), Path(master), Path(inbox))
    with report_when_kept(None if json is None else Path(json)):
        done = _consolidate.consolidate(
            Path(master),
            Path(inbox),
            period_code=period,
            scheme_version=scheme_version,
            jobs=jobs,
            dry_run=dry_run,
        )
    if json is not None:
        write_report(Path(json), done.assessment)
    return Result(report(done.assessment), done.backup)


def explain(master: PathLike, unit: str, indicator: str = "", *, period: str | None = None) -> pd.DataFrame:
    """How a unit's total came about and all its scores, or the score of one indicator, step by step.

    ``unit`` and ``indicator``: code or name; ``period``: the last consolidated one unless named. Everything
    is reckoned anew from the master. Columns: unit, indicator ('' for the unit's total), label, text, place
    (file, sheet, cell; '' for none) (str); number (float, NaN for none).
    """
    import pandas as pd

    found = _explain.explain(Path(master), unit, indicator, period_code=period)
    total = [] if found.total is None else [(found.total.unit.code, "", found.total.steps)]
    rest = [(each.unit.code, each.indicator.code, each.steps) for each in found.indicators]
    rows = [
        (who, code, step.label, step.text, step.number, place_of(step.place))
        for who, code, steps in (*total, *rest)
        for step in steps
    ]
    frame = pd.DataFrame(rows, columns=["unit", "indicator", "label", "text", "number", "place"])
    return frame.astype({"number": "float"})


def dump(master: PathLike, folder: PathLike) -> list[Path]:
    """Write the master's scheme to ``folder`` as CSV tables; returns the files."""
    return _dump.dump(Path(master), Path(folder))[0]
