"""The headings of an office's own table, found by what they mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kaohe import terms
from kaohe.jobs.paste_sheet import Sheet, text_of
from kaohe.tables import plain

SERIAL, LEVEL, NAME, CONTENT, WEIGHT = "序号", "级别", "名称", "内容", "权重"
MEASURE, CRITERIA, DEFINITION = "计量单位", "评分标准", "口径"
UNITS, LEAD, MONITOR, ASSESSOR = "责任单位", "责任部门", "监测部门", "考评部门"
TARGET, PRIOR, TARGET_OF = "目标值", "上年值", "单位目标"
METHOD, FREQUENCY, DIRECTION, CLAUSE, OWN = "计分方法", "频次", "指标性质", "条款", "自有"

SYNONYMS: tuple[tuple[str, str], ...] = (
    (
        SERIAL,
        r"序号|编号|序|No",
    ),
    (
        LEVEL,
        r"[一二三四]级指标|[一二三四]级项目|指标类别|考核类别|类别|大类|类型|项目类别|"
        r"考核项目|项目|考核方面|分类|板块|模块|考核维度|维度",
    ),
    (
        NAME,
        r"指标名称|考核指标|指标|具体指标|评价指标|主要指标|目标名称|指标内容|考核指标名称|"
        r"指标项目",
    ),
    (
        CONTENT,
        r"考核内容|考评内容|考核要点|工作内容|工作任务|重点任务|目标任务|考核要求|评价内容|"
        r"主要内容|具体内容|任务",
    ),
    (
        WEIGHT,
        r"权重|分值|满分|标准分|分数|基本分|权数|权重分|基准分|赋分|考核分值|标准分值|"
        r"分值权重|权重分值",
    ),
    (
        MEASURE,
        r"计量单位|度量单位|指标单位",
    ),
    (
        CRITERIA,
        r"评分标准|计分标准|考核标准|评分办法|计分办法|评分细则|考核办法|考评标准|计分规则|"
        r"评分规则|扣分标准|考评办法|评价标准|评分依据",
    ),
    (
        DEFINITION,
        r"口径|指标解释|指标说明|统计口径|指标口径|计算方法|计算公式|指标含义",
    ),
    (
        UNITS,
        r"责任单位|被考核单位|考核对象|承担单位|承办单位|责任主体|适用单位|适用范围|"
        r"被考评单位|责任科室|责任股室|目标责任单位|实施单位|分公司|分局",
    ),
    (
        LEAD,
        r"责任部门|牵头部门|牵头单位|主管部门|主办部门",
    ),
    (
        MONITOR,
        r"监测部门|监测责任部门|数据来源|数据提供部门|统计部门|数据来源单位|数据部门|"
        r"数据提供单位",
    ),
    (
        ASSESSOR,
        r"考核部门|考评部门|考核单位|考评单位|评分部门|打分部门|考核责任部门|评价部门|"
        r"考核责任单位|评分单位|核定部门",
    ),
    (
        TARGET,
        r"目标值|年度目标|目标|全年目标|年度目标值|任务数|年度任务|全年任务|计划数|计划|"
        r"年度计划|预期目标|目标数|\d{2,4}年目标|\d{2,4}年目标值|\d{2,4}年计划|"
        r"\d{2,4}年度目标|\d{2,4}年预[期定].*",
    ),
    (
        PRIOR,
        r"上年值|上年实绩|上年完成|上年|去年|上年度|上年完成数|上年度完成|基期|基数|上年数|"
        r"上年实际|\d{2,4}年实绩|\d{2,4}年完成|\d{2,4}年实际|至\d{2,4}年.*",
    ),
    (
        METHOD,
        r"计分方法|评分方法|考核方法|计分方式",
    ),
    (
        FREQUENCY,
        r"频次|考核频次|考核周期|报送频率|统计频率|周期",
    ),
    (
        DIRECTION,
        r"指标性质|指标属性|指标方向|方向|性质|属性",
    ),
    (
        CLAUSE,
        r"条款|出处|文件依据|依据",
    ),
)
_PATTERNS = tuple((role, re.compile(f"(?:{pattern})", re.IGNORECASE)) for role, pattern in SYNONYMS)
_BRACKETS = re.compile(r"[(【\[][^)】\]]*[)】\]]")
_TRADITIONAL = str.maketrans(
    "項單備註標權數預計責門實際內評準說類別頻據來", "项单备注标权数预计责门实际内评准说类别频据来"
)
"""Signs of traditional headings; the texts below them stay as they are."""
_UNIT_TITLES = ("单位", "單位")
"""“单位” alone: the unit of measure, or the assessed units; the cells below decide."""
_LIMIT = 20
_LEAST = 2


class Heading(NamedTuple):
    """A column of the table: its number, the title as it stands there, and what it means."""

    column: int
    title: str
    role: str


class Header(NamedTuple):
    """The headings, and the rows they take (first, last)."""

    headings: tuple[Heading, ...]
    first: int
    last: int


def role_of(title: str) -> str:
    """What a heading means; '' when it is none of ours. Remarks in brackets do not count."""
    text = _BRACKETS.sub("", plain(title)).replace("/", "").replace("及", "").translate(_TRADITIONAL)
    return next((role for role, pattern in _PATTERNS if pattern.fullmatch(text)), "")


def level_of(title: str) -> str:
    """省 or 市 in the heading of a target; ''."""
    return next((level for level in (terms.LEVEL_PROVINCE, terms.LEVEL_CITY) if level in title), "")


def find_header(sheet: Sheet) -> Header | None:
    """The row with most headings we understand among the first ones, with its second row; None without."""
    rows = [row for row in sheet.rows if row <= _LIMIT]
    counts = {row: _understood(sheet, row) for row in rows}
    best = max(rows, key=lambda row: (len(counts[row]), -row), default=0)
    if not best or len(counts[best]) < _LEAST or not counts[best] & {NAME, CONTENT, LEVEL}:
        return None
    above = best - 1
    if above in counts and counts[above] & {NAME, CONTENT, LEVEL, TARGET} and _has_wide_cell(sheet, above):
        best = above
    last = best + 1 if _is_second_row(sheet, best) else best
    columns = range(1, sheet.width + 1)
    found = [Heading(column, *_column(sheet, best, last, column)) for column in columns]
    return Header(
        tuple(_settled(sheet, [h for h in found if h.title or _used(sheet, h, last)], last)), best, last
    )


def _understood(sheet: Sheet, row: int) -> set[str]:
    titles = [text_of(value) for value in sheet.own(row).values()]
    return {role for title in titles if (role := role_of(title))}


def _has_wide_cell(sheet: Sheet, row: int) -> bool:
    """Whether some, but not one single, cell of the row stands over several columns."""
    own = sheet.own(row)
    return len(own) >= _LEAST and any(sheet.span(row, column) > 1 for column in own)


def _is_second_row(sheet: Sheet, row: int) -> bool:
    """Whether the row below continues the headings: under a cell over several columns, or all understood."""
    below = sheet.own(row + 1)
    if not below:
        return False
    wide = [column for column in sheet.own(row) if sheet.span(row, column) > 1]
    if wide:
        return all(sheet.span(row, column) > 1 or sheet.seen(row, column) is None for column in below)
    return all(sheet.seen(row, column) is None or role_of(text_of(value)) for column, value in below.items())


def _column(sheet: Sheet, first: int, last: int, column: int) -> tuple[str, str]:
    """(title, role) of a column under one or two heading rows."""
    above = text_of(sheet.seen(first, column))
    below = text_of(sheet.cells.get((last, column))) if last > first else ""
    if not below or below == above:
        return above, role_of(above)
    title = f"{above}:{below}" if above else below
    role = role_of(below)
    upper = role_of(above)
    if upper in (TARGET, UNITS) and not role and not level_of(below):
        return below, TARGET_OF
    if upper == TARGET and level_of(below):
        return title, TARGET
    return title, role or upper


def _used(sheet: Sheet, heading: Heading, last: int) -> bool:
    """Whether anything stands in a column without a title."""
    return any(column == heading.column and row > last for row, column in sheet.cells)


def _settled(sheet: Sheet, headings: Sequence[Heading], last: int) -> Iterable[Heading]:
    """Roles nobody can hold twice are held by the first column; the others are the office's own columns.

    A column without meaning of its own becomes 自有. Several weights are told apart by the rows later.
    """
    several = {LEVEL, WEIGHT, CRITERIA, DEFINITION, CONTENT, TARGET_OF}
    taken: set[str] = set()
    for heading in headings:
        role = heading.role
        if plain(heading.title) in _UNIT_TITLES:
            role = _unit_or_measure(sheet, heading.column, last)
        if role == NAME and NAME in taken:
            role = CONTENT
        again = role in taken and role not in several and not (role == TARGET and level_of(heading.title))
        if not role or again:
            role = OWN
        taken.add(role)
        yield heading._replace(role=role, title=heading.title or f"第{heading.column}列")


def _unit_or_measure(sheet: Sheet, column: int, last: int) -> str:
    """“单位” over words of one to four signs (亿元, %, 平方公里) is the unit of measure."""
    texts = [text_of(value) for (row, at), value in sheet.cells.items() if at == column and row > last]
    short = sum(
        len(text) <= 4 and not text.endswith(("局", "委", "办", "部", "区", "县", "市")) for text in texts
    )
    return MEASURE if short * 2 >= len(texts) else UNITS
