"""Sheets whose cells reach too far, whose parts are missing or are no XML."""

from __future__ import annotations

from tests.hostile.case import Case
from tests.hostile.packages import FAR, with_part, with_rows
from tests.workbooks import guard_files as make
from tests.workbooks.guard_files import SHEET_PART, package, parts, sheet_xml


def amplified_text() -> bytes:
    cells = "".join(f'<row r="{r}"><c r="A{r}" t="s"><v>0</v></c></row>' for r in range(1, 20_001))
    return package({"自测表": sheet_xml(cells)}, {"xl/sharedStrings.xml": make.strings_xml("长" * 30_000)})


def widened_text() -> bytes:
    """One sign beyond the first 65,536 makes every letter of a text take four bytes."""
    cells = "".join(f'<row r="{r}"><c r="A{r}" t="s"><v>0</v></c></row>' for r in range(1, 251))
    text = "a" * 1_000_000 + "\U0001f600"
    return package({"自测表": sheet_xml(cells)}, {"xl/sharedStrings.xml": make.strings_xml(text)})


STRINGS = "xl/sharedStrings.xml"


def utf16_far() -> bytes:
    text = sheet_xml(FAR).decode().replace("UTF-8", "UTF-16")
    return package({"自测表": text.encode("utf-16")})


def prefixed_far() -> bytes:
    body = (
        f'<x:worksheet xmlns:x="{make.MAIN}"><x:sheetData><x:row r="1"><x:c r="XFD1048576"><x:v>1</x:v></x:c>'
    )
    return package({"自测表": (body + "</x:row></x:sheetData></x:worksheet>").encode()})


def mixed_prefix_far() -> bytes:
    body = (
        f'<worksheet xmlns="{make.MAIN}" xmlns:x="{make.MAIN}"><sheetData><x:row r="1"><x:c r="XFD1048576">'
    )
    return package({"自测表": (body + "<x:v>1</x:v></x:c></x:row></sheetData></worksheet>").encode()})


def sheets_listed(count: int) -> bytes:
    listed = "".join(f'<sheet name="s{n}" sheetId="{n + 1}" r:id="rId1"/>' for n in range(count))
    head, _, tail = parts()["xl/workbook.xml"].decode().partition("<sheets>")
    book = head + "<sheets>" + listed + tail[tail.index("</sheets>") :]
    return with_part("xl/workbook.xml", book.encode())


def many_corners() -> bytes:
    rows = '<row r="1"><c r="ZZ1"><v>1</v></c></row><row r="999"><c r="A999"><v>1</v></c></row>'
    return package({f"s{n}": sheet_xml(rows) for n in range(300)})


def many_large() -> bytes:
    rows = '<row r="1"><c r="Z1"><v>1</v></c></row><row r="190000"><c r="A190000"><v>1</v></c></row>'
    return package({f"s{n}": sheet_xml(rows) for n in range(5)})


def unfinished() -> bytes:
    return with_rows('<row r="1"><c r="A1"><v>1</v></c>' + "<f" * 1_000_000 + "</row>")


def pointing_out(target: str = "../../../../etc/passwd") -> bytes:
    name = "xl/_rels/workbook.xml.rels"
    return with_part(name, parts()[name].replace(b"worksheets/sheet1.xml", target.encode()))


def announced(count: str, attribute: str = "uniqueCount") -> bytes:
    table = make.strings_xml("x").replace(b"<sst ", f'<sst a=">" {attribute}={count} '.encode())
    return package({"自测表": sheet_xml('<row r="1"><c r="A1" t="s"><v>0</v></c></row>')}, {STRINGS: table})


