"""Files a trial or a comparison writes: never over a master, never over a file that is somebody else's."""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from typing import Any

from kaohe.jobs.common import JobError
from kaohe.jobs.new import MASTER_SKELETON
from kaohe.jobs.report_file import PROGRAM
from kaohe.workbooks.package import create, write_new
from kaohe.workbooks.plan import BookPlan, SheetPlan


def expect_json_place(path: Path, sources: Iterable[Path], kind: str) -> None:
    """JobError when JSON must not or could never be written there; asked before any work is done.

    ``sources``: workbooks that are read. JSON of the same ``kind`` by this program may be replaced.
    """
    _expect_place(path, sources, "--json", "json")
    if path.exists() and not _is_ours(path, kind):
        raise JobError(f"“{path}”已存在,而且不是先前的{kind}结果,没有覆盖。请换一个文件名,或先移走它。")


def expect_sheet_place(path: Path, sources: Iterable[Path], overwrite: bool) -> None:
    """JobError when a workbook must not or could never be written there; asked before any work is done."""
    _expect_place(path, sources, "--out", "xlsx")
    if path.exists() and not overwrite:
        raise JobError(f"“{path}”已存在,没有覆盖。请换一个文件名,或先移走它,或加 --overwrite。")


def _expect_place(path: Path, sources: Iterable[Path], option: str, suffix: str) -> None:
    if path.is_dir():
        raise JobError(f"“{path}”是文件夹,{option} 需要文件名,如 结果.{suffix}。")
    if any(path.resolve() == source.resolve() for source in sources):
        raise JobError(f"{option} 指的“{path}”就是总表,没有覆盖。请换一个文件名。")
    if not path.resolve().parent.is_dir():
        raise JobError(f"文件夹“{path.resolve().parent}”不存在,不能写出“{path.name}”。请先建立该文件夹。")
    if path.suffix.lower() != f".{suffix}":
        raise JobError(f"{option} 写出的是 .{suffix} 文件,请把“{path.name}”改成以 .{suffix} 结尾的名称。")


def _is_ours(path: Path, kind: str) -> bool:
    """Whether the file is an earlier result of this kind."""
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    if not isinstance(content, dict):
        return False
    return str(content.get("program", "")).startswith(PROGRAM) and content.get("kind") == kind


def write_json(path: Path, content: dict[str, Any]) -> None:
    """The content as readable JSON, in one step. Raises NothingWritten."""
    write_new(path, json_text(content).encode(), overwrite=True, durable=False)


def json_text(content: dict[str, Any]) -> str:
    """JSON with Chinese left readable; nothing in it that is no number."""
    return json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def write_sheets(path: Path, sheets: tuple[SheetPlan, ...], overwrite: bool) -> None:
    """A workbook of its own with these sheets. Raises NothingWritten. The same bytes are left alone."""
    skeleton = (files("kaohe.templates") / MASTER_SKELETON).read_bytes()
    data = create(skeleton, BookPlan(sheets, active=sheets[0].key))
    if not (path.is_file() and path.read_bytes() == data):
        write_new(path, data, overwrite=overwrite, durable=False)
