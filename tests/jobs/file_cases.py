"""Findings that only files give rise to: what lies in the inbox, and exactly what must be found."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

import openpyxl


def plain_workbook() -> bytes:
    """A workbook that is no form of ours."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (("指标", "数"), ("产值", 100)):
        sheet.append(row)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def zip_of_nothing() -> bytes:
    """A zip file that is no workbook."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("说明.txt", "不是工作簿")
    return data.getvalue()


@dataclass(frozen=True)
class FileCase:
    """A file beside the good ones; ``code`` '' for a file that is passed over."""

    name: str
    data: bytes
    code: str


CASES = (
    FileCase("截断.xlsx", b"PK\x03\x04" + b"\0" * 40, "W01"),
    FileCase("空.xlsx", b"", "W01"),
    FileCase("网页.xls", b"<html><body><table></table></body></html>", "W01"),
    FileCase("压缩包.xlsx", zip_of_nothing(), "W01"),
    FileCase("别的表.xlsx", plain_workbook(), "W02"),
    FileCase("扫描件.pdf", b"%PDF-1.4", "W10"),
    FileCase("来函/说明.docx", b"PK\x03\x04", "W10"),
    FileCase("~$滨湖区.xlsx", b"\x05" + b"\0" * 164, ""),
    FileCase(".~lock.滨湖区.xlsx#", b"someone", ""),
    FileCase(".DS_Store", b"\0\0\0\1", ""),
)
CODES = tuple(case.code for case in CASES if case.code)
