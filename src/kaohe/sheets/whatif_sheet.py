"""试算: one row per unit with its rank, how firm it is, what parts it from the next; and what was tried."""

from __future__ import annotations

import math
from collections.abc import Sequence

from kaohe.assess.assessment import Assessment
from kaohe.assess.standing import Standing
from kaohe.assess.whatif import Draws, Firmness, Hold, Move, Need, Neighbours
from kaohe.assess.whatif_change import Change
from kaohe.model import Unit
from kaohe.sheets.heading import FIRST_ROW
from kaohe.sheets.lists import Columns, for_units, table_sheet
from kaohe.workbooks.grid import column_letter
from kaohe.workbooks.plan import Cell, CellLike, Highlight, SheetPlan

KEY, TOLD = "试算", "试算说明"
_UNIT: Columns = (
    ("考核组", "text_center", 10),
    ("名次", "rank", 6),
    ("单位", "text_center", 12),
    ("得分", "score", 9),
    ("得分率", "number", 9.5),
    ("等次", "text_center", 8),
)
_BEFORE: Columns = (
    ("原名次", "count", 7),
    ("原得分", "score", 9),
    ("原等次", "text_center", 8),
    ("变动", "text_center", 9),
)
_FIRM: Columns = (
    ("名次不变", "percent", 14),
    ("最好", "count", 6),
    ("最差", "count", 6),
    ("九成在", "text_center", 9),
    ("与后一名颠倒", "percent", 9),
)
_NEXT: Columns = (
    ("领先后一名", "number", 9.5),
    ("只由舍入", "text_center", 9),
    ("进一名还差(分)", "number", 9),
    ("可从哪里补", "text_wrap", 40),
)
_BAR = "9DC3E6"
_FIRMEST, _LOOSE = 0.95, 0.6


def whatif_sheets(
    before: Assessment,
    after: Assessment,
    changes: Sequence[Change],
    moves: Sequence[Move],
    found: Firmness,
    notes: Sequence[str],
    shown: frozenset[str],
) -> tuple[SheetPlan, SheetPlan]:
    """The units in the trial's order (``shown``: codes, all when empty), and what was tried."""
    rows = [move for move in moves if not shown or move.unit.code in shown]
    beside = {row.ahead.unit.code: row for row in found.neighbours}
    columns = _columns(bool(changes), found.draws is not None)
    table = [_row(move, found, beside, columns) for move in rows]
    sheet = table_sheet(
        after,
        KEY,
        for_units(columns, after),
        table,
        note=_note(before, changes, found.draws),
        freeze="D",
        highlights=_highlights(columns, len(table)),
        empty="没有单位",
    )
    return sheet, told_sheet(after, changes, found, notes)


def _columns(changed: bool, drawn: bool) -> Columns:
    return (*_UNIT, *(_BEFORE if changed else ()), *(_FIRM if drawn else ()), *_NEXT)


def _note(before: Assessment, changes: Sequence[Change], draws: Draws | None) -> str:
    tried = f"改了 {len(changes)} 处,见《{TOLD}》" if changes else "方案未改"
    firm = "" if draws is None else f";各权重在 ±{draws.spread:.0%} 内随机变 {draws.count} 次"
    return f"试算,不是考核结果:{tried}{firm};总表没有改动"


def _highlights(columns: Columns, count: int) -> tuple[Highlight, ...]:
    """Data bars of how often a rank holds; loose ranks and turned orders in colour."""
    at = {title: column_letter(number) for number, (title, _, _) in enumerate(columns, start=1)}
    last = FIRST_ROW + max(count, 1) - 1
    found = []
    if "名次不变" in at:
        kept, turned = at["名次不变"], at["与后一名颠倒"]
        found.append(Highlight(f"{kept}{FIRST_ROW}:{kept}{last}", "data_bar", rule="1", colors=(_BAR,)))
        rule = f"AND(ISNUMBER({turned}{FIRST_ROW}),{turned}{FIRST_ROW}>=0.25)"
        found.append(Highlight(f"{turned}{FIRST_ROW}:{turned}{last}", rule=rule, style="warn"))
    if "变动" in at:
        moved = at["变动"]
        for sign, style in (("↑", "good"), ("↓", "bad")):
            rule = f'LEFT({moved}{FIRST_ROW},1)="{sign}"'
            found.append(Highlight(f"{moved}{FIRST_ROW}:{moved}{last}", rule=rule, style=style))
    rounding = at["只由舍入"]
    rule = f"LEN({rounding}{FIRST_ROW})>0"
    found.append(Highlight(f"{rounding}{FIRST_ROW}:{rounding}{last}", rule=rule, style="warn"))
    return tuple(found)


def _row(move: Move, found: Firmness, beside: dict[str, Neighbours], columns: Columns) -> list[CellLike]:
    code = move.unit.code
    cells = {
        **_of_unit(move.unit, move.after),
        **_of_before(move),
        **_of_hold(found.holds.get(code), beside.get(code)),
        **_of_next(beside.get(code), found.needs.get(code)),
    }
    return [cells.get(title) for title, _, _ in columns]


