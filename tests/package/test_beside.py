"""What the office wrote beside the ranking stands beside the same unit when the ranks have changed."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import pytest

from kaohe.workbooks.package import Patched, create, patch
from kaohe.workbooks.plan import CellLike, SheetPlan
from tests.package.books import edited, opened, parts, sheet_part, sheet_xml, skeleton
from tests.package.office import with_things_on_ours
from tests.package.plans import UNITS, just, ranking
from tests.support.libreoffice import recalculate

RANKING = "xl/worksheets/sheet2.xml"
FIRST, LAST = 5, 13
TURNED = UNITS[::-1]


def ranked(units: Sequence[str] = UNITS, heading: str = "单位") -> SheetPlan:
    """A ranking of these units in this order, rows known by the unit's name."""
    plan = ranking(len(units))
    titles = [cell if at != 1 else heading for at, cell in enumerate(plan.rows[3])]
    body: list[Sequence[CellLike]] = [[n, unit, 70.0 - n, 0.5, "来源"] for n, unit in enumerate(units, 1)]
    return dataclasses.replace(plan, rows=[*plan.rows[:3], titles, *body], row_key=2)


def text(place: str, said: str) -> str:
    return f'<c r="{place}" s="3" t="inlineStr"><is><t>{said}</t></is></c>'


def noted(cells: dict[int, str], units: Sequence[str] = UNITS) -> bytes:
    """A master with these cells at the right of those rows of its ranking."""
    data = create(skeleton(), just(ranked(units)))
    part = sheet_part(data, "排名")
    xml = parts(data)[part].decode()
    for row, cell in cells.items():
        start = xml.find(f'<row r="{row}"')
        if start < 0:
            xml = xml.replace("</sheetData>", f'<row r="{row}">{cell}</row></sheetData>')
            continue
        end = xml.index("</row>", start)
        xml = xml[:end] + cell + xml[end:]
    return edited(data, part, (parts(data)[part].decode(), xml))


def beside(data: bytes, column: str = "G") -> dict[str, object]:
    """What stands in a column, by unit; by row where there is no unit."""
    sheet = opened(data)["排名"]
    rows = range(FIRST, sheet.max_row + 1)
    found = {str(sheet[f"B{row}"].value or row): sheet[f"{column}{row}"].value for row in rows}
    return {unit: value for unit, value in found.items() if value is not None}


def in_order(data: bytes) -> bool:
    """Whether rows, and cells in rows, stand in the order a spreadsheet program wants."""
    rows = sheet_xml(data, "排名").findall("{*}sheetData/{*}row")
    numbers = [int(row.get("r")) for row in rows]
    inside = [[len(c.get("r")) * "~" + c.get("r") for c in row] for row in rows]
    own = all(cell.get("r").endswith(row.get("r")) for row in rows for cell in row)
    return numbers == sorted(set(numbers)) and all(line == sorted(set(line)) for line in inside) and own


TWO = {5: text("G5", "约谈"), 8: text("G8", "复核") + text("I8", "补报")}


def test_notes_go_with_their_units() -> None:
    result = patch(noted(TWO), just(ranked(TURNED)))
    assert beside(result.data) == {"梁溪区": "约谈", "滨湖区": "复核"}
    assert beside(result.data, "I") == {"滨湖区": "补报"}
    assert opened(result.data)["排名"]["G13"].value == "约谈"
    assert (result.notes, in_order(result.data)) == ((), True)


def test_there_and_back() -> None:
    there = patch(noted(TWO), just(ranked(TURNED))).data
    back = patch(there, just(ranked())).data
    assert parts(back)[RANKING] == parts(patch(noted(TWO), just(ranked())).data)[RANKING]


def test_without_a_key_they_stay_at_their_rows() -> None:
    plan = dataclasses.replace(ranked(TURNED), row_key=0)
    assert beside(patch(noted(TWO), just(plan)).data) == {TURNED[0]: "约谈", TURNED[3]: "复核"}


def test_units_that_are_gone_leave_theirs_below() -> None:
    result = patch(noted(TWO), just(ranked(UNITS[1:])))
    assert beside(result.data) == {"滨湖区": "复核", "14": "约谈"}
    assert [("1 行" in note, "第 14 行" in note) for note in result.notes] == [(True, True)]
    again = patch(result.data, just(ranked(UNITS[1:])))
    assert (beside(again.data), again.notes) == ({"滨湖区": "复核", "14": "约谈"}, ())
    assert in_order(result.data)


def test_what_stands_below_is_not_written_over() -> None:
    signature = text("B20", "签名")
    result = patch(noted(TWO | {20: signature}), just(ranked(UNITS[:3])))
    sheet = opened(result.data)["排名"]
    assert (sheet["B20"].value, sheet["G22"].value, sheet["I22"].value) == ("签名", "复核", "补报")
    assert in_order(result.data)


