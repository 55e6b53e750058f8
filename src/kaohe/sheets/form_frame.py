"""What stands around the table of the form: title, identity, instructions, counts, signatures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kaohe.sheets.form_layout import (
    BODY_START,
    COLUMNS,
    COUNT_CELLS,
    HEADER_ROW,
    LAST,
    TOTAL_CELL,
    UNIT_LABEL,
    WEIGHT_CELL,
    letter,
)
from kaohe.sheets.form_model import Form
from kaohe.sheets.form_rows import Body
from kaohe.workbooks.plan import Cell, CellLike, Slot

HEAD_HEIGHTS = ((1, 32.0), (2, 20.0), (3, 22.0), (4, 34.0), (5, 22.0), (HEADER_ROW, 32.0))


def head(form: Form, body: Body) -> list[Sequence[CellLike]]:
    notice = str(form.scheme.settings["数据声明"])
    subtitle = f"{form.period.title}(截至{form.period.end:%Y-%m-%d})" + (f"  {notice}" if notice else "")
    how = (
        "填写说明:只填黄色单元格。完成值只填数字,不带单位;以%为单位的填百分点数(如 92.16);没有数据的不要填 0。"
        "状态栏随填随变:未填、待识别(不是数字)、已达序时、未达序时。未达序时的请写明原因和措施。"
        "浅黄色为年度指标,本期不计分,可填预计数。请勿增删行列、改动其他单元格;填好后连同签字盖章件一并报送。"
    )

    def row(cells: Mapping[int, CellLike]) -> list[CellLike]:
        return [cells.get(index + 1, Cell(None, "plain")) for index in range(LAST)]

    def label(text: str) -> Cell:
        return Cell(text, "label")

    def count(word: str) -> Cell:
        area = f"${letter('state')}${BODY_START}:{body.last('state')}"
        return Cell(body.initial(word), "count", formula=f'COUNTIF({area},"{word}")')

    title = f"{form.scheme.settings['方案名称']}自测完成情况表"
    return [
        _across(title, "title"),
        _across(subtitle, "subtitle"),
        row(
            {
                1: label(f"{UNIT_LABEL}:"),
                3: Cell(Slot("unit"), "field"),
                5: label("责任部门:"),
                6: Cell(form.department or "各责任部门", "field"),
                10: label("报送截止:"),
                11: Cell(form.deadline.isoformat(), "field"),
                14: label("下发编号:"),
                16: Cell(Slot("number"), "field"),
            }
        ),
        _across(how, "note"),
        row(
            {
                1: label("未填:"),
                4: label("待识别:"),
                6: label("已达序时:"),
                10: label("未达序时:"),
                13: label("自评得分:"),
                15: label("本期满分:"),
                TOTAL_CELL[1]: Cell(0.0, "total", formula=body.total),
                WEIGHT_CELL[1]: Cell(body.weight, "total", formula=body.weight_total),
                **{column: count(word) for word, (_, column) in COUNT_CELLS.items()},
            }
        ),
        [Cell(title, "header") for _, title, _, _ in COLUMNS],
    ]


def _across(text: str, role: str) -> list[CellLike]:
    """A text merged over the whole width."""
    return [Cell(text, role), *(Cell(None, role) for _ in COLUMNS[1:])]


def head_merges() -> tuple[str, ...]:
    last = letter("department")
    return (
        f"A1:{last}1",
        f"A2:{last}2",
        f"A4:{last}4",
        "A3:B3",
        "C3:D3",
        "F3:H3",
        "K3:L3",
        "N3:O3",
        "P3:Q3",
        "A5:B5",
        "F5:G5",
    )


def signatures() -> list[Sequence[CellLike]]:
    def row(cells: Mapping[int, tuple[str, str]]) -> list[CellLike]:
        line: list[CellLike] = [Cell(None, "plain") for _ in COLUMNS]
        for column, (text, role) in cells.items():
            line[column - 1] = Cell(text or None, role)
        return line

    sign = ("", "signature")
    return [
        row({}),
        row(
            {
                1: ("填报人:", "label"),
                3: sign,
                5: ("审核人:", "label"),
                6: sign,
                10: ("负责人:", "label"),
                11: sign,
                14: ("电话:", "label"),
                16: sign,
                18: ("单位(公章)", "label"),
            }
        ),
        row({1: ("填报日期:", "label"), 3: sign, 5: ("备注:", "label"), 6: sign}),
    ]


def signature_merges(last: int) -> tuple[str, ...]:
    first, second = last + 2, last + 3
    return (
        f"A{first}:B{first}",
        f"C{first}:D{first}",
        f"F{first}:H{first}",
        f"K{first}:M{first}",
        f"N{first}:O{first}",
        f"P{first}:Q{first}",
        f"A{second}:B{second}",
        f"C{second}:D{second}",
        f"F{second}:Q{second}",
    )
