"""考评打分表: the workbook in which a department marks, or checks, all units it assesses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kaohe import terms
from kaohe.model import Identity
from kaohe.sheets.assessor_block import DrawnBlock, draw, name_width
from kaohe.sheets.assessor_help import assessor_help_sheet
from kaohe.sheets.assessor_layout import (
    ASSESSOR_KEY,
    ASSESSOR_TITLE,
    BLANK_CELL,
    DEPARTMENT_LABEL,
    EXPECTED_CELL,
    FILLED_CELL,
    FIRST_VALUE,
    HEAD_ROWS,
    LEAST_COLUMNS,
    TITLES_OF_BLOCK,
    WIDTH_CODE,
    WIDTH_ORDINAL,
    WIDTH_REMARK,
    WIDTH_VALUE,
    letter,
)
from kaohe.sheets.assessor_model import AssessorForm, Block
from kaohe.sheets.identity import identity_sheet
from kaohe.workbooks.grid import address
from kaohe.workbooks.plan import BookPlan, Cell, CellLike, Layout, Scalar, SheetPlan, Slot

_HEIGHTS = ((1, 32.0), (2, 20.0), (3, 22.0), (4, 36.0), (5, 22.0))


def assessor_values(identity: Identity, issued: str) -> dict[str, Scalar]:
    """What fills the slots of :func:`assessor_plan`."""
    return {"number": identity.number, "issued": issued, "unit": None, "unit_code": None}


def assessor_plan(form: AssessorForm, identity: Identity) -> BookPlan:
    """The workbook: the table, how to fill it in, and the hidden identity."""
    return BookPlan(
        sheets=(
            _table_sheet(form),
            assessor_help_sheet(form.scheme, form.period),
            identity_sheet(form.scheme, identity),
        ),
        active=ASSESSOR_KEY,
    )


def _table_sheet(form: AssessorForm) -> SheetPlan:
    blocks = form.blocks()
    width = max(LEAST_COLUMNS, *(FIRST_VALUE + len(block.columns) for block in blocks))
    drawn = _draw_all(form, blocks, width)
    rows: list[Sequence[CellLike]] = [*_head(form, drawn, width)]
    for block in drawn:
        rows += block.rows
        if block is not drawn[-1]:
            rows.append(_line({}, width))
    last = len(rows)
    rows += _signatures(width)
    values = width - FIRST_VALUE
    single = len(drawn) == 1
    body = drawn[0].body
    return SheetPlan(
        key=ASSESSOR_KEY,
        title=ASSESSOR_TITLE,
        rows=rows,
        roles=("text_center", "code", "text_wrap", *("input",) * values, "input_text"),
        widths=(WIDTH_ORDINAL, WIDTH_CODE, name_width(form), *(WIDTH_VALUE,) * values, WIDTH_REMARK),
        heights=(
            *_HEIGHTS,
            *(pair for block in drawn for pair in block.heights),
            (last + 1, 12),
            (last + 2, 26),
            (last + 3, 26),
        ),
        fitted=tuple(pair for block in drawn for pair in block.fitted),
        layout=Layout(
            tab_color="FFC000",
            freeze=f"{letter(FIRST_VALUE)}{body if single else HEAD_ROWS + 1}",
            repeat_rows=f"{body - TITLES_OF_BLOCK}:{body - 1}" if single else "",
            merges=(
                *_head_merges(width),
                *(area for block in drawn for area in block.merges),
                *_signature_merges(last, width),
            ),
            choices=tuple(choice for block in drawn for choice in block.choices),
            highlights=tuple(one for block in drawn for one in block.highlights),
            protect=True,
            footer=f"{form.task.department} {form.scheme.settings['方案名称']} {form.period.title}",
        ),
    )


def _draw_all(form: AssessorForm, blocks: Sequence[Block], width: int) -> list[DrawnBlock]:
    """The blocks below one another, a blank row between them."""
    drawn: list[DrawnBlock] = []
    top = HEAD_ROWS + 1
    for number, block in enumerate(blocks, start=1):
        title = f"第 {number} 部分  {_whom(form, block)}" if len(blocks) > 1 else ""
        drawn.append(draw(form, block, top, width, title))
        top += len(drawn[-1].rows) + 1
    return drawn


def _whom(form: AssessorForm, block: Block) -> str:
    """The units of a block in words: as 适用 names them, else by the unit's name."""
    units = form.scheme.unit_by_code
    named = block.indicators[0].applies_to
    words = [units[word].name if word in units else word for word in named] or ["各单位"]
    shown = "、".join(words[:6]) + ("等" if len(words) > 6 else "")
    return f"{shown}(考评 {len(block.units)} 个,指标 {len(block.indicators)} 项)"


