"""The old binary format: compound files, records, passwords."""

from __future__ import annotations

import struct

from tests.hostile.case import Case
from tests.workbooks import guard_files as make
from tests.workbooks.guard_files import BOF, EOF, biff

XLS_CELL = make.number_record(0, 0, 1.0)


def cut_compound() -> bytes:
    return make.xls(make.number_record(0, 0, 1.0))[:2048]


def endless_chain() -> bytes:
    whole = bytearray(make.xls(make.number_record(0, 0, 1.0)))
    struct.pack_into("<L", whole, len(whole) - 512 + 4 * 3, 1)
    return bytes(whole)


def amplified_xls() -> bytes:
    table = biff(0xFC, struct.pack("<2L", 1, 1) + struct.pack("<HB", 8000, 0) + b"x" * 8000)
    cells = b"".join(biff(0xFD, row, 0, 0, struct.pack("<L", 0)) for row in range(30_000))
    return make.xls(cells, table)


CASES = (
    Case(
        "旧格式与加密",
        "加了打开密码",
        "a.xlsx",
        lambda: make.compound({"EncryptionInfo": b"x", "EncryptedPackage": b"x"}),
        "encrypted",
    ),
    Case(
        "旧格式与加密", "旧格式的 Word 文档", "a.xls", lambda: make.compound({"WordDocument": b"x"}), "format"
    ),
    Case(
        "旧格式与加密", "没有工作簿的复合文档", "a.xls", lambda: make.compound({"Other": b"x"}), "no_workbook"
    ),
    Case("旧格式与加密", "复合文档中断", "a.xls", cut_compound, "truncated"),
    Case("旧格式与加密", "只有复合文档的文件头", "a.xls", lambda: make.xls(XLS_CELL)[:512], "truncated"),
    Case("旧格式与加密", "复合文档的扇区链成环", "a.xls", endless_chain, "damaged"),
    Case(
        "旧格式与加密", ".xls 加了密码", "a.xls", lambda: make.xls(XLS_CELL, biff(0x2F, 1, 1, 1)), "encrypted"
    ),
    Case(
        "旧格式与加密",
        ".xls 单元格在最右下角",
        "a.xls",
        lambda: make.xls(make.number_record(65535, 65535, 1.0)),
        "cell_bounds",
    ),
    Case(
        "旧格式与加密",
        ".xls 声称范围极大",
        "a.xls",
        lambda: make.xls(biff(0x0200, struct.pack("<2L3H", 0, 0xFFFFFFFF, 0, 0xFFFF, 0))),
        "damaged",
    ),
    Case(
        "旧格式与加密",
        ".xls 声称范围首尾颠倒",
        "a.xls",
        lambda: make.xls(biff(0x0200, struct.pack("<2L3H", 9, 3, 0, 5, 0))),
        "damaged",
    ),
    Case("旧格式与加密", ".xls 一段长文字被三万个单元格引用", "a.xls", amplified_xls, "too_much_text"),
    Case("旧格式与加密", "Excel 95 文件", "a.xls", lambda: make.compound({"Book": BOF + EOF}), "format"),
    Case("旧格式与加密", ".xls 单元格记录过短", "a.xls", lambda: make.xls(biff(0x0203, 1, 1)), "damaged"),
    Case(
        "旧格式与加密",
        ".xls 声称有 21 亿段文字",
        "a.xls",
        lambda: make.xls(XLS_CELL, biff(0xFC, struct.pack("<2L", 1, 0x7FFFFFFF))),
        "damaged",
    ),
    Case(
        "旧格式与加密",
        ".xls 记录中断",
        "a.xls",
        lambda: make.compound({"Workbook": BOF + b"\x03\x02\xff\xff"}),
        "truncated",
    ),
    Case(
        "旧格式与加密",
        ".xls 工作表位置在文件之外",
        "a.xls",
        lambda: make.compound(
            {"Workbook": BOF + biff(0x85, struct.pack("<L4B", 1 << 30, 0, 0, 1, 0) + b"S") + EOF}
        ),
        "damaged",
    ),
)
