"""Small schemes drawn as tables in a test: columns between bars, the first line is the heading.

tables = draw(指标="指标代码|上级|指标名称|权重|计分方法\nX1|A|产值|100|目标完成率")
scheme, findings = load_scheme(tables)

A table that is not drawn is the one of ``BASE``: two indicators, two units, nothing wrong with it.
"""

from __future__ import annotations

from collections.abc import Mapping

from kaohe.assess.load import load_scheme
from kaohe.model import Scheme
from kaohe.tables import SPECS, Scalar, Table, TableSpec, read_table
from kaohe.workbooks.grid import column_letter

WORKBOOK = "总表.xlsx"

BASE: Mapping[str, str] = {
    "方案": """
        项目|值
        方案代码|T
        方案名称|小方案
        考核年度|2007
        """,
    "部分": """
        代码|名称|上级|满分
        A|发展||60
        B|民生||40
        """,
    "指标": """
        指标代码|上级|指标名称|计量单位|指标性质|权重|计分方法|频次|序时|责任部门
        X1|A|产值|亿元|正向|60|目标完成率|月度|无|发改局
        X2|B|满意率|%|正向|40|目标完成率|月度|无|民政局
        """,
    "单位": """
        单位代码|单位名称|考核组
        U1|东区|甲组
        U2|西区|甲组
        """,
    "目标": """
        指标代码|单位代码|目标值|上年值
        X1|*|100|80
        X2|*|90|85
        """,
}
"""Two indicators of 60 and 40 points, two units, the same targets for both."""


def lines(text: str) -> list[list[str]]:
    """The cells of a drawn table, row by row; blank lines do not count."""
    return [[cell.strip() for cell in line.split("|")] for line in text.splitlines() if line.strip()]


def draw(**changed: str | None) -> dict[str, Table]:
    """The tables of ``BASE`` with these (by Chinese title) in their place; None leaves one out."""
    drawn = {**BASE, **changed}
    return {spec.key: table(spec, text) for spec in SPECS if (text := drawn.get(spec.title)) is not None}


def table(spec: TableSpec, text: str) -> Table:
    """One drawn table, as if it stood in the master from cell A1 on."""
    head, *body = lines(text)
    kinds = {column.title: column.kind for column in spec.columns}
    typed = [
        [_cell(value, kinds.get(title, "any")) for title, value in zip(head, row, strict=False)]
        for row in body
    ]
    letters = [column_letter(index + 1) for index in range(max(map(len, (head, *body))))]
    found = read_table(spec, [head, *typed], workbook=WORKBOOK, sheet=spec.title, letters=letters)
    assert found is not None, f"《{spec.title}》没有表头"
    return found


def _cell(text: str, kind: str) -> Scalar:
    """Numbers of number columns as numbers, blanks as None."""
    if kind not in ("number", "any"):
        return text or None
    try:
        return float(text)
    except ValueError:
        return text or None


def small_scheme(**changed: str | None) -> Scheme:
    """A drawn scheme that has to be readable cell by cell; rows about codes that were drawn away may stay."""
    scheme, findings = load_scheme(draw(**changed))
    wrong = [finding.message for finding in findings if finding.code != "S10"]
    assert wrong == []
    return scheme


def as_csv_texts(**changed: str | None) -> dict[str, str]:
    """The same tables as texts of CSV files, by file name: a folder for `kaohe new`."""
    drawn = {**BASE, **changed}
    return {
        f"{title}.csv": "\n".join(",".join(map(_quoted, row)) for row in lines(text)) + "\n"
        for title, text in drawn.items()
        if text is not None
    }


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if any(sign in cell for sign in ',"') else cell
