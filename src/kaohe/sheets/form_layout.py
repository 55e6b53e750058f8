"""Where things stand on the form: columns, drop-downs, input messages, colours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kaohe import terms
from kaohe.sheets.ranges import runs
from kaohe.workbooks.grid import column_letter
from kaohe.workbooks.plan import Choice, Highlight

FORM_KEY = "自测表"
FORM_TITLE = "自测表"
HEADER_ROW = 6
BODY_START = HEADER_ROW + 1

COLUMNS: tuple[tuple[str, str, str, float], ...] = (
    ("ordinal", "序号", "text_center", 4.5),
    ("code", "指标代码", "code", 7),
    ("name", "指标名称", "text_wrap", 31),
    ("unit_of_measure", "计量单位", "text_center", 8.5),
    ("definition", "口径", "text_wrap", 23),
    ("weight", "权重", "number", 8.5),
    ("target", "年度目标", "number", 9.5),
    ("prior", "上年值", "number", 9.5),
    ("share", "序时", "percent", 8.5),
    ("due", "序时目标", "number", 11.5),
    ("actual", "完成值", "input", 10.5),
    ("status", "数据状态", "input_choice", 8),
    ("rate", "完成率", "percent", 9),
    ("score", "得分", "score_locked", 8),
    ("state", "状态", "text_center", 10),
    ("mark", "标记", "input_choice", 11),
    ("evidence", "完成情况", "input_text", 24),
    ("reason", "原因", "input_text", 24),
    ("measure", "措施", "input_text", 24),
    ("department", "责任部门", "text_wrap", 16),
)
"""(key, heading, role, width) from column A on."""

LAST = len(COLUMNS)
COUNT_CELLS = {terms.BLANK: (5, 3), terms.NOT_READ: (5, 5), terms.ON_SCHEDULE: (5, 8), terms.BEHIND: (5, 11)}
"""(row, column) of the counts of states above the table."""
TOTAL_CELL = (5, 14)
TOTAL_WORD = "合计"
UNIT_LABEL = "填报单位"
WEIGHT_CELL = (5, 16)
ROLES = tuple(role for _, _, role, _ in COLUMNS)
WIDTHS = tuple(width for *_, width in COLUMNS)
TITLES = {key: title for key, title, _, _ in COLUMNS}
_LETTERS = {key: column_letter(index + 1) for index, (key, *_) in enumerate(COLUMNS)}


def letter(key: str) -> str:
    """Column letter of a column key."""
    return _LETTERS[key]


def cell_at(key: str, row: int) -> str:
    """Address of a column's cell in a row."""
    return f"{_LETTERS[key]}{row}"


def choices(
    entered: Sequence[str], words: Mapping[tuple[str, ...], Sequence[str]], last: int
) -> tuple[Choice, ...]:
    """Drop-downs of 数据状态 and 标记, cells that take a word, and what each yellow column asks for.

    ``words``: the words to choose from → cells of 完成值 that take one of them.
    """
    chosen = {cell for cells in words.values() for cell in cells}
    plain = [cell for cell in entered if cell not in chosen]

    def column(key: str) -> str:
        return f"{cell_at(key, BODY_START)}:{cell_at(key, last - 1)}"

    found = [
        Choice(column("status"), terms.FIGURE_STATUSES, "数据状态", "请选择:预计、初步或核定", strict=True),
        Choice(column("mark"), terms.MARKS, "标记", "确有需要时选择;没有则留空", strict=True),
        Choice(column("evidence"), (), "完成情况", "做了什么、有什么佐证;写不成数字的写在这里", strict=False),
        Choice(column("reason"), (), "原因", "未达序时的指标必须说明原因", strict=False),
        Choice(column("measure"), (), "措施", "下一步怎么办、谁负责、何时完成", strict=False),
    ]
    if plain:
        prompt = "只填数字,不带单位;以%为单位的填百分点数(如 92.16)。没有数据请留空并在原因栏说明"
        found += [Choice(area, (), "完成值", prompt, strict=False) for area in runs(plain)]
    for offered, cells in words.items():
        prompt = f"请选择 {' 或 '.join(offered)}"
        found += [Choice(area, offered, "完成值", prompt) for area in runs(cells)]
    return tuple(found)


def highlights(last: int) -> tuple[Highlight, ...]:
    """Red, amber, green on the state; the whole word decides."""
    area = f"{cell_at('state', BODY_START)}:{cell_at('state', last - 1)}"
    first = f"${letter('state')}{BODY_START}"

    def words(style: str, *texts: str) -> Highlight:
        tests = ",".join(f'{first}="{text}"' for text in texts)
        return Highlight(area, "formula", f"OR({tests})", style)

    return (
        words("good", terms.ON_SCHEDULE, terms.COMPONENT_MET),
        words("bad", terms.BEHIND, terms.COMPONENT_BEHIND, terms.NOT_SCORABLE),
        words("warn", terms.NOT_READ),
        words("idle", terms.BLANK, terms.WAITING, terms.NOT_ENTERED),
    )
