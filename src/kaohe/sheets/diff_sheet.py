"""变化: what differs between two masters: units, scores with their causes, rows of scheme and registers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kaohe.assess.differences import ADDED, CHANGED, GONE, Difference, Names
from kaohe.assess.differences_replay import Attribution, ScoreChange, UnitChange
from kaohe.sheets.diff_words import causes_words, order_words, place_words, rank_words
from kaohe.sheets.heading import FIRST_ROW, HEADER_ROW, head_heights, landscape
from kaohe.sheets.lists import Columns
from kaohe.sheets.row_height import LEAST, height
from kaohe.workbooks.grid import column_letter
from kaohe.workbooks.plan import Cell, CellLike, Highlight, Layout, SheetPlan

UNITS, SCORES, ALL, SCHEME = "变化", "得分变化", "改动清单", "修改对照表"
_UNITS: Columns = (
    ("考核组", "text_center", 12),
    ("单位", "text_center", 18),
    ("原名次", "text_center", 7.5),
    ("现名次", "rank", 7.5),
    ("原得分", "score", 9),
    ("现得分", "score", 9),
    ("增减", "number", 9),
    ("原等次", "text_center", 8),
    ("现等次", "text_center", 8),
    ("得分变化的原因", "text_wrap", 62),
    ("名次、等次变化的原因", "text_wrap", 30),
)
_SCORES: Columns = (
    ("单位", "text_center", 18),
    ("指标代码", "code", 9),
    ("指标", "text_wrap", 28),
    ("原得分", "score", 9),
    ("现得分", "score", 9),
    ("增减", "number", 9),
    ("原因", "text_wrap", 78),
)
_ALL: Columns = (
    ("表", "text_center", 11),
    ("改动", "text_center", 6),
    ("行", "text_wrap", 34),
    ("项目", "text_center", 12),
    ("原为", "text_wrap", 38),
    ("改为", "text_wrap", 38),
    ("位置", "text_wrap", 26),
)
_SCHEME: Columns = (
    ("序号", "count", 6),
    ("表", "text_center", 10),
    ("条款", "text_wrap", 34),
    ("项目", "text_center", 12),
    ("原为", "text_wrap", 46),
    ("改为", "text_wrap", 46),
    ("出处", "text_wrap", 14),
)


class Head(NamedTuple):
    """What stands above every table: the scheme's name, and what the two sides are."""

    name: str
    before: str
    after: str
    notes: tuple[str, ...] = ()


def diff_sheets(
    head: Head, found: Attribution, differences: Sequence[Difference], names: Names
) -> tuple[SheetPlan, ...]:
    """变化, 得分变化 and 改动清单."""
    units = [_unit(row) for row in found.units]
    scores = [_score(row, names) for row in found.scores]
    return (
        _sheet(UNITS, _UNITS, units, head, "没有单位的结果不同", _moves(len(units))),
        _sheet(SCORES, _SCORES, scores, head, "没有一项得分不同"),
        _sheet(ALL, _ALL, [_difference(row) for row in differences], head, "方案、填报和登记都相同"),
    )


def scheme_sheet(head: Head, differences: Sequence[Difference]) -> SheetPlan:
    """修改对照表 (Y1): what of the scheme was changed, clause by clause."""
    rows: list[Sequence[CellLike]] = [
        [number, row.title, row.name, row.field or _whole(row), row.before or "(无)", row.after or "(删去)",
         row.clause or None]
        for number, row in enumerate((d for d in differences if d.of_scheme), start=1)
    ]  # fmt: skip
    return _sheet(SCHEME, _SCHEME, rows, head, "方案没有改动")


def _whole(row: Difference) -> str:
    return "新增一行" if row.kind == ADDED else "删去一行"


def _unit(row: UnitChange) -> list[CellLike]:
    before, after = row.before, row.after
    change = after.total - before.total if before and after else None
    rank = rank_words(after)
    return [
        row.unit.group or None,
        row.unit.name,
        rank_words(before),
        rank if isinstance(rank, int) else Cell(rank, "text_center"),
        before.total if before else None,
        after.total if after else None,
        None if change is None else float(f"{change:.9g}"),
        (before.grade if before else "") or None,
        (after.grade if after else "") or None,
        causes_words(row.causes) or None,
        order_words((*row.ranked, *row.graded)) or None,
    ]


def _score(row: ScoreChange, names: Names) -> list[CellLike]:
    known = names.indicators.get(row.indicator)
    both = row.before is not None and row.after is not None
    change = (row.after or 0) - (row.before or 0)
    return [
        row.unit.name,
        row.indicator,
        known.name if known else None,
        row.before,
        row.after,
        float(f"{change:.9g}") if both else None,
        causes_words(row.causes) or None,
    ]


def _difference(row: Difference) -> list[CellLike]:
    kind = {CHANGED: "severity_note", ADDED: "state_good", GONE: "state_bad"}[row.kind]
    return [
        row.title,
        Cell(row.kind, kind),
        row.name,
        row.field or None,
        row.before or None,
        row.after or None,
        place_words(row) or None,
    ]


def _moves(count: int) -> tuple[Highlight, ...]:
    """Up in green, down in red."""
    last = FIRST_ROW + max(count, 1) - 1
    area = f"G{FIRST_ROW}:G{last}"
    test = f"ISNUMBER(G{FIRST_ROW})"
    return (
        Highlight(area, rule=f"AND({test},G{FIRST_ROW}>0)", style="good"),
        Highlight(area, rule=f"AND({test},G{FIRST_ROW}<0)", style="bad"),
    )


def _sheet(
    key: str,
    columns: Columns,
    rows: Sequence[Sequence[CellLike]],
    head: Head,
    empty: str,
    highlights: tuple[Highlight, ...] = (),
) -> SheetPlan:
    width = len(columns)
    body = list(rows) or [[Cell(empty, "text"), *([None] * (width - 1))]]
    last = column_letter(width)
    lines: list[Sequence[CellLike]] = [
        _line(f"{head.name} {key}", "title", width),
        _line(f"之前:{head.before}    之后:{head.after}", "subtitle", width),
        _line("。".join(note.rstrip("。") for note in head.notes), "subtitle", width),
        [Cell(title, "header") for title, _, _ in columns],
        *body,
    ]
    return SheetPlan(
        key=key,
        title=key,
        rows=lines,
        roles=tuple(role for _, role, _ in columns),
        widths=tuple(wide for *_, wide in columns),
        heights=head_heights([(title, wide) for title, _, wide in columns]),
        fitted=tuple(_heights(columns, body)),
        header_row=HEADER_ROW,
        last_row=len(lines),
        autofilter=True,
        layout=Layout(
            tab_color="5B9BD5",
            freeze=f"A{FIRST_ROW}",
            landscape=landscape((wide for *_, wide in columns), len(body)),
            repeat_rows=f"{HEADER_ROW}:{HEADER_ROW}",
            merges=tuple(f"A{row}:{last}{row}" for row in (1, 2, 3)),
            highlights=highlights,
            footer=key,
        ),
    )


def _line(text: str, role: str, width: int) -> list[CellLike]:
    return [Cell(text or None, role), *([Cell(None, role)] * (width - 1))]


def _heights(columns: Columns, rows: Sequence[Sequence[CellLike]]) -> Iterator[tuple[int, float]]:
    wraps = [(at, wide) for at, (_, role, wide) in enumerate(columns) if role == "text_wrap"]
    for number, row in enumerate(rows, start=FIRST_ROW):
        points = height((row[at], wide) for at, wide in wraps)
        if points > LEAST:
            yield number, points
