"""Parts that inflate without end, and XML that declares entities."""

from __future__ import annotations

from tests.hostile.case import Case
from tests.hostile.packages import with_doctype, with_entry, with_part
from tests.workbooks import guard_files as make
from tests.workbooks.guard_files import SHEET_PART, forged, forged_zip, package, parts, sheet_xml


def wide_entities() -> bytes:
    xml = with_doctype(make.strings_xml("x")).decode().replace("UTF-8", "UTF-16")
    return with_part("xl/sharedStrings.xml", xml.encode("utf-16"))


def outside_type() -> bytes:
    doctype = b'<!DOCTYPE worksheet SYSTEM "file:///etc/passwd">'
    return package({"自测表": sheet_xml().replace(make.DECLARATION, make.DECLARATION + doctype)})


CASES = (
    Case(
        "压缩炸弹与实体",
        "工作表解压后 1 GB",
        "a.xlsx",
        lambda: with_entry(make.Forged(SHEET_PART, make.spaces(1024), 1 << 30)),
        "bomb",
    ),
    Case(
        "压缩炸弹与实体",
        "文字表解压后 100 MB",
        "a.xlsx",
        lambda: with_entry(make.Forged("xl/sharedStrings.xml", make.spaces(100), 100 << 20)),
        "bomb",
    ),
    Case(
        "压缩炸弹与实体",
        "1 GB 的工作表谎称 50 KB",
        "a.xlsx",
        lambda: with_entry(make.Forged(SHEET_PART, make.spaces(1024), 50_000)),
        "damaged",
    ),
    Case(
        "压缩炸弹与实体",
        "512 MB 的文字表谎称 50 KB",
        "a.xlsx",
        lambda: with_entry(make.Forged("xl/sharedStrings.xml", make.spaces(512), 50_000)),
        "damaged",
    ),
    Case(
        "压缩炸弹与实体",
        "512 MB 的样式谎称 50 KB",
        "a.xlsx",
        lambda: with_entry(make.Forged("xl/styles.xml", make.spaces(512), 50_000)),
        "damaged",
    ),
    Case(
        "压缩炸弹与实体",
        "许多部件合计过大",
        "a.xlsx",
        lambda: forged_zip([forged(f"xl/media/{n}.png", b"x" * 9, size=0x7FFFFFF) for n in range(20)]),
        "bomb",
    ),
    Case(
        "压缩炸弹与实体",
        "压缩流中断",
        "a.xlsx",
        lambda: with_entry(make.Forged(SHEET_PART, make.deflated(sheet_xml())[:-9], len(sheet_xml()))),
        "truncated",
    ),
    Case(
        "压缩炸弹与实体",
        "压缩流是杂乱字节",
        "a.xlsx",
        lambda: with_entry(make.Forged(SHEET_PART, b"\xff" * 99, len(sheet_xml()))),
        "damaged",
    ),
    Case(
        "压缩炸弹与实体",
        "工作簿部件里有实体声明",
        "a.xlsx",
        lambda: with_part("xl/workbook.xml", with_doctype(parts()["xl/workbook.xml"])),
        "entity",
    ),
    Case(
        "压缩炸弹与实体",
        "关系部件里有实体声明",
        "a.xlsx",
        lambda: with_part("xl/_rels/workbook.xml.rels", with_doctype(parts()["xl/_rels/workbook.xml.rels"])),
        "entity",
    ),
    Case(
        "压缩炸弹与实体",
        "工作表里有实体声明",
        "a.xlsx",
        lambda: package({"自测表": with_doctype(sheet_xml())}),
        "entity",
    ),
    Case(
        "压缩炸弹与实体",
        "文字表里有实体声明",
        "a.xlsx",
        lambda: with_part("xl/sharedStrings.xml", with_doctype(make.strings_xml("x"))),
        "entity",
    ),
    Case(
        "压缩炸弹与实体",
        "样式里有实体声明",
        "a.xlsx",
        lambda: with_part("xl/styles.xml", with_doctype(make.styles_xml(0))),
        "entity",
    ),
    Case("压缩炸弹与实体", "UTF-16 的文字表里有实体声明", "a.xlsx", wide_entities, "reader"),
    Case("压缩炸弹与实体", "工作表引用外部 DTD(/etc/passwd)", "a.xlsx", outside_type, "entity"),
)
