"""Unit forms stamped out of a template, and filled in as a clerk would."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaohe.workbooks.package import BadPlan, PatchRefused, Template, create, fill, read_names
from kaohe.workbooks.plan import BookPlan, Cell, CellLike, Layout, Scalar, SheetPlan, Slot
from tests.package.books import cell, master, opened, outside, parts, rebuilt, skeleton
from tests.support.libreoffice import recalculate


def form(unit: Slot | str, target: Slot | float, score: Slot | float | str) -> BookPlan:
    """A form of three rows whose unit, target and cached score are slots or values."""
    rows: list[Sequence[CellLike]] = [
        [Cell("自测完成情况表", "title"), Cell(unit, "field")],
        [Cell(text, "header") for text in ("指标", "目标", "完成值", "得分")],
        ["GDP", target if isinstance(target, float) else Cell(target), Cell(None, "input"),
         Cell(score, "score", 'IF(ISNUMBER(C3),MIN(5,5*C3/B3),"")')],
    ]  # fmt: skip
    sheet = SheetPlan("自测", "自测表", rows, ("text", "number", "input", "score"), header_row=2)
    hidden = SheetPlan("身份", "身份", [[Cell(unit)]], (), layout=Layout(hidden="hidden"))
    return BookPlan((sheet, hidden), (("_kaohe.格式", '"1"'),))


TEMPLATE = Template.build(skeleton(), form(Slot("单位"), Slot("目标"), Slot("得分")))


values = st.one_of(st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=9))


@settings(max_examples=25)
@given(st.text(max_size=9), st.floats(allow_nan=False, allow_infinity=False).filter(bool), values)
def test_a_stamp_is_the_workbook_made_outright(unit: str, target: float, score: float | str) -> None:
    stamped = TEMPLATE.stamp({"单位": unit, "目标": target, "得分": score})
    made = create(skeleton(), form(unit, target, score))
    for name in ("xl/worksheets/sheet2.xml", "xl/worksheets/sheet3.xml"):
        assert parts(stamped)[name] == parts(made)[name]


def test_what_a_stamp_needs() -> None:
    assert TEMPLATE.keys == {"单位", "目标", "得分"}
    with pytest.raises(BadPlan, match="得分"):
        TEMPLATE.stamp({"单位": "滨湖区", "目标": 1})
    with pytest.raises(BadPlan, match="目标"):
        TEMPLATE.stamp({"单位": "滨湖区", "目标": float("nan"), "得分": None})


def test_nothing_is_shortened_unsaid() -> None:
    long = "字" * 40_000
    with pytest.raises(BadPlan):
        stamp(单位=long)
    with pytest.raises(BadPlan):
        fill(stamp(), "自测", {(1, 1): long})
    with pytest.raises(BadPlan, match="32767"):
        create(skeleton(), form(long, 1.0, 1.0))


def test_slots_belong_in_templates() -> None:
    with pytest.raises(BadPlan, match="单位"):
        create(skeleton(), form(Slot("单位"), 1.0, 1.0))


def stamp(**more: Scalar) -> bytes:
    return TEMPLATE.stamp({"单位": "滨湖区", "目标": 280.0, "得分": "", **more})


def test_forms_have_no_specimen_sheet() -> None:
    book = opened(stamp())
    assert (book.sheetnames, book["身份"].sheet_state) == (["自测表", "身份"], "hidden")
    assert read_names(stamp()).sheets == {"自测": "自测表", "身份": "身份"}
    assert b"sheet1.xml" not in b"".join(
        content for name, content in parts(stamp()).items() if "rels" in name
    )


def test_same_values_same_bytes() -> None:
    assert stamp() == stamp()
    assert stamp() != stamp(目标=281.0)


def test_text_is_never_a_formula() -> None:
    book = opened(stamp(单位='=HYPERLINK("http://x")'))
    assert book["自测表"]["B1"].data_type == "s"


@pytest.mark.soffice
def test_the_clerk_s_program_computes_the_score(tmp_path: Path) -> None:
    (tmp_path / "滨湖区.xlsx").write_bytes(fill(stamp(), "自测", {(3, 3): 140.0}))
    saved = recalculate(tmp_path / "滨湖区.xlsx", tmp_path / "saved").read_bytes()
    assert cell(saved, "自测表", "D3").findtext("{*}v") == "2.5"


def test_fill_keeps_the_format_and_everything_else() -> None:
    before = stamp()
    after = fill(before, "自测表", {(3, 3): 140.0})
    assert cell(after, "自测表", "C3").get("s") == cell(before, "自测表", "C3").get("s")
    assert opened(after)["自测表"]["C3"].value == 140
    changed = {"xl/worksheets/sheet2.xml", "xl/workbook.xml"}
    assert outside(before, after, changed | {"xl/_rels/workbook.xml.rels", "[Content_Types].xml"}) == {}


def test_fill_keeps_results_only_on_formulas() -> None:
    after = fill(stamp(), "自测", {(3, 3): 140.0}, {(3, 4): 2.5, (3, 1): "不写"})
    score = cell(after, "自测表", "D3")
    assert (score.findtext("{*}v"), score.findtext("{*}f")) == ("2.5", 'IF(ISNUMBER(C3),MIN(5,5*C3/B3),"")')
    assert score.get("s") == cell(stamp(), "自测表", "D3").get("s")
    assert opened(after)["自测表"]["A3"].value == "GDP"


def test_fill_anywhere() -> None:
    typed: dict[tuple[int, int], Scalar] = {
        (1, 1): "新",
        (3, 9): True,
        (7, 2): 1,
        (5, 1): "=1+1",
        (3, 4): 4.5,
        (2, 3): None,
    }
    sheet = opened(fill(stamp(), "自测", typed))["自测表"]
    assert {place: sheet.cell(*place).value for place in typed} == typed
    assert (sheet["A5"].data_type, sheet["B1"].value) == ("s", "滨湖区")


@pytest.mark.soffice
def test_fill_a_form_that_libreoffice_saved(tmp_path: Path) -> None:
    (tmp_path / "滨湖区.xlsx").write_bytes(stamp())
    saved = recalculate(tmp_path / "滨湖区.xlsx", tmp_path / "saved").read_bytes()
    sheet = opened(fill(saved, "自测表", {(3, 3): 140.0, (4, 1): "备注"}))["自测表"]
    assert (sheet["C3"].value, sheet["A4"].value, sheet["B1"].value) == (140, "备注", "滨湖区")
    assert not sheet["C3"].protection.locked


def test_fill_needs_the_sheet() -> None:
    with pytest.raises(PatchRefused, match="没有的表"):
        fill(stamp(), "没有的表", {})


def test_fill_a_sheet_without_rows() -> None:
    before = master()
    empty = rebuilt({**parts(before), "xl/worksheets/sheet3.xml": b'<?xml version="1.0"?><worksheet xmlns='
        b'"http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/></worksheet>'})  # fmt: skip
    assert opened(fill(empty, "方案", {(2, 2): 5}))["方案"]["B2"].value == 5
