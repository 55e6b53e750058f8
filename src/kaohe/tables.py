"""The scheme as tables: which tables there are, their columns, and rows that know the cell they came from.

The same tables stand in the master's yellow sheets and in a folder of CSV files; readers of both yield
:class:`Table`, so checks name the right cell wherever the scheme was typed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from kaohe import terms
from kaohe.model import Location

Kind = Literal["text", "number", "date", "any"]
Scalar = str | float | int | bool | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: ``title`` is the heading, ``hint`` what the office reads when filling it in."""

    key: str
    title: str
    kind: Kind = "text"
    required: bool = False
    choices: tuple[str, ...] = ()
    width: float = 12
    hint: str = ""
    percent_points: bool = False
    """A number under a percent format is read in percentage points (95% is 95)."""


@dataclass(frozen=True, slots=True)
class TableSpec:
    """A table of the scheme. ``required`` tables must exist; the others may be absent."""

    key: str
    title: str
    columns: tuple[Column, ...]
    required: bool = True
    about: str = ""

    def column(self, key: str) -> Column:
        """The column with that key."""
        return next(column for column in self.columns if column.key == key)


_FROM = Column("valid_from", "生效起", "date", width=12, hint="从这一天起有效;空白表示一直有效")
_TO = Column("valid_to", "生效止", "date", width=12, hint="到这一天为止(含);空白表示不失效")

SPECS: tuple[TableSpec, ...] = (
    TableSpec(
        "scheme",
        "方案",
        (
            Column("name", "项目", required=True, width=16),
            Column("value", "值", "any", width=36),
            Column("note", "说明", width=60),
        ),
        about="方案的名称和各项设置;没有写的设置按默认值",
    ),
    TableSpec(
        "part",
        "部分",
        (
            Column("code", "代码", required=True, width=10),
            Column("name", "名称", required=True, width=24),
            Column("parent", "上级", width=10, hint="上级部分的代码;最上级留空"),
            Column("weight", "满分", "number", width=10, hint="所含指标权重合计;留空不检查"),
            Column("note", "说明", width=40),
        ),
        about="指标的分类(几大类)",
    ),
    TableSpec(
        "indicator",
        "指标",
        (
            Column("code", "指标代码", required=True, width=10, hint="改名不改代码"),
            Column("parent", "上级", required=True, width=9, hint="部分的代码;合成指标的分项填该指标的代码"),
            Column("name", "指标名称", required=True, width=30),
            Column("unit_of_measure", "计量单位", width=10),
            Column("direction", "指标性质", choices=terms.DIRECTIONS, width=10),
            Column(
                "weight",
                "权重",
                "number",
                required=True,
                width=8,
                hint="分;分项填在合成指标内的分数(合计100)",
            ),
            Column("method", "计分方法", width=18, hint="《计分方法》中的名称"),
            Column("frequency", "频次", choices=tuple(terms.FREQUENCY_MONTHS), width=8),
            Column("pace", "序时", width=9, hint="按月 / 无 / 曲线 / N月起"),
            Column("value_source", "取值", choices=(terms.SOURCE_ENTERED, terms.SOURCE_COMPOSED), width=8),
            Column("lead_department", "责任部门", width=18),
            Column("monitor_department", "监测部门", width=18),
            Column("definition", "口径", width=40),
            _FROM,
            _TO,
            Column("clause", "条款", width=16, hint="出处"),
        ),
        about="每个指标一行;年度中改动时旧行填生效止,新行填生效起",
    ),
    TableSpec(
        "unit",
        "单位",
        (
            Column("code", "单位代码", required=True, width=10),
            Column("name", "单位名称", required=True, width=20),
            Column("unit_class", "类别", width=12),
            Column("group", "考核组", width=12, hint="在组内排名"),
            Column(
                "issue_mode", "下发方式", choices=(terms.ISSUE_WHOLE, terms.ISSUE_BY_DEPARTMENT), width=10
            ),
            Column("liaison", "联络员", width=16),
            Column("phone", "电话", width=14),
        ),
        about="被考核单位",
    ),
    TableSpec(
        "target",
        "目标",
        (
            Column("indicator", "指标代码", required=True, width=10),
            Column("unit", "单位代码", required=True, width=10, hint="* 表示其余所有单位"),
            Column("value", "目标值", "number", width=12, percent_points=True),
            Column("prior", "上年值", "number", width=12, percent_points=True),
            Column("level", "层级", width=8, hint="省 / 市 / 区"),
            _FROM,
            _TO,
            Column("basis", "依据", width=40),
        ),
        about="年度目标;指标 × 单位",
    ),
    TableSpec(
        "parameter",
        "参数",
        (
            Column("indicator", "指标代码", required=True, width=10, hint="* 表示所有指标"),
            Column("scope", "对象", required=True, width=10, hint="单位代码、考核组,或 *"),
            Column("name", "参数", required=True, width=14),
            Column("value", "值", "number", required=True, width=10),
            _FROM,
            _TO,
            Column("note", "说明", width=40),
        ),
        required=False,
        about="计分方法用到的参数;序时曲线写作 序时1月 … 序时12月",
    ),
    TableSpec(
        "method",
        "计分方法",
        (
            Column("name", "名称", required=True, width=18),
            Column(
                "score", "得分", required=True, width=46, hint="公式;可用 权重 目标值 完成值 上年值 序时 等"
            ),
            Column("rate", "完成率", required=True, width=30, hint="公式;1 表示 100%"),
            Column("met", "达标", required=True, width=30, hint="公式;真为达标"),
            Column("parameters", "参数", width=22, hint="名称=默认值;用分号隔开;没有默认值只写名称"),
            Column("accepts", "填写类型", choices=(terms.ACCEPTS_NUMBER, terms.ACCEPTS_YES_NO), width=9),
            Column("source", "来源", width=24),
            Column("note", "说明", width=40),
        ),
        required=False,
        about="内置方法和考核办自己的方法;一行一个,不用写程序",
    ),
)

