"""A master with everything an office may keep in one: some put in by excelize, the rest part by part."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.package.books import NS, OFFICE_TYPE, edited, parts, rebuilt, sheet_part, with_part
from tests.package.office import png
from tests.survival.oracle import excelize

BOARD, PIVOT = "领导看板", "透视"
THREADS = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
PERSON = "{A1B2C3D4-0000-4000-8000-000000000001}"
ACTIVE_X = "application/vnd.ms-office.activeX"


def with_excelize(master: Path, last: int, detail: int) -> None:
    """Add with excelize: a board with formulas, a chart, sparklines, a list, controls, shapes, a pivot with a
    slicer, an Excel table; ``last`` and ``detail`` are the last rows of 排名 and 得分明细.
    """
    lib = excelize()
    book = lib.open_file(str(master))
    try:
        for sheet in (BOARD, PIVOT):
            book.new_sheet(sheet)
        for row, formula in enumerate(formulas(last), start=1):
            book.set_cell_formula(BOARD, f"A{row}", formula)
        _shown(lib, book, last)
        _controls(lib, book)
        _pivot(lib, book, detail)
        book.save()
    finally:
        book.close()


def formulas(last: int) -> tuple[str, ...]:
    """What the board's cells A1, A2 … compute."""
    return (
        "排名!E5",
        f"AVERAGE(排名!E5:E{last})",
        f'SUMPRODUCT((排名!$C$5:$C${last}="滨湖区")*排名!$E$5:$E${last})',
        "SUM(排名!E5:E7)",
        "SUM(总分区)",
        "SUM(手工表[数])",
    )


def _shown(lib: Any, book: Any, last: int) -> None:
    series = lib.ChartSeries(
        name="排名!$E$4", categories=f"排名!$C$5:$C${last}", values=f"排名!$E$5:$E${last}"
    )
    book.add_chart(BOARD, "D1", lib.Chart(type=lib.ChartType.Col, series=[series]))
    book.add_sparkline(BOARD, lib.SparklineOptions(location=["B1"], range=[f"排名!E5:E{last}"]))
    book.set_defined_name(lib.DefinedName(name="总分区", refers_to=f"排名!$E$5:$E${last}"))
    rule = lib.DataValidation(
        type="list", sqref="B2", formula1=f"排名!$C$5:$C${last}", allow_blank=True, show_error_message=True
    )
    book.add_data_validation(BOARD, rule)
    book.set_conditional_format(
        "排名", f"C5:C{last}", [lib.ConditionalFormatOptions(type="formula", criteria="$E5<60", format=1)]
    )
    book.add_comment("排名", lib.Comment(cell="E5", author="王芳", text="常委会已审"))
    book.add_picture_from_bytes(
        BOARD, "D20", lib.Picture(extension=".png", file=png(), format=lib.GraphicOptions(alt_text="章"))
    )


def _controls(lib: Any, book: Any) -> None:
    kinds = lib.FormControlType
    for cell, kind in (("H20", kinds.FormControlButton), ("H24", kinds.FormControlCheckBox)):
        book.add_form_control(BOARD, lib.FormControl(cell=cell, type=kind, text="更新", width=90, height=40))
    book.add_shape(BOARD, lib.Shape(cell="D26", type="rect", paragraph=[lib.RichTextRun(text="说明")]))
    for row, values in enumerate((["项", "数"], ["甲", 1], ["乙", 2])):
        book.set_sheet_row(BOARD, f"L{row + 1}", values)
    book.add_table(BOARD, lib.Table(range="L1:M3", name="手工表"))
    book.add_slicer(
        BOARD, lib.SlicerOptions(name="项", cell="O1", table_sheet=BOARD, table_name="手工表", caption="项")
    )


def _pivot(lib: Any, book: Any, detail: int) -> None:
    lost = lib.PivotTableField(data="扣分", name="扣分合计", subtotal="Sum")
    book.add_pivot_table(
        lib.PivotTableOptions(
            data_range=f"得分明细!A4:AC{detail}",
            pivot_table_range=f"{PIVOT}!A3:C30",
            rows=[lib.PivotTableField(data="部分", default_subtotal=True)],
            data=[lost],
            row_grand_totals=True,
            show_row_headers=True,
        )
    )
    book.add_slicer(
        PIVOT,
        lib.SlicerOptions(
            name="部分", cell="F3", table_sheet=PIVOT, table_name="PivotTable1", caption="部分"
        ),
    )


