"""A plan against the sheet as it stands: formulas, values, what is ours, and what a row is called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kaohe.audit.cells import Place, SheetCells, Value
from kaohe.audit.compare import Compared, about_cells, compare, scope
from kaohe.audit.model import Difference
from kaohe.workbooks.plan import Cell, CellLike, SheetPlan

NAME = "排名"
ROWS: Sequence[Sequence[CellLike]] = (
    (Cell("标题", "title"), None, None, None),
    ("单位代码", "单位", "考核组", "得分"),
    ("U01", "江阴市", "全市", Cell(95.5, "score", formula="ROUND(SUM(E3:F3),2)")),
    ("U02", "滨湖区", "全市", Cell("", "score", formula='IF(E4="","",E4)')),
)
PLAN = SheetPlan(NAME, NAME, ROWS, ("code", "text", "text", "score"), header_row=2)
VALUES: Mapping[Place, Value] = {
    (1, 1): "标题",
    **{(2, at): title for at, title in enumerate(("单位代码", "单位", "考核组", "得分"), start=1)},
    (3, 1): "U01",
    (3, 2): "江阴市",
    (3, 3): "全市",
    (3, 4): 95.5,
    (4, 1): "U02",
    (4, 2): "滨湖区",
    (4, 3): "全市",
}
FORMULAS: Mapping[Place, str] = {(3, 4): "ROUND(SUM(E3:F3),2)", (4, 4): 'IF(E4="","",E4)'}


def against(
    values: Mapping[Place, Value], formulas: Mapping[Place, str] = {}, unread: frozenset[Place] = frozenset()
) -> Compared:
    """The plan against a sheet that differs from it by these cells."""
    live = {place: text for place, text in {**FORMULAS, **formulas}.items() if text}
    return compare(PLAN, SheetCells(NAME, {**VALUES, **values}, live, unread), NAME)


def cells(found: Compared) -> list[tuple[str, str, str, str]]:
    return [(one.cell, one.what, one.published, one.recomputed) for one in found.differences]


def test_the_same() -> None:
    assert against({}) == Compared(16, ())


def test_what_is_beyond_ours_is_the_offices() -> None:
    assert against({(3, 5): "备注", (9, 1): "抄送", (3, 9): 5.0}, {(3, 5): "1+1"}).differences == ()


def test_a_value_is_told_with_what_it_is() -> None:
    assert cells(against({(3, 4): 95.51})) == [("D3", "U01 江阴市 得分", "95.51", "95.5")]
    assert cells(against({(4, 2): "滨湖"})) == [("B4", "U02 滨湖区 单位", "滨湖", "滨湖区")]
    assert cells(against({(4, 4): 0.0})) == [("D4", "U02 滨湖区 得分", "0", "")]
    assert cells(against({(2, 4): "总分"}))[0][:2] == ("D2", "表头")


def test_a_formula_is_told_apart_from_its_value() -> None:
    other = "ROUND(SUM(E3:F3),1)"
    what = "U01 江阴市 得分的公式"
    assert cells(against({}, {(3, 4): other})) == [("D3", what, f"={other}", "=ROUND(SUM(E3:F3),2)")]
    assert cells(against({}, {(3, 4): ""})) == [("D3", what, "没有公式,是数值 95.5", "=ROUND(SUM(E3:F3),2)")]
    assert cells(against({}, {(3, 2): "A3"}))[0][2:] == ("=A3", "没有公式,是数值 江阴市")
    assert against({}, {(3, 4): "round( sum(E3:F3) , 2)"}).differences == ()
    assert [one[0] for one in cells(against({(3, 4): 1.0}, {(3, 4): other}))] == ["D3", "D3"]


def test_an_array_in_our_cell_is_no_formula_of_ours() -> None:
    assert cells(against({}, {(3, 4): ""}, frozenset({(3, 4)})))[0][2] == "=数组公式"


def test_a_sheet_that_is_not_there() -> None:
    assert compare(PLAN, None, NAME).differences == (
        Difference(NAME, "", "整张工作表", "没有", "4 行", "重新计分"),
    )


def test_a_column_put_between_ours_is_told_once() -> None:
    """The values are found by their headings; formulas moved with the cells and are not held against ours."""
    moved = {(row, at + (at > 2)): value for (row, at), value in VALUES.items()}
    sheet = SheetCells(NAME, {**moved, (2, 3): "备注"}, {(3, 5): "ROUND(SUM(F3:G3),2)"})
    (one,) = compare(PLAN, sheet, NAME).differences
    assert (one.cell, one.what) == ("A2", "表头")
    changed = SheetCells(NAME, {**moved, (2, 3): "备注", (3, 5): 1.0}, {})
    assert [one.cell for one in compare(PLAN, changed, NAME).differences] == ["A2", "E3"]


LIST = SheetPlan(
    "进度预警",
    "进度预警",
    (("标题", None), ("单位", "扣分"), ("江阴市", 1.5), ("滨湖区", 0.1 + 0.2), ("滨湖区", None)),
    ("text", "score"),
    header_row=2,
)


def listed(*rows: tuple[Value, ...], head: str = "扣分") -> SheetCells:
    """The list as it stands."""
    lines: list[tuple[Value, ...]] = [("标题",), ("单位", head), *rows]
    values = {(r, c): value for r, line in enumerate(lines, 1) for c, value in enumerate(line, 1)}
    return SheetCells("进度预警", {place: value for place, value in values.items() if value is not None}, {})


def test_a_list_that_was_sorted_is_no_disagreement() -> None:
    found = compare(LIST, listed(("滨湖区",), ("滨湖区", 0.3), ("江阴市", 1.5)), "进度预警")
    assert (found.differences, found.note) == ((), "《进度预警》的行排了别的次序,逐行核对。")


def test_a_list_that_was_sorted_and_changed_is_one() -> None:
    for sheet in (
        listed(("滨湖区",), ("滨湖区", 0.3), ("江阴市", 1.6)),
        listed(("滨湖区", 0.3), ("滨湖区", 0.3), ("江阴市", 1.5)),
        listed(("滨湖区",), ("滨湖区", 0.3), ("江阴市", 1.5), head="分"),
    ):
        found = compare(LIST, sheet, "进度预警")
        assert found.differences
        assert found.note == ""
    with_formula = listed(("滨湖区",), ("滨湖区", 0.3), ("江阴市", 1.5))
    live = SheetCells("进度预警", with_formula.values, {(4, 2): "0.1+0.2"})
    assert compare(LIST, live, "进度预警").differences


def test_words_for_other_engines() -> None:
    told = about_cells([(NAME, PLAN)])[NAME]
    assert told((3, 4)) == "U01 江阴市 得分"
    assert told((1, 1)) == "标题"
    assert told((99, 1)) == ""
    assert scope([(NAME, PLAN)]) == {NAME: (4, 4)}