BY_KEY: Mapping[str, TableSpec] = {spec.key: spec for spec in SPECS}


@dataclass(frozen=True, slots=True)
class Row:
    """One row: values by column key (and by heading, for columns that are not ours)."""

    number: int
    values: Mapping[str, Scalar]

    def text(self, key: str) -> str:
        """The value as trimmed text; '' when blank."""
        value = self.values.get(key)
        if value is None:
            return ""
        if isinstance(value, float) and value.is_integer():
            return str(int(value))
        return str(value).strip()


@dataclass(frozen=True, slots=True)
class Table:
    """A table as read: its rows, and the column letters by which a cell is named."""

    key: str
    rows: tuple[Row, ...] = ()
    workbook: str = ""
    sheet: str = ""
    letters: Mapping[str, str] | None = None
    extra: tuple[str, ...] = ()
    """Headings the office added; carried along by dump and new."""
    missing: tuple[str, ...] = ()
    """Headings that should be there and were not found."""

    def locate(self, row: Row, key: str = "") -> Location:
        """Where the row's cell in column ``key`` stands."""
        letter = (self.letters or {}).get(key, "A")
        return Location(self.workbook, self.sheet, f"{letter}{row.number}")


def plain(text: object) -> str:
    """A heading without spaces, line breaks and width differences, for comparing."""
    folded = unicodedata.normalize("NFKC", "" if text is None else str(text))
    return "".join(folded.split()).rstrip(":*")


def find_header(spec: TableSpec, rows: Sequence[Sequence[object]], limit: int = 20) -> int | None:
    """Index of the first row with all required headings, or with most of the table's; None when there is none."""
    wanted = {plain(column.title) for column in spec.columns}
    required = {plain(column.title) for column in spec.columns if column.required}
    for index, row in enumerate(rows[:limit]):
        titles = {plain(value) for value in row}
        if (len(required) > 1 and required <= titles) or len(wanted & titles) > len(wanted) // 2:
            return index
    return None


def read_table(
    spec: TableSpec,
    rows: Sequence[Sequence[Scalar]],
    *,
    workbook: str,
    sheet: str,
    letters: Sequence[str],
    laid_out: bool = False,
) -> Table | None:
    """Rows of cells → Table; None when the heading row is not there. Blank rows are passed over.

    ``letters`` are the column letters of the sheet from its first column on. ``laid_out``: the product put
    all columns there, so that one that is not found was renamed or deleted.
    """
    header = find_header(spec, rows)
    if header is None:
        return None
    by_title = {plain(column.title): column.key for column in spec.columns}
    keys = [by_title.get(plain(title), str(title).strip() if title else "") for title in rows[header]]
    found = tuple(_rows(rows, header, keys))
    known = {column.key for column in spec.columns}
    return Table(
        key=spec.key,
        rows=found,
        workbook=workbook,
        sheet=sheet,
        letters={key: letters[index] for index, key in enumerate(keys) if key},
        extra=tuple(key for key in keys if key and key not in known),
        missing=tuple(c.title for c in spec.columns if c.key not in keys and (c.required or laid_out)),
    )


def _rows(rows: Sequence[Sequence[Scalar]], header: int, keys: Sequence[str]) -> Iterable[Row]:
    for index in range(header + 1, len(rows)):
        values = {
            key: value for key, value in zip(keys, rows[index], strict=False) if key and not blank(value)
        }
        if values:
            yield Row(index + 1, values)


def blank(value: object) -> bool:
    """None or text of spaces only."""
    return value is None or (isinstance(value, str) and not value.strip())