CASES = (
    Case("单元格与工作表", "XFD1048576 有值", "a.xlsx", lambda: with_rows(FAR), "cell_bounds"),
    Case(
        "单元格与工作表",
        "xfd1048576(小写)有值",
        "a.xlsx",
        lambda: with_rows(FAR.replace("XFD", "xfd")),
        "cell_bounds",
    ),
    Case(
        "单元格与工作表",
        "XFD1048576 有值,属性用单引号",
        "a.xlsx",
        lambda: with_rows(FAR.replace('"', "'")),
        "cell_bounds",
    ),
    Case(
        "单元格与工作表",
        "XFD1048576 有值,属性前换行",
        "a.xlsx",
        lambda: with_rows(FAR.replace("<c r", "<c\n\tr")),
        "cell_bounds",
    ),
    Case(
        "单元格与工作表",
        "XFD1048576 有值,其他属性在前",
        "a.xlsx",
        lambda: with_rows(FAR.replace("<c r", '<c s="0" r')),
        "cell_bounds",
    ),
    Case("单元格与工作表", "XFD1048576 有值,UTF-16 编码", "a.xlsx", utf16_far, "cell_bounds"),
    Case("单元格与工作表", "XFD1048576 有值,带名称空间前缀", "a.xlsx", prefixed_far, "cell_bounds"),
    Case("单元格与工作表", "XFD1048576 有值,两种前缀", "a.xlsx", mixed_prefix_far, "cell_bounds"),
    Case(
        "单元格与工作表",
        "没有地址的单元格,行号 40 亿",
        "a.xlsx",
        lambda: with_rows('<row r="4000000000"><c><v>1</v></c></row>'),
        "cell_bounds",
    ),
    Case(
        "单元格与工作表",
        "列号超过最后一列",
        "a.xlsx",
        lambda: with_rows('<row r="1"><c r="ZZZZZ1"><v>1</v></c></row>'),
        "cell_bounds",
    ),
    Case(
        "单元格与工作表",
        "一个单元格写了两个地址",
        "a.xlsx",
        lambda: with_rows('<row r="1"><c r="A1" r="XFD1048576"><v>1</v></c></row>'),
        "damaged",
    ),
    Case(
        "单元格与工作表",
        "地址不是地址",
        "a.xlsx",
        lambda: with_rows('<row r="1"><c r="1A"><v>1</v></c></row>'),
        "damaged",
    ),
    Case(
        "单元格与工作表",
        "90 万行 × 1000 列的范围",
        "a.xlsx",
        lambda: with_rows(
            '<row r="1"><c r="ALL1"><v>1</v></c></row><row r="900000"><c r="A900000"><v>1</v></c></row>'
        ),
        "too_many_cells",
    ),
    Case(
        "单元格与工作表",
        "很远处还有错误值",
        "a.xlsx",
        lambda: with_rows('<row r="1"><c r="A1" t="e"><v>#N/A</v></c></row>' + FAR),
        "cell_bounds",
    ),
    Case("单元格与工作表", "一段长文字被两万个单元格引用", "a.xlsx", amplified_text, "too_much_text"),
    Case("单元格与工作表", "带表情符号的百万字文字被引用", "a.xlsx", widened_text, "too_much_text"),
    Case(
        "单元格与工作表",
        "工作表部件缺失",
        "a.xlsx",
        lambda: make.zipped({name: xml for name, xml in parts().items() if name != SHEET_PART}),
        "damaged",
    ),
    Case(
        "单元格与工作表",
        "关系部件缺失",
        "a.xlsx",
        lambda: make.zipped({name: xml for name, xml in parts().items() if not name.endswith(".rels")}),
        "damaged",
    ),
    Case(
        "单元格与工作表",
        "工作表 XML 中断",
        "a.xlsx",
        lambda: package({"自测表": sheet_xml()[:-30]}),
        "reader",
    ),
    Case(
        "单元格与工作表",
        "工作表是杂乱字节",
        "a.xlsx",
        lambda: package({"自测表": b"\xff\xfe\x00" * 99}),
        "damaged",
    ),
    Case(
        "单元格与工作表",
        "工作表部件其实是网页",
        "a.xlsx",
        lambda: package({"自测表": b"<html></html>"}),
        "damaged",
    ),
    Case(
        "单元格与工作表",
        "工作簿部件全是零",
        "a.xlsx",
        lambda: with_part("xl/workbook.xml", b"\x00" * 50),
        "damaged",
    ),
    Case(
        "单元格与工作表",
        "引用不存在的文字",
        "a.xlsx",
        lambda: with_rows('<row r="1"><c r="A1" t="s"><v>99</v></c></row>'),
        "reader",
    ),
    Case(
        "单元格与工作表",
        "单元格套单元格三千层",
        "a.xlsx",
        lambda: with_rows('<row r="1">' + '<c r="A1">' * 3000 + "</c>" * 3000 + "</row>"),
        "reader",
    ),
    Case("单元格与工作表", "五万张工作表", "a.xlsx", lambda: sheets_listed(50_000), "too_many_sheets"),
    Case("单元格与工作表", "三百张工作表同用一个部件", "a.xlsx", lambda: sheets_listed(300), "damaged"),
    Case("单元格与工作表", "三百张工作表,各在 ZZ999 有值", "a.xlsx", many_corners, "too_many_cells"),
    Case("单元格与工作表", "五张工作表,各有五百万格", "a.xlsx", many_large, "too_many_cells"),
    Case("单元格与工作表", "一百万个没有写完的公式", "a.xlsx", unfinished, "", ("W02",)),
    Case("单元格与工作表", "工作表部件指向 /etc/passwd", "a.xlsx", pointing_out, "", ("W02",)),
    Case(
        "单元格与工作表",
        "工作表部件指向网址",
        "a.xlsx",
        lambda: pointing_out("http://192.0.2.1/x"),
        "",
        ("W02",),
    ),
    Case(
        "单元格与工作表",
        "工作表声明 UTF-7 编码",
        "a.xlsx",
        lambda: package({"自测表": sheet_xml().replace(b"UTF-8", b"UTF-7")}),
        "damaged",
    ),
    Case(
        "单元格与工作表",
        "元素套元素二十万层",
        "a.xlsx",
        lambda: with_rows("<a>" * 200_000 + "</a>" * 200_000),
        "",
        ("W02",),
    ),
    Case(
        "单元格与工作表", "文字表声称有 43 亿段文字", "a.xlsx", lambda: announced('"4294967296"'), "damaged"
    ),
    Case(
        "单元格与工作表", "文字表声称的段数用单引号", "a.xlsx", lambda: announced("'9999999999'"), "damaged"
    ),
    Case(
        "单元格与工作表",
        "文字表声称的段数写成实体",
        "a.xlsx",
        lambda: announced('"&#57;999999999"'),
        "damaged",
    ),
    Case("单元格与工作表", "文字表声称有 -1 段文字", "a.xlsx", lambda: announced('"-1"'), "damaged"),
    Case(
        "单元格与工作表",
        "文字表声称的总数极大",
        "a.xlsx",
        lambda: announced('"4294967296"', "count"),
        "",
        ("W02",),
    ),
)
