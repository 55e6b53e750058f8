"""The public Python API: the jobs with plain arguments, tables as pandas DataFrames.

Errors: ``kaohe.jobs.common.JobError`` for wrong use, ``kaohe.workbooks.package.NothingWritten`` when a file
could not be written safely; their messages say what to do.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaohe.findings import Finding
from kaohe.jobs import check as _check
from kaohe.jobs import consolidate as _consolidate
from kaohe.jobs import dump as _dump
from kaohe.jobs import issue as _issue
from kaohe.jobs import new as _new
from kaohe.jobs.report import report
from kaohe.jobs.report_file import expect_report_place, write_report
from kaohe.jobs.schemes import SchemeInfo, schemes

if TYPE_CHECKING:
    import pandas as pd

PathLike = str | os.PathLike[str]

__all__ = ["Result", "SchemeInfo", "check", "consolidate", "dump", "issue", "new", "schemes"]


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
        """One row per unit, in the order of rank.

        Columns: unit, name, group, state (str); total, lost, measured_weight (float, points); rate (float,
        percent); rank (Int64, <NA> while provisional); tied (bool); measured_indicators, scored_indicators,
        on_schedule, behind (int); one float column ``part.CODE`` per part.
        """
        import pandas as pd

        rows = [
            {**row, **{f"part.{code}": value for code, value in row["parts"].items()}}
            for row in self.report["standings"]
        ]
        frame = pd.DataFrame(rows).drop(columns=["parts", "grade"], errors="ignore")
        return frame.astype({"rank": "Int64"}) if len(frame) else frame

    @property
    def scores(self) -> pd.DataFrame:
        """One row per unit and indicator that counts.

        Columns: unit, indicator, name, typed, status, mark, reason, measure, method, state (str); weight,
        score, lost (float, points); target, due, actual (float, unit of measure; actual may be 是/否); rate
        (float, ratio).
        """
        import pandas as pd

        return pd.DataFrame(self.report["scores"])

    @property
    def findings(self) -> pd.DataFrame:
        """One row per finding, all columns str.

        Columns: code, severity, title, unit, indicator, workbook, sheet, cell, message.
        """
        import pandas as pd

        columns = ["code", "severity", "title", "unit", "indicator", "workbook", "sheet", "cell", "message"]
        return pd.DataFrame(self.report["findings"], columns=columns)


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
    jobs: int = 1,
    json: PathLike | None = None,
    dry_run: bool = False,
) -> Result:
    """Read the returns of ``inbox``, score and rank, write the result sheets into the master.

    ``json``: where to write report.json as well; only an earlier report is ever replaced there.
    """
    if json is not None:
        expect_report_place(Path(json), Path(master), Path(inbox))
    done = _consolidate.consolidate(Path(master), Path(inbox), period_code=period, jobs=jobs, dry_run=dry_run)
    if json is not None:
        write_report(Path(json), done.assessment)
    return Result(report(done.assessment), done.backup)


def dump(master: PathLike, folder: PathLike) -> list[Path]:
    """Write the master's scheme to ``folder`` as CSV tables; returns the files."""
    return _dump.dump(Path(master), Path(folder))[0]