def test_new_units_have_nothing_beside_them() -> None:
    result = patch(noted(TWO), just(ranked(("新城区", *TURNED))))
    assert beside(result.data) == {"梁溪区": "约谈", "滨湖区": "复核"}


def test_links_on_notes_go_along() -> None:
    data = noted(TWO)
    own = '<hyperlink ref="G5" location="方案!A1"/></hyperlinks>'
    last = "</dataValidations>"
    data = edited(data, RANKING, (last, f"{last}<hyperlinks>{own}"))
    after = patch(data, just(ranked(TURNED))).data
    assert opened(after)["排名"]["G13"].hyperlink.location == "方案!A1"


def formulas(rows: range) -> dict[int, str]:
    return {row: f'<c r="H{row}"><f>C{row}*2</f><v>1</v></c>' for row in rows}


def test_a_column_of_formulas_stays_and_reckons_for_whoever_stands_there() -> None:
    result = patch(noted(formulas(range(FIRST, LAST + 1))), just(ranked(TURNED)))
    assert beside(result.data, "H") == {unit: f"=C{row}*2" for row, unit in enumerate(TURNED, FIRST)}
    assert result.notes == ()


STAYING = {
    "one_formula": formulas(range(7, 8)),
    "formulas_and_notes": formulas(range(5, 7)) | {8: text("H8", "手工")},
    "array": {
        5: '<c r="H5"><f t="array" ref="H5:H6">C5:C6</f><v>1</v></c>',
        6: '<c r="H6"><v>1</v></c>',
    },
}


@pytest.mark.parametrize("kind", STAYING)
def test_what_cannot_move_is_told(kind: str) -> None:
    before = noted(STAYING[kind] | {9: text("G9", "约谈")})
    result = patch(before, just(ranked((*UNITS[5:], *UNITS[:5]))))
    old, new = opened(before)["排名"], opened(result.data)["排名"]
    assert [str(new[f"H{row}"].value)[:4] for row in range(5, 14)] == [
        str(old[f"H{row}"].value)[:4] for row in range(5, 14)
    ]
    assert beside(result.data) == {UNITS[4]: "约谈"}
    assert [("H 列" in note, "核对" in note) for note in result.notes] == [(True, True)]
    assert patch(before, just(ranked())).notes == ()


def test_merged_notes_stay() -> None:
    data = noted(TWO)
    data = edited(
        data, RANKING, ('<mergeCell ref="A1:E1"/>', '<mergeCell ref="A1:E1"/><mergeCell ref="G5:G6"/>')
    )
    result = patch(data, just(ranked(TURNED)))
    assert opened(result.data)["排名"]["G5"].value == "约谈"
    assert "G 列" in result.notes[0]
    assert beside(result.data, "I") == {"滨湖区": "补报"}


def stays_all(result: Patched) -> bool:
    sheet = opened(result.data)["排名"]
    return (sheet["G5"].value, sheet["G8"].value, sheet["I8"].value) == ("约谈", "复核", "补报")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (UNITS, ranked(TURNED, heading="区县")),
        (("滨湖区",) * 9, ranked(TURNED)),
    ],
    ids=["another_heading", "not_one_of_its_kind"],
)
def test_rows_that_are_not_known_again(before: Sequence[str], after: SheetPlan) -> None:
    result = patch(noted(TWO, before), just(after))
    assert stays_all(result)
    assert "G、I 列" in result.notes[0]


def test_a_table_that_grows_down_to_a_note() -> None:
    """It cannot know whose it is; where a unit's own note would take its place, all of the column stays."""
    result = patch(noted(TWO | {15: text("G15", "说明")}), just(ranked(("一", "二", *TURNED))))
    sheet = opened(result.data)["排名"]
    assert [sheet[place].value for place in ("G5", "G8", "G15")] == ["约谈", "复核", "说明"]
    assert beside(result.data, "I") == {"滨湖区": "补报"}
    assert ["右侧 G 列" in note for note in result.notes] == [True]


def test_comments_are_told_of() -> None:
    data = with_things_on_ours(noted({}))
    moved, same = patch(data, just(ranked(TURNED))), patch(data, just(ranked()))
    assert [note for note in moved.notes if "批注" in note]
    assert same.notes == ()


@pytest.mark.soffice
def test_notes_go_with_their_units_in_what_libreoffice_saved(tmp_path: Path) -> None:
    (tmp_path / "总表.xlsx").write_bytes(noted(TWO))
    saved = recalculate(tmp_path / "总表.xlsx", tmp_path / "saved").read_bytes()
    result = patch(saved, just(ranked((*TURNED[:3], *TURNED[4:], "新城区"))))
    assert TURNED[3] not in ("梁溪区", "滨湖区")
    assert beside(result.data) == {"梁溪区": "约谈", "滨湖区": "复核"}
    assert (result.notes, in_order(result.data)) == ((), True)
    (tmp_path / "再.xlsx").write_bytes(result.data)
    assert beside(recalculate(tmp_path / "再.xlsx", tmp_path / "saved").read_bytes()) == beside(result.data)
