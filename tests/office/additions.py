"""What an office adds to its master by hand, done through UNO: sheets, charts, comments, pictures, a pivot.

``decorate`` adds it to an open master, ``decorations`` reads back what of it is there and what it shows, in
words and numbers that can be compared.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.office.bridge import CellAddress, address, box, enum, name_of, rectangle, values

BOARD = "领导看板"
PIVOT = "透视"
RANKING, DETAIL, ISSUES = "排名", "得分明细", "问题清单"
NAME = "总分区"
FIRST = 5
"""First row of the tables on our sheets."""
COMMENTS = ((RANKING, "E5", "常委会已审"), (DETAIL, "O6", "口径已核对"), (BOARD, "A1", "每月更新"))
FORMULAS = (
    ("第一名总分", "=排名!E5"),
    ("平均分", "=ROUND(AVERAGE(排名!E5:E200);4)"),
    ("单位数", "=COUNT(排名!E5:E200)"),
    ("滨湖区总分", '=INDEX(排名!E5:E200;MATCH("滨湖区";排名!C5:C200;0))'),
    ("未达序时合计", '=COUNTIFS(得分明细!U5:U5000;"未达序时";得分明细!I5:I5000;"是")'),
    ("命名区合计", "=ROUND(SUM(总分区);2)"),
)
"""Words and formulas of the office's own sheet, in columns A and B."""


def decorate(context: Any, book: Any, picture: str) -> None:
    """Everything, on a master whose result sheets bear their first names; ``picture`` is a PNG file."""
    book.Sheets.insertNewByName(BOARD, 0)
    _name(book)
    _formulas(book)
    _chart(book)
    for sheet, cell, text in COMMENTS:
        _comment(book.Sheets.getByName(sheet), cell, text)
    _picture(context, book, BOARD, picture)
    _picture(context, book, ISSUES, picture)
    _conditional_format(book.Sheets.getByName(RANKING), f"C{FIRST}:C13")
    _conditional_format(book.Sheets.getByName(BOARD), "B1:B6")
    _pivot(book)


def _name(book: Any) -> None:
    start = CellAddress(book.Sheets.getByName(RANKING).RangeAddress.Sheet, 4, FIRST - 1)
    book.NamedRanges.addNewByName(NAME, "$排名.$E$5:$E$13", start, 0)


def _formulas(book: Any) -> None:
    board = book.Sheets.getByName(BOARD)
    for row, (word, formula) in enumerate(FORMULAS):
        board.getCellByPosition(0, row).setString(word)
        board.getCellByPosition(1, row).setFormula(formula.replace("!", "."))


def _chart(book: Any) -> None:
    board, ranking = book.Sheets.getByName(BOARD), book.Sheets.getByName(RANKING)
    areas = (address(ranking, f"C4:C{FIRST + 8}"), address(ranking, f"E4:E{FIRST + 8}"))
    board.Charts.addNewByName("总分图", rectangle(9000, 500, 12000, 8000), areas, True, True)


def _comment(sheet: Any, cell: str, text: str) -> None:
    place = sheet.getCellRangeByName(cell).getCellAddress()
    sheet.Annotations.insertNew(place, text)


def _picture(context: Any, book: Any, sheet: str, picture: str) -> None:
    provider = context.ServiceManager.createInstanceWithContext(
        "com.sun.star.graphic.GraphicProvider", context
    )
    shape = book.createInstance("com.sun.star.drawing.GraphicObjectShape")
    shape.Graphic = provider.queryGraphic(values(URL=Path(picture).as_uri()))
    book.Sheets.getByName(sheet).DrawPage.add(shape)
    position, size = box(2000, 12000, 1500, 1500)
    shape.setSize(size)
    shape.setPosition(position)


def _conditional_format(sheet: Any, area: str) -> None:
    cells = sheet.getCellRangeByName(area)
    rules = cells.ConditionalFormat
    rules.addNew(
        values(Operator=enum("sheet.ConditionOperator", "NOT_EQUAL"), Formula1='"无"', StyleName="Good")
    )
    cells.ConditionalFormat = rules


def _pivot(book: Any) -> None:
    """Points lost by part: 部分 down, the sum of 扣分 beside it."""
    book.Sheets.insertNewByName(PIVOT, 1)
    sheet, detail = book.Sheets.getByName(PIVOT), book.Sheets.getByName(DETAIL)
    tables = sheet.getDataPilotTables()
    descriptor = tables.createDataPilotDescriptor()
    cursor = detail.createCursor()
    cursor.gotoEndOfUsedArea(False)
    descriptor.setSourceRange(address(detail, f"A4:V{cursor.RangeAddress.EndRow + 1}"))
    fields = descriptor.getDataPilotFields()
    fields.getByName("部分").Orientation = enum("sheet.DataPilotFieldOrientation", "ROW")
    lost = fields.getByName("扣分")
    lost.Orientation = enum("sheet.DataPilotFieldOrientation", "DATA")
    lost.Function = enum("sheet.GeneralFunction", "SUM")
    tables.insertNewByName("扣分透视", CellAddress(sheet.RangeAddress.Sheet, 0, 2), descriptor)


def decorations(book: Any) -> dict[str, object]:
    """What is there now: the board's cells, the chart's numbers, comments, pictures, formats, name, pivot."""
    board = book.Sheets.getByName(BOARD)
    return {
        "cells": [list(row) for row in board.getCellRangeByName("A1:B6").getDataArray()],
        "charts": [_chart_numbers(chart) for chart in board.Charts],
        "comments": sorted(
            [sheet.Name, name_of(note.Parent), note.String]
            for sheet in book.Sheets
            for note in sheet.Annotations
        ),
        "pictures": {sheet.Name: count for sheet in book.Sheets if (count := _pictures(sheet))},
        "formats": {name: _formats(book.Sheets.getByName(name)) for name in (RANKING, BOARD)},
        "name": book.NamedRanges.getByName(NAME).Content,
        "pivots": [table.Name for table in book.Sheets.getByName(PIVOT).DataPilotTables],
    }


def _chart_numbers(chart: Any) -> dict[str, object]:
    document = chart.EmbeddedObject
    sequences = [
        part
        for system in document.getFirstDiagram().getCoordinateSystems()
        for kind in system.getChartTypes()
        for series in kind.getDataSeries()
        for part in series.getDataSequences()
    ]
    found = [part.getValues() for part in sequences]
    return {
        "ranges": [part.getSourceRangeRepresentation() for part in found],
        "numbers": [list(part.getData()) for part in found],
    }


def _pictures(sheet: Any) -> int:
    kind = "com.sun.star.drawing.GraphicObjectShape"
    return sum(shape.ShapeType == kind for shape in sheet.DrawPage)


def _formats(sheet: Any) -> list[str]:
    return sorted(
        str(entry.Range.RangeAddressesAsString).rpartition(".")[2]
        for entry in sheet.ConditionalFormats.getConditionalFormats()
    )
