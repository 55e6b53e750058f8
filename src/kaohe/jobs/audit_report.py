"""An audit for other programs (JSON, schema docs/audit.schema.json) and as a workbook to hand on.

Neither holds how long anything took: the same master and the same files give the same bytes.
"""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

from kaohe.audit.model import ENGINES, Opinion
from kaohe.audit.report_sheet import FOUND, found_sheet, looked_at_sheet
from kaohe.jobs.audit import Audit
from kaohe.jobs.common import JobError
from kaohe.jobs.new import MASTER_SKELETON
from kaohe.jobs.report_file import expect_report_place
from kaohe.version import __version__
from kaohe.workbooks.package import create, write_new
from kaohe.workbooks.plan import BookPlan

_WORDS = {name: word for word, name in ENGINES.items()}


def audit_report(found: Audit) -> dict[str, Any]:
    """The whole audit as plain data."""
    return {
        "program": f"kaohe {__version__}",
        "master": found.master.name,
        "sha256": found.sha256,
        "period": found.period.code,
        "run": found.run,
        "version": found.version,
        "clean": found.clean,
        "engines": [_engine(timed.opinion) for timed in found.engines],
        "differences": [
            {
                "engine": _WORDS[one.engine],
                "sheet": one.sheet,
                "cell": one.cell,
                "what": one.what,
                "published": one.published,
                "recomputed": one.recomputed,
            }
            for one in found.differences
        ],
        "notes": list(found.notes),
    }


def _engine(opinion: Opinion) -> dict[str, Any]:
    return {
        "engine": _WORDS[opinion.engine],
        "name": opinion.engine,
        "ran": not opinion.absent,
        "compared": opinion.compared,
        "differences": len(opinion.differences),
        "left_out": [{"reason": reason, "count": count} for reason, count in opinion.left_out.items()],
        "trouble": opinion.trouble,
        "notes": list(opinion.notes),
    }


def expect_places(master: Path, inbox: Path | None, json_file: Path | None, sheet: Path | None) -> None:
    """JobError when a report must not or could never be written there; asked before any work is done."""
    if json_file is not None:
        expect_report_place(json_file, master, inbox or master)
    if sheet is None:
        return
    if sheet.suffix.lower() != ".xlsx":
        raise JobError(f"--out 需要一个 .xlsx 文件名,如 核对结果.xlsx;给的是“{sheet}”。")
    if sheet.exists():
        raise JobError(f"“{sheet}”已存在,没有覆盖。请换一个文件名,或先移走它。")
    if not sheet.parent.is_dir():
        raise JobError(f"文件夹“{sheet.parent}”不存在,不能写出“{sheet.name}”。请先建立该文件夹。")
    if inbox is not None and sheet.resolve().is_relative_to(inbox.resolve()):
        raise JobError(f"--out 指的“{sheet}”在回收文件夹里。请写到别的文件夹,以免混入回收表。")


def write_json(path: Path, found: Audit) -> None:
    """Write the JSON. Raises NothingWritten."""
    text = json.dumps(audit_report(found), ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    write_new(path, text.encode(), overwrite=True, durable=False)


def write_sheet(path: Path, found: Audit) -> None:
    """Write the workbook. Raises NothingWritten."""
    title = (
        f"{found.master.name}(SHA-256 {found.sha256[:12]}…) {found.period.title} "
        f"结果由 {found.run} 写入;方案版本 {found.version}"
    )
    opinions = [timed.opinion for timed in found.engines]
    plan = BookPlan((found_sheet(title, found.differences), looked_at_sheet(title, opinions)), active=FOUND)
    skeleton = (files("kaohe.templates") / MASTER_SKELETON).read_bytes()
    write_new(path, create(skeleton, plan), durable=False)
