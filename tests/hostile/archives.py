"""Zips that are broken, lie about themselves or try to leave the package."""

from __future__ import annotations

from tests.hostile.case import Case
from tests.hostile.packages import with_entry, with_part
from tests.workbooks import guard_files as make
from tests.workbooks.guard_files import SHEET_PART, forged, forged_zip, honest, package, parts, sheet_xml


def overlapping() -> bytes:
    entries = honest(parts())
    return forged_zip([*entries[:-1], forged("a.bin", b"x" * 5000, at=30), entries[-1]])


CASES = (
    Case("压缩包", "只传了一半的 .xlsx", "a.xlsx", lambda: package()[: len(package()) // 2], "truncated"),
    Case("压缩包", "少了最后一个字节", "a.xlsx", lambda: package()[:-1], "truncated"),
    Case("压缩包", "结尾之后另有内容", "a.xlsx", lambda: package() + b"more", "damaged"),
    Case("压缩包", "结尾记录多报部件数", "a.xlsx", lambda: forged_zip(honest(parts()), count=9), "damaged"),
    Case("压缩包", "结尾记录少报部件数", "a.xlsx", lambda: forged_zip(honest(parts()), count=3), "damaged"),
    Case(
        "压缩包",
        "压缩包目录被覆盖",
        "a.xlsx",
        lambda: package().replace(b"PK\x01\x02", b"PK\x01\x03"),
        "damaged",
    ),
    Case("压缩包", "两个同名部件", "a.xlsx", lambda: forged_zip(honest(parts()) * 2), "duplicate_part"),
    Case(
        "压缩包",
        "两个部件只差大小写",
        "a.xlsx",
        lambda: with_part("XL/Worksheets/Sheet1.xml", sheet_xml()),
        "duplicate_part",
    ),
    Case(
        "压缩包",
        "两个部件只差斜线方向",
        "a.xlsx",
        lambda: forged_zip([*honest(parts()), forged("xl\\worksheets\\sheet1.xml", sheet_xml())]),
        "duplicate_part",
    ),
    Case("压缩包", "部件路径用 ../ 爬出", "a.xlsx", lambda: with_part("../../etc/passwd", b"x"), "part_path"),
    Case(
        "压缩包",
        "部件路径用反斜线爬出",
        "a.xlsx",
        lambda: forged_zip([*honest(parts()), forged("..\\..\\autorun.inf", b"x")]),
        "part_path",
    ),
    Case("压缩包", "部件用绝对路径", "a.xlsx", lambda: with_part("/etc/passwd", b"x"), "part_path"),
    Case("压缩包", "部件路径带盘符", "a.xlsx", lambda: with_part("C:/windows/x", b"x"), "part_path"),
    Case("压缩包", "部件共用同一段字节", "a.xlsx", overlapping, "overlap"),
    Case(
        "压缩包",
        "一万个部件",
        "a.xlsx",
        lambda: make.zipped({f"x{n}": b"" for n in range(10_000)}),
        "too_many_parts",
    ),
    Case("压缩包", "部件加了密", "a.xlsx", lambda: with_entry(forged("a", b"x", flags=1)), "zip_feature"),
    Case(
        "压缩包",
        "工作表用 BZIP2 压缩",
        "a.xlsx",
        lambda: with_entry(forged(SHEET_PART, sheet_xml(), method=12)),
        "zip_feature",
    ),
    Case(
        "压缩包",
        "ZIP64 的长度",
        "a.xlsx",
        lambda: with_entry(forged("a", b"x", size=0xFFFFFFFF)),
        "zip_feature",
    ),
    Case("压缩包", "PDF 与 .xlsx 的合体", "a.xlsx", lambda: b"%PDF-1.7\n" + package(), "format"),
    Case("压缩包", "自解压程序与 .xlsx 的合体", "a.xlsx", lambda: b"MZ" + package(), "format"),
    Case(
        "压缩包", "校验和不符", "a.xlsx", lambda: with_entry(forged(SHEET_PART, sheet_xml(), crc=1)), "reader"
    ),
)
