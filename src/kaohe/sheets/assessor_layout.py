"""Where things stand on a 考评打分表: columns, the heading's cells, words the reader looks for."""

from __future__ import annotations

from kaohe.workbooks.grid import column_letter

ASSESSOR_KEY = "打分表"
ASSESSOR_TITLE = "打分表"
ORDINAL, CODE, NAME = 1, 2, 3
FIRST_VALUE = 4
LEAST_COLUMNS = 11
HEAD_ROWS = 5
TITLES_OF_BLOCK = 3
"""Rows above a block's table: names, what to type, codes."""

CODE_LABEL = "单位代码"
UNIT_LABEL, PERSON_LABEL = "单位", "姓名"
REMARK_LABEL = "说明"
INDICATOR_LABEL = "指标代码"
DEPARTMENT_LABEL = "考评部门"
TARGET_LABEL = "目标值"
CHECKED_WORD = "核定"
"""Stands below the names of indicators that units fill in too: their cells may stay blank."""
FILLED, MEAN, HIGHEST, LOWEST = "已填", "平均", "最高", "最低"
SUMMARIES = (FILLED, MEAN, HIGHEST, LOWEST)
EXPECTED_CELL, FILLED_CELL, BLANK_CELL = (5, 3), (5, 5), (5, 7)
"""(row, column) of the counts above the table: cells to fill in, filled, not filled."""

WIDTH_ORDINAL, WIDTH_CODE, WIDTH_VALUE, WIDTH_REMARK = 5.0, 10.0, 12.0, 28.0
NAME_WIDTHS = (20.0, 32.0)
HEIGHT_ROW = 17.0
"""Points of a row of one line: a little tight, so that more units stand on one page."""


def letter(column: int) -> str:
    """Column letter of a column number."""
    return column_letter(column)


def area(column: int, first: int, last: int) -> str:
    """A piece of one column."""
    return f"{column_letter(column)}{first}:{column_letter(column)}{last}"
