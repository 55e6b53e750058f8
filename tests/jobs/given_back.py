"""退回单 of a small desk, and looking into them: notes, colours, the list, formulas."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
from lxml import etree

from kaohe.jobs.check import check
from kaohe.jobs.give_back import GivenBack
from kaohe.model import Return
from kaohe.sheets.form_layout import FORM_TITLE
from kaohe.sheets.form_read import read_return
from kaohe.sheets.give_back_sheet import GIVE_BACK
from kaohe.workbooks.package import fill
from kaohe.workbooks.package.refs import parse_area
from kaohe.workbooks.plan import Scalar
from tests.jobs import hostile_parts
from tests.support.libreoffice import profile, require_soffice
from tests.support.line import Desk

WRONG = "指标|完成值|原因|措施\nX1|约80|停产|追赶\nX2|||"
RIGHT = "指标|完成值|原因|措施\nX1|100||\nX2|95||"
ATTACK = "=cmd|' /C calc'!A0"


def wrong_desk(folder: Path) -> Desk:
    """U1's form has an approximate number in K8 and a blank in K10; U2's is right."""
    desk = Desk.new(folder)
    desk.issue()
    desk.fill("U1", WRONG)
    desk.fill("U2", RIGHT)
    return desk


def given(desk: Desk) -> GivenBack:
    """What check writes for the inbox, into a folder beside it."""
    target = desk.folder / "退回"
    done = check([desk.inbox], master_path=desk.master, return_to=target, clock=desk.clock).given_back
    assert done is not None
    assert (done.folder, done.failed) == (target, ())
    return done


def only(paths: Iterable[Path]) -> Path:
    (path,) = paths
    return path


def notes(path: Path, sheet: str = FORM_TITLE) -> dict[str, str]:
    """Cell → text of its note."""
    book = openpyxl.load_workbook(path)
    return {c.coordinate: c.comment.text for row in book[sheet].iter_rows() for c in row if c.comment}


def colours(path: Path, sheet: str = FORM_TITLE) -> dict[str, str]:
    """Cell → fill of the conditional format that is first of all on it and says 退回."""
    found = {}
    for area, rules in openpyxl.load_workbook(path)[sheet].conditional_formatting._cf_rules.items():
        for rule in rules:
            if "退回" in "".join(rule.formula):
                found[str(area.sqref)] = rule.dxf.fill.bgColor.rgb[-6:]
    return found


def listed(path: Path) -> list[list[Any]]:
    """The rows of the list: number, severity, sheet, cell, what, remedy."""
    rows = [list(row) for row in openpyxl.load_workbook(path)[GIVE_BACK].iter_rows(values_only=True)]
    at = next(n for n, row in enumerate(rows) if row[0] == "序号")
    return [row[:6] for row in rows[at + 1 :] if row[0] is not None]


def formulas(data: bytes) -> set[bytes]:
    """Every formula in any sheet of a workbook, whatever its prefix and however it is written."""
    parts = hostile_parts.part_of(data)
    sheets = [content for name, content in parts.items() if "worksheets/" in name and "_rels" not in name]
    nodes = (node for content in sheets for node in etree.fromstring(content).iter("{*}f"))
    return {"".join(node.itertext()).encode() for node in nodes}


def understood(path: Path) -> Return:
    return read_return(path.read_bytes(), "x.xlsx", "")._replace(sha256="")


def mended(
    source: Path, target: Path, values: Mapping[str, Scalar], when: dt.datetime, sheet: str = FORM_TITLE
) -> Path:
    """A copy in which somebody typed into these cells of the form, received at ``when``."""
    cells = {(area.top, area.left): value for c, value in values.items() if (area := parse_area(c))}
    target.write_bytes(fill(source.read_bytes(), sheet, cells))
    os.utime(target, (when.timestamp(), when.timestamp()))
    return target


def in_old_format(path: Path, folder: Path) -> Path:
    """The workbook as LibreOffice saves it as .xls."""
    command = [require_soffice(), f"-env:UserInstallation={profile().as_uri()}", "--headless", "--norestore"]
    command += ["--convert-to", "xls:MS Excel 97", "--outdir", str(folder), str(path)]
    subprocess.run(command, capture_output=True, timeout=120, check=True)
    return folder / f"{path.stem}.xls"