def with_parts(data: bytes) -> bytes:
    """Add what excelize has no words for: threaded comments, ActiveX, a macro project, connections, a data
    model, custom XML, an outside workbook, printer settings, protection, a timeline.
    """
    board = sheet_part(data, BOARD)
    ours = sheet_part(data, "排名")
    excel = "application/vnd.ms-excel"
    book, active_x = "xl/workbook.xml", "xl/activeX/activeX9"
    link, thread = "xl/externalLinks/externalLink9.xml", "xl/threadedComments/threadedComment9.xml"
    timeline, printer = "xl/timelineCaches/timelineCache9.xml", "xl/printerSettings/printerSettings9.bin"
    model = "application/vnd.openxmlformats-officedocument.model+data"
    own = "<office xmlns='urn:office'>河</office>".encode()
    made = (
        (book, "person", "xl/persons/person.xml", _persons(), f"{excel}.person+xml"),
        (ours, "threadedComment", thread, _thread(), f"{excel}.threadedcomments+xml"),
        (book, "connections", "xl/connections.xml", _connections(), f"{OFFICE_TYPE}.connections+xml"),
        (book, "powerPivotData", "xl/model/item.data", b"model \x00\x01", model),
        (book, "customXml", "customXml/item1.xml", own, ""),
        (book, "externalLink", link, _outside(), f"{OFFICE_TYPE}.externalLink+xml"),
        (link, "externalLinkPath", "", b"", ""),
        (book, "vbaProject", "xl/vbaProject.bin", b"\xd0\xcf macros", "application/vnd.ms-office.vbaProject"),
        (book, "timelineCache", timeline, _timeline(), f"{excel}.timelineCache+xml"),
        (ours, "printerSettings", printer, b"\x01printer", f"{OFFICE_TYPE}.printerSettings"),
        (board, "customProperty", "xl/customProperty9.bin", b"own", f"{OFFICE_TYPE}.customProperty"),
        (board, "control", f"{active_x}.xml", _active_x(), f"{ACTIVE_X}+xml"),
        (f"{active_x}.xml", "activeXControlBinary", f"{active_x}.bin", b"ocx", ACTIVE_X),
    )
    for number, (owner, kind, name, content, content_type) in enumerate(made):
        if not name:
            data = _leading_out(data, owner, kind)
            continue
        rel = (f"rId7{number:02}", kind, f"/{name}")
        data = with_part(data, owner, rel, name, content, content_type)
    return _protected(data, ours)


def _persons() -> bytes:
    return (
        f'<personList xmlns="{THREADS}"><person displayName="王芳" id="{PERSON}" userId="w" '
        'providerId="None"/></personList>'
    ).encode()


def _thread() -> bytes:
    return (
        f'<ThreadedComments xmlns="{THREADS}"><threadedComment ref="E5" dT="2007-07-02T09:30:00.00" '
        f'personId="{PERSON}" id="{{A1B2C3D4-0000-4000-8000-000000000002}}"><text>请复核</text>'
        "</threadedComment></ThreadedComments>"
    ).encode()


def _connections() -> bytes:
    return (
        f'<connections xmlns="{NS["m"]}"><connection id="1" name="查询" type="5" refreshedVersion="6">'
        '<dbPr connection="Provider=Microsoft.Mashup.OleDb.1" command="SELECT 1"/></connection></connections>'
    ).encode()


def _outside() -> bytes:
    return (
        f'<externalLink xmlns="{NS["m"]}"><externalBook xmlns:r="{NS["r"]}" r:id="rId1"><sheetNames>'
        '<sheetName val="排名"/></sheetNames></externalBook></externalLink>'
    ).encode()


def _leading_out(data: bytes, owner: str, kind: str) -> bytes:
    """A relationship of ``owner`` to a file outside of the workbook."""
    folder, _, file = owner.rpartition("/")
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
        f'Id="rId1" Type="{NS["r"]}/{kind}" Target="上年总表.xlsx" TargetMode="External"/></Relationships>'
    )
    return rebuilt({**parts(data), f"{folder}/_rels/{file}.rels": rels.encode()})


def _timeline() -> bytes:
    space = "http://schemas.microsoft.com/office/spreadsheetml/2010/11/main"
    return f'<timelineCacheDefinition xmlns="{space}" name="日期" sourceName="日期"/>'.encode()


def _active_x() -> bytes:
    space = "http://schemas.microsoft.com/office/2006/activeX"
    return (
        f'<ax:ocx xmlns:ax="{space}" xmlns:r="{NS["r"]}" '
        'ax:classid="{D7053240-CE69-11CD-A777-00DD01143C57}" '
        'ax:persistence="persistStreamInit" r:id="rId712"/>'
    ).encode()


def _protected(data: bytes, ours: str) -> bytes:
    """The structure of the workbook and our ranking are protected; the file is one with macros."""
    text = parts(data)["xl/workbook.xml"].decode()
    head = "<workbookProtection" if "<workbookProtection" in text else "<bookViews>"
    guard = '<workbookProtection lockStructure="1"/>' if head == "<bookViews>" else ""
    data = edited(data, "xl/workbook.xml", (head, f"{guard}{head}"))
    sheet = parts(data)[ours].decode()
    if "<sheetProtection" not in sheet:
        lock = '</sheetData><sheetProtection sheet="1" autoFilter="0"/>'
        data = edited(data, ours, ("</sheetData>", lock))
    plain = f"{OFFICE_TYPE}.sheet.main+xml"
    return edited(
        data, "[Content_Types].xml", (plain, "application/vnd.ms-excel.sheet.macroEnabled.main+xml")
    )
