"""Files that are something else than their name says."""

from __future__ import annotations

from tests.hostile.case import Case
from tests.workbooks import guard_files as make
from tests.workbooks.guard_files import package

CASES = (
    Case("文件类型", "0 字节的空文件", "a.xlsx", lambda: b"", "empty"),
    Case(
        "文件类型",
        "Office 打开文件时的占用文件",
        "~$a.xlsx",
        lambda: b"\x05admin".ljust(165, b" "),
        "owner_file",
        codes=(),
    ),
    Case(
        "文件类型", "LibreOffice 的锁文件", ".~lock.a.xlsx#", lambda: b",admin,pc,,;", "owner_file", codes=()
    ),
    Case("文件类型", "内容全为零", "a.xlsx", lambda: bytes(5000), "truncated"),
    Case("文件类型", "杂乱的字节", "a.xlsx", lambda: bytes(range(256)) * 9, "unknown"),
    Case("文件类型", "网页改名为 .xls", "a.xls", lambda: "<html><table><tr><td>指标".encode(), "format"),
    Case(
        "文件类型",
        "没有 html 标记的网页改名为 .xls",
        "a.xls",
        lambda: '\ufeff\r\n<table border="1">'.encode(),
        "format",
    ),
    Case(
        "文件类型",
        "GB18030 编码的网页改名为 .xls",
        "a.xls",
        lambda: "<TABLE><tr><td>完成值</td>".encode("gb18030"),
        "format",
    ),
    Case(
        "文件类型",
        "单文件网页(MHTML)改名为 .xls",
        "a.xls",
        lambda: b"MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\n",
        "format",
    ),
    Case(
        "文件类型",
        "CSV(UTF-8)改名为 .xlsx",
        "a.xlsx",
        lambda: "指标,完成值\n财政收入,26.25\n".encode(),
        "format",
    ),
    Case(
        "文件类型",
        "CSV(GB18030)改名为 .xls",
        "a.xls",
        lambda: "指标,完成值\n财政收入,26.25\n".encode("gb18030"),
        "format",
    ),
    Case("文件类型", "UTF-16 的 CSV", "a.csv", lambda: "指标\t完成值\n".encode("utf-16"), "format"),
    Case(
        "文件类型",
        "XML 表格 2003",
        "a.xls",
        lambda: b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
        "format",
    ),
    Case("文件类型", "PDF 改名为 .xlsx", "a.xlsx", lambda: b"%PDF-1.7\n%\xe2\xe3", "format"),
    Case("文件类型", "照片改名为 .xlsx", "a.xlsx", lambda: b"\xff\xd8\xff\xe0\x00\x10JFIF", "format"),
    Case("文件类型", "可执行程序改名为 .xlsx", "a.xlsx", lambda: b"MZ\x90\x00\x03", "format"),
    Case("文件类型", "RAR 改名为 .xlsx", "a.xlsx", lambda: b"Rar!\x1a\x07\x01\x00", "archive"),
    Case(
        "文件类型",
        "装着工作簿的 ZIP",
        "a.zip",
        lambda: make.zipped({"滨湖区.xlsx": package()}),
        "archive",
        codes=("W10",),
    ),
    Case(
        "文件类型",
        "什么也不是的 ZIP 改名为 .xlsx",
        "a.xlsx",
        lambda: make.zipped({"a.txt": b"x"}),
        "no_workbook",
    ),
    Case(
        "文件类型",
        "Word 文档改名为 .xlsx",
        "a.xlsx",
        lambda: make.zipped({"word/document.xml": b"<x/>"}),
        "format",
    ),
    Case(
        "文件类型",
        "二进制工作簿(.xlsb)改名为 .xlsx",
        "a.xlsx",
        lambda: make.zipped({"xl/workbook.bin": b"x"}),
        "format",
    ),
    Case(
        "文件类型",
        "OpenDocument 改名为 .xlsx",
        "a.xlsx",
        lambda: make.zipped({"mimetype": b"x", "content.xml": b"<x/>"}),
        "format",
    ),
)