def _of_unit(unit: Unit, row: Standing | None) -> dict[str, CellLike]:
    if row is None:
        return {"考核组": unit.group or None, "单位": unit.name}
    return {
        "考核组": unit.group or None,
        "名次": row.rank if row.rank is not None else Cell(row.state, "text_center"),
        "单位": unit.name,
        "得分": row.total,
        "得分率": row.rate,
        "等次": row.grade or None,
    }


def _of_before(move: Move) -> dict[str, CellLike]:
    row = move.before
    if row is None:
        return {"变动": "新列入"}
    rank = row.rank if row.rank is not None else Cell(row.state, "text_center")
    return {
        "原名次": rank,
        "原得分": row.total,
        "原等次": row.grade or None,
        "变动": moved_words(move) or None,
    }


def moved_words(move: Move) -> str:
    """↑2, ↓1, 等次变; '' where nothing moved."""
    before, after = move.before, move.after
    if before is None or after is None:
        return "新列入" if before is None else "不再列入"
    if before.rank is not None and after.rank is not None and before.rank != after.rank:
        steps = before.rank - after.rank
        return f"↑{steps}" if steps > 0 else f"↓{-steps}"
    if (before.rank is None) != (after.rank is None):
        return "没有名次" if after.rank is None else "有了名次"
    return "等次变" if before.grade != after.grade else ""


def _of_hold(hold: Hold | None, beside: Neighbours | None) -> dict[str, CellLike]:
    if hold is None:
        return {}
    turned = None if beside is None or math.isnan(beside.turned) else beside.turned
    return {
        "名次不变": hold.kept,
        "最好": hold.best,
        "最差": hold.worst,
        "九成在": band(hold),
        "与后一名颠倒": turned,
    }


def band(hold: Hold) -> str:
    """3–5: where the middle nine tenths of the draws have the unit."""
    return f"{hold.low}–{hold.high}" if hold.low != hold.high else f"{hold.low}"


def _of_next(beside: Neighbours | None, need: Need | None) -> dict[str, CellLike]:
    cells: dict[str, CellLike] = {}
    if beside is not None:
        cells |= {"领先后一名": beside.gap, "只由舍入": beside.rounding or None}
    if need is not None:
        cells |= {"进一名还差(分)": need.points, "可从哪里补": where_words(need)}
    return cells


def where_words(need: Need, most: int = 2) -> str:
    """The indicators that lost enough, with what they lost; or that no single one did."""
    if not need.where:
        return "没有一项单独失分够多,要几项一起"
    shown = "、".join(f"{name}(失 {lost:g})" for _, name, lost in need.where[:most])
    return f"{shown}等 {len(need.where)} 项" if len(need.where) > most else shown


_SAID: Columns = (("项目", "text_center", 14), ("内容", "text_wrap", 100))


def told_sheet(
    after: Assessment, changes: Sequence[Change], found: Firmness, notes: Sequence[str]
) -> SheetPlan:
    """试算说明: the changes one by one, how the weights were drawn, and how to read the table."""
    rows: list[Sequence[CellLike]] = [[row.what, change_words(row)] for row in changes]
    rows += [["注意", text] for text in notes]
    if found.draws is not None:
        rows += [["权重怎样变", draws_words(found.draws)]]
        rows += [[title, text] for title, text in _HOW_FIRM]
    rows += [[title, text] for title, text in _HOW]
    return table_sheet(after, TOLD, _SAID, rows, note="试算,不是考核结果;总表没有改动")


def change_words(row: Change) -> str:
    """M01《重点工作》:20 改为 25; what followed from another change is said to."""
    follows = "" if row.asked else "(随之改变)"
    return f"{row.name}:{row.before or '空白'} 改为 {row.after or '空白'}{follows}"


def draws_words(draws: Draws) -> str:
    """How the weights were drawn, with the seed that draws them again."""
    return (
        f"{len(draws.drawn)} 个权重各在 ±{draws.spread:.0%} 内均匀地随机变,同一上级、同样单位的合计不变,"
        f"共 {draws.count} 次,种子 {draws.seed}(同一种子再算,结果相同)"
    )


_HOW_FIRM = (
    ("名次不变", "权重随机变的各次中,名次与本表相同的比例;95% 以上可说稳,60% 以下是权重在决定先后"),
    ("最好、最差", "各次中到过的最好和最差名次;“九成在”是去掉两头各 5% 以后的范围"),
    ("与后一名颠倒", "各次中排到后一名之后的比例"),
)
_HOW = (
    ("领先后一名", "按排名所依的得分或得分率(百分点),相同为 0"),
    ("只由舍入", "颠倒:舍入前后一名更高;并列:舍入前不同;分出先后:舍入前相同"),
    ("进一名还差", "别的单位不动,总分再多几分就超过前一名;右边是失分够多、可以补上的指标"),
)
