"""Every function, argument by argument, through xlwings' own conversion: desktop (COM), server (JSON)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from kaohe.faces.functions import FUNCTIONS as PLAIN
from kaohe.version import __version__
from tests.faces_functions.desktop import DIV0, MISSING, NA, Desktop, Reference, call, import_desktop
from tests.faces_functions.server_calls import called_on_server

OFFICE_ERROR = {"type": "Error", "basicValue": "#DIV/0!", "basicType": "Error", "errorType": "Div0"}
Rows = list[list[Any]]

NOT_WHOLE = '#总表应写完整路径,如 C:\\考核\\总表.xlsx,或 CELL("filename",排名!A1)'
NO_FILES = "#网页版中不读取文件。请在总表中用按钮“得分说明”,或用 kaohe explain"
CASES: tuple[tuple[str, tuple[Any, ...], Rows], ...] = (
    ("KH_SCORE", ("序时进度", 5, 100, 45, None, 0.5), [[4.5]]),
    ("KH_SCORE", ("序时进度", 5, 100, [[45]], None, 0.5), [[4.5]]),
    ("KH_SCORE", ("序时进度", 5, 100, [[45, 50, ""]], None, 0.5), [[4.5, 5.0, ""]]),
    ("KH_SCORE", ("序时进度", 5, 100, [[45], [50], [""]], None, 0.5), [[4.5], [5.0], [""]]),
    ("KH_SCORE", ("序时进度", 5, 100, [[45, 50], ["约", 0]], None, 0.5),
     [[4.5, 5.0], ["#完成值无法识别", 0.0]]),
    ("KH_SCORE", ([["序时进度"], ["目标完成率"]], [[5], [4]], 100, [[45], [50]], None, [[0.5], [1]]),
     [[4.5], [2.0]]),
    ("KH_SCORE", ("序时进度", 5, "", 45, None, 0.5), [["#目标值是空的"]]),
    ("KH_SCORE", ("持平得八成", 10, None, 110, 100), [[10.0]]),
    ("KH_SCORE", ("目标完成率", 10, 100, 150, None, None, "封顶=1.2"), [[12.0]]),
    ("KH_SCORE", ("目标完成率", 10, 100, 150, None, None, [["封顶", 1.2], ["容差", ""]]), [[12.0]]),
    ("KH_SCORE", ("目标完成率", 10, 3, 1, None, None, None, 4), [[3.3333]]),
    ("KH_SCORE", ("自定", 10, 3, 1, None, None, None, None,
                  [["名称", "得分", "完成率", "达标"], ["自定", "权重-1", "1", "TRUE"]]), [[9.0]]),
    ("KH_RATE", ("目标完成率", 5, 80, [[60], [""]]), [[0.75], [""]]),
    ("KH_RATE", ("目标完成率", 5, 80, 60, None, None, "封顶=2"), [[0.75]]),
    ("KH_STATE", ("序时进度", 5, 100, [[45, "", "好"]], None, 0.5), [["未达序时", "未填", "待识别"]]),
    ("KH_STATE", ("序时进度", 5, 100, 45, None, 0.5, "容差=0.2"), [["已达序时"]]),
    ("KH_ELAPSED", ("2007-H1",), [[0.5]]),
    ("KH_ELAPSED", ([["2007-H1"], [""]], "无"), [[1.0], [""]]),
    ("KH_ELAPSED", (2007,), [[1.0]]),
    ("KH_ELAPSED", ("2007-H1", "曲线", [[n / 20 for n in range(12)]]), [[0.25]]),
    ("KH_CHECK", ("目标完成率", 5, 100, [[100], ["#N/A"]]),
     [[""], ["错误:《本项》单元格是错误值 #N/A。请改填数字,不要引用其他文件或粘贴出错的公式。"]]),
    ("KH_CHECK", ("目标完成率", 5, 100, 95, None, None, None, "%", "天气", "", "产值", "核定", ""),
     [["存疑:《产值》未达序时,没有填写措施。请在“措施”一栏说明。"]]),
    ("KH_READ", ([["1,746万", ""], ["约80", 3]], "亿元"), [[0.1746, ""], ["#近似数", 3.0]]),
    ("KH_READ", ("约80", None, "是"), [[80.0]]),
    ("KH_READ", (True,), [["是"]]),
    ("KH_READ_NOTE", ("1,746万", "亿元"), [["按 0.1746亿元 理解"]]),
    ("KH_PART_TOTALS", ([["甲"], ["乙"], ["甲"]], [[1], [2], [0.5]]), [["甲", 1.5], ["乙", 2.0]]),
    ("KH_PART_TOTALS", ("甲", [[1.25, ""]], 1), [["甲", 1.3]]),
    ("KH_RANK", ([[90], [85], [85], [""]],), [[1], [2], [2], [""]]),
    ("KH_RANK", ([[90, 85, 85, 60]], [["甲", "乙", "乙", "乙"]], "1,2,2,3"), [[1, 1, 1, 2]]),
    ("KH_GRADE", ([[95], [59], [""]], [["优秀", 90], ["其余", ""]]), [["优秀"], ["其余"], [""]]),
    ("KH_GRADE", ([[9], [8]], [["优秀", 0.5], ["其余", ""]], "甲", "比例"), [["优秀"], ["其余"]]),
    ("KH_EXPLAIN", ("总表.xlsx", "滨湖区", "A01", "2007-H1"), [[NOT_WHOLE]]),
    ("KH_VERSION", (), [[f"kaohe {__version__}"]]),
)  # fmt: skip
"""Function, arguments as Excel shows them ('' is a blank cell, None one left out), the cells that appear."""


@pytest.fixture(scope="module")
def desktop() -> Iterator[Desktop]:
    with import_desktop() as found:
        yield found


def as_reference(argument: Any) -> Any:
    """A COM range: numbers are doubles, blank cells None."""
    if argument is None:
        return MISSING
    return (
        Reference([[_com(cell) for cell in row] for row in argument])
        if isinstance(argument, list)
        else Reference([[_com(argument)]])
    )


def as_value(argument: Any) -> Any:
    """What a formula inside a formula, or a constant, is handed on as: a bare value or a tuple of rows."""
    if argument is None:
        return MISSING
    return (
        tuple(tuple(_com(cell) for cell in row) for row in argument)
        if isinstance(argument, list)
        else _com(argument)
    )


def _com(cell: Any) -> Any:
    if cell == "":
        return None
    return float(cell) if isinstance(cell, int) and not isinstance(cell, bool) else cell


@pytest.mark.parametrize("way", [as_reference, as_value])
@pytest.mark.parametrize(("name", "arguments", "cells"), CASES)
def test_desktop(desktop: Desktop, name: str, arguments: tuple[Any, ...], cells: Rows, way: Any) -> None:
    assert call(desktop, name, *map(way, arguments)) == cells


def test_desktop_cells_that_only_com_has(desktop: Desktop) -> None:
    """Errors are numbers, currency is Decimal, dates are dates, '' is what a formula left blank."""
    cells: Rows = [[DIV0], [NA], [Decimal("45")], [dt.datetime(2007, 6, 30)], [""], [True], [45.0]]
    found = call(desktop, "KH_SCORE", "序时进度", 5.0, 100.0, Reference(cells), MISSING, 0.5)
    word = "#完成值无法识别"
    assert found == [["#DIV/0!"], ["#N/A"], [4.5], [word], [""], [word], [4.5]]
    assert call(desktop, "KH_ELAPSED", Reference([[dt.datetime(2007, 7, 1)]])) == [[7 / 12]]
    assert call(desktop, "KH_RANK", Reference([[1.0], [NA], [2.0]])) == [[2], ["#N/A"], [1]]
    assert call(desktop, "KH_PART_TOTALS", "总分", Reference([[1.0], [NA]])) == [["总分", "#N/A"]]
    assert call(desktop, "KH_READ", Reference([[DIV0]])) == [["#DIV/0!"]]


def test_desktop_one_row_of_a_vba_array(desktop: Desktop) -> None:
    assert call(desktop, "KH_RANK", (3.0, 1.0, 2.0)) == [[1, 3, 2]]


def test_every_argument_is_tried(desktop: Desktop) -> None:
    """Each argument of each function is given in some case."""
    for function in desktop.functions.FUNCTIONS:
        name = function.__name__
        given = [arguments for case, arguments, _ in CASES if case == name]
        for at, argument in enumerate(function.__xlfunc__["args"]):
            used = any(len(arguments) > at and arguments[at] is not None for arguments in given)
            assert used or (argument["name"] in SAME_AS_SCORE and name != "KH_SCORE"), (
                name,
                argument["name"],
            )


SAME_AS_SCORE = ("prior", "elapsed", "parameters", "methods", "mark")


def test_desktop_knows_category_and_help(desktop: Desktop) -> None:
    for function in desktop.functions.FUNCTIONS:
        said = function.__xlfunc__
        assert said["category"] == "考核"
        assert said["ret"]["doc"] == function.__doc__
        assert all(":" in argument["doc"] for argument in said["args"])
        assert not said["volatile"]


def test_off_windows_the_functions_are_plain() -> None:
    assert not any(hasattr(function, "__xlfunc__") for function in PLAIN)


def test_server() -> None:
    """Blank cells arrive as '', left-out arguments as None, errors as objects, and errors go back as such."""
    calls: list[tuple[str, list[object]]] = [(name, list(arguments)) for name, arguments, _ in CASES]
    calls += [
        ("KH_SCORE", ["序时进度", 5, 100, [[45], [OFFICE_ERROR]], None, 0.5]),
        ("KH_PART_TOTALS", ["总分", [[1], [OFFICE_ERROR]]]),
        ("KH_ELAPSED", [39264]),
    ]
    *found, score, total, share = called_on_server(calls)
    for (name, arguments, cells), result in zip(CASES, found, strict=True):
        assert result == ([[NO_FILES]] if name == "KH_EXPLAIN" else cells), (name, arguments)
    real = {"type": "Error", "errorType": "Div0"}
    assert (score, total, share) == ([[4.5], [real]], [["总分", real]], [[7 / 12]])
