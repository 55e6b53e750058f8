"""report.json on disk: it only ever takes the place of an earlier report."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kaohe.assess.assessment import Assessment
from kaohe.jobs.common import JobError
from kaohe.jobs.kept_beside import ResultKept
from kaohe.jobs.report import report_json
from kaohe.workbooks.package import KeptBeside, NothingWritten, write_new

PROGRAM = "kaohe "
"""How ``program`` begins in every report."""


def expect_report_place(path: Path, master: Path, inbox: Path) -> None:
    """JobError when a report must not or could never be written there; asked before any work is done.

    It must not take the place of the master, of a return, nor of any file that is no earlier report.
    """
    target = path.resolve()
    if path.is_dir():
        raise JobError(f"“{path}”是文件夹,--json 需要文件名,如 report.json。")
    if target == master.resolve():
        raise JobError(f"--json 指的“{path}”就是总表,没有覆盖。请换一个文件名,如 report.json。")
    if target.is_relative_to(inbox.resolve()):
        raise JobError(f"--json 指的“{path}”在回收文件夹里。请写到别的文件夹,以免覆盖或混入回收表。")
    if not target.parent.is_dir():
        raise JobError(f"文件夹“{path.parent}”不存在,不能写出“{path.name}”。请先建立该文件夹。")
    if target.exists() and not _is_report(target):
        raise JobError(f"“{path}”已存在,而且不是 kaohe 写的结果文件,没有覆盖。请换一个文件名,或先移走它。")


def _is_report(path: Path) -> bool:
    """Whether the file is a report of an earlier run."""
    if not path.is_file():
        return False
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(content, dict) and str(content.get("program", "")).startswith(PROGRAM)


def write_report(path: Path, assessment: Assessment, beside: str = "") -> None:
    """Write the report, in one step; ``beside`` as in the report. Raises NothingWritten."""
    write_new(path, report_json(assessment, beside).encode(), overwrite=True, durable=False)


@contextmanager
def report_when_kept(path: Path | None) -> Iterator[None]:
    """Where the master is open and the result is kept beside it, write the report all the same.

    The error goes on, and says where the report is or why there is none.
    """
    try:
        yield
    except ResultKept as error:
        if path is None:
            raise
        said = f"结果已另存:{path}。"
        try:
            write_report(path, error.assessment, error.beside.name)
        except NothingWritten as failed:
            said = f"{path} 没有写成:{failed}"
        told = KeptBeside(error.reason, f"{error.remedy}{said}", error.beside)
        raise ResultKept(told, error.assessment) from error
