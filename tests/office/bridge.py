"""Small words of UNO: named values, addresses, sizes. Imported only under the system's Python."""

from __future__ import annotations

from typing import Any

import uno
from com.sun.star.awt import Point, Rectangle, Size
from com.sun.star.beans import PropertyValue
from com.sun.star.table import CellAddress, CellRangeAddress

__all__ = ["CellAddress", "CellRangeAddress", "address", "box", "enum", "name_of", "rectangle", "values"]


def values(**named: object) -> tuple[Any, ...]:
    """Arguments as UNO wants them."""
    found = []
    for name, value in named.items():
        pair = PropertyValue()
        pair.Name, pair.Value = name, value
        found.append(pair)
    return tuple(found)


def name_of(cell: Any) -> str:
    """``B3`` of a cell."""
    return str(cell.AbsoluteName).rpartition(".")[2].replace("$", "")


def address(sheet: Any, area: str) -> Any:
    """The CellRangeAddress of ``A1:C5`` on a sheet."""
    return sheet.getCellRangeByName(area).getRangeAddress()


def rectangle(left: int, top: int, width: int, height: int) -> Any:
    """A place on a sheet in 1/100 mm."""
    return Rectangle(left, top, width, height)


def box(left: int, top: int, width: int, height: int) -> tuple[Any, Any]:
    """Position and size in 1/100 mm."""
    return Point(left, top), Size(width, height)


def enum(kind: str, name: str) -> Any:
    """A value of a UNO enumeration."""
    return uno.Enum(f"com.sun.star.{kind}", name)