def _head(form: AssessorForm, drawn: Sequence[DrawnBlock], width: int) -> list[Sequence[CellLike]]:
    settings = form.scheme.settings
    notice = str(settings["数据声明"])
    subtitle = f"{form.period.title}(截至{form.period.end:%Y-%m-%d})" + (f"  {notice}" if notice else "")
    how = (
        "填写说明:只填黄色单元格。打分的在 0 与满分之间打分;填完成值的只填数字,以%为单位的填百分点数;"
        "没有扣分、没有发生的填 0,不要留空。打分和扣分的理由写在“说明”栏。请勿增删行列;"
        "填好后签字盖章报送。"
    )
    expected, filled = address(*EXPECTED_CELL), address(*FILLED_CELL)
    count = len(form.task.pairs)
    total = "+".join(f"SUM({block.filled})" for block in drawn)
    return [
        _across(f"{settings['方案名称']}{terms.PURPOSE_ASSESSOR}", "title", width),
        _across(subtitle, "subtitle", width),
        _line(
            {
                1: Cell(f"{DEPARTMENT_LABEL}:", "label"),
                3: Cell(form.task.department, "field"),
                4: Cell("报送截止:", "label"),
                5: Cell(form.deadline.isoformat(), "field"),
                7: Cell("下发编号:", "label"),
                8: Cell(Slot("number"), "field"),
            },
            width,
        ),
        _across(how, "note", width),
        _line(
            {
                1: Cell("应填:", "label"),
                EXPECTED_CELL[1]: Cell(count, "count"),
                4: Cell("已填:", "label"),
                FILLED_CELL[1]: Cell(0, "count", formula=total),
                6: Cell("未填:", "label"),
                BLANK_CELL[1]: Cell(count, "count", formula=f"{expected}-{filled}"),
            },
            width,
        ),
    ]


def _head_merges(width: int) -> tuple[str, ...]:
    end = letter(width)
    return (f"A1:{end}1", f"A2:{end}2", "A3:B3", "E3:F3", f"H3:{end}3", f"A4:{end}4", "A5:B5")


def _signatures(width: int) -> list[Sequence[CellLike]]:
    sign = Cell(None, "signature")
    return [
        _line({}, width),
        _line(
            {
                1: Cell("填表人:", "label"),
                3: sign,
                4: Cell("审核人:", "label"),
                5: sign,
                7: Cell("负责人:", "label"),
                8: sign,
            },
            width,
        ),
        _line(
            {
                1: Cell("填表日期:", "label"),
                3: sign,
                4: Cell("电话:", "label"),
                5: sign,
                7: Cell("(公章)", "label"),
            },
            width,
        ),
    ]


def _signature_merges(last: int, width: int) -> tuple[str, ...]:
    first, second = last + 2, last + 3
    sides = tuple(area for n in (first, second) for area in (f"A{n}:B{n}", f"E{n}:F{n}"))
    return (*sides, f"H{first}:{letter(width)}{first}")


def _line(cells: Mapping[int, Cell], width: int) -> list[CellLike]:
    return [cells.get(column, Cell(None, "plain")) for column in range(1, width + 1)]


def _across(text: str, role: str, width: int) -> list[CellLike]:
    return [Cell(text, role), *(Cell(None, role) for _ in range(width - 1))]
