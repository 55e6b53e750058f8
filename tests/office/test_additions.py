"""What the office added to its master in LibreOffice is there after the next runs, with the new numbers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from lxml import etree

from kaohe import terms
from kaohe.assess.assessment import Assessment
from kaohe.jobs.consolidate import consolidate
from kaohe.values.rounding import round_half_away
from tests.office.cached import differences, sheet_parts
from tests.office.conftest import Example
from tests.office.desk import Area, Desk, Workbook
from tests.package.books import defined_names, parts
from tests.package.charted import charts_of, drawing_of
from tests.package.office import png

pytestmark = [pytest.mark.soffice, pytest.mark.full]

BOARD = "领导看板"
OURS = (
    "排名",
    "图表",
    "进度热图",
    "得分明细",
    "失分分析",
    "进度预警",
    "问题清单",
    "报送情况",
    "催报",
    "收件登记",
    "填报数据",
    "下发登记",
    "方案版本",
    "运行记录",
)
WHOLE_BOOK = {
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "[Content_Types].xml",
    "xl/styles.xml",
    "xl/calcChain.xml",
}
KINDS = (
    "charts/chart",
    "comments",
    "vmlDrawing",
    "drawings/drawing",
    "media/",
    "pivotTables/",
    "pivotCache/",
)
COMMENTS = [["得分明细", "O6", "口径已核对"], ["排名", "E5", "常委会已审"], ["领导看板", "A1", "每月更新"]]


def decorated(desk: Desk, example: Example) -> Path:
    """The example's master with everything of :mod:`tests.office.additions`, saved by LibreOffice."""
    picture = example.folder / "红.png"
    picture.write_bytes(png())
    with desk.open(example.master) as book:
        book.ask("decorate", picture=str(picture))
        copy = book.save(example.folder / "另存.xlsx")
    return copy.replace(example.master)


def changed_outside(before: bytes, after: bytes, path: Path) -> dict[str, str]:
    """Parts that a run may not touch and that are not byte by byte what they were.

    Charts and pivots over our tables follow them: :func:`check_in_libreoffice` and :func:`run` look at those.
    """
    names = sheet_parts(path)
    ours = {names[title] for title in OURS}
    rels = {name.replace("worksheets/", "worksheets/_rels/") + ".rels" for name in ours}
    charts = {part for name, part in charts_of(before).items() if name.startswith("kaohe:")}
    charts |= {part for part in charts_of(before, BOARD).values() if part in parts(before)}
    pivots = {part for part in parts(before) if "pivotCacheDefinition" in part and "_rels" not in part}
    free = WHOLE_BOOK | ours | rels | charts | pivots | {drawing_of(before)[0]}
    old, new = parts(before), parts(after)
    return {
        name: "lost" if name not in new else "changed"
        for name, content in old.items()
        if name not in free and new.get(name) != content
    }


def run(master: Path, inbox: Path) -> Assessment:
    """Consolidate, and see that nothing outside the named list changed."""
    before = master.read_bytes()
    kinds = {kind for kind in KINDS if any(kind in name for name in parts(before))}
    assert kinds == set(KINDS)
    assessment = consolidate(master, inbox, period_code="2007-H1").assessment
    assert changed_outside(before, master.read_bytes(), master) == {}
    last = table_of("得分明细", master).rpartition("AC")[2]
    assert pivot_sources(master) == {("得分明细", f"A4:V{last}", "1")}
    return assessment


def pivot_sources(master: Path) -> set[tuple[str | None, str | None, str | None]]:
    """(sheet, range, whether it is read anew on opening) of every pivot's source."""
    found = {}
    for name, content in parts(master.read_bytes()).items():
        if "pivotCacheDefinition" in name and "_rels" not in name:
            found[name] = etree.fromstring(content)
    sources = [(root, root.find("{*}cacheSource/{*}worksheetSource")) for root in found.values()]
    return {(node.get("sheet"), node.get("ref"), root.get("refreshOnLoad")) for root, node in sources}


def table_of(key: str, master: Path) -> str:
    """Where the table of one of our sheets stands, as its hidden name says."""
    found = {name.lower(): text for (name, _), text in defined_names(master.read_bytes()).items()}
    return found[f"_kaohe.{key}.table"].partition("!")[2].replace("$", "")


def expected(assessment: Assessment) -> dict[str, float]:
    """What the board's formulas must show."""
    rows = assessment.standings
    totals = [row.total for row in rows]
    return {
        "第一名总分": totals[0],
        "平均分": float(round_half_away(sum(totals) / len(totals), 4)),
        "单位数": len(rows),
        "滨湖区总分": next(row.total for row in rows if row.unit.name == "滨湖区"),
        "未达序时合计": sum(row.behind for row in rows),
        "命名区合计": float(round_half_away(sum(totals), 2)),
    }


def check_in_libreoffice(desk: Desk, master: Path, assessment: Assessment) -> None:
    """Everything is there and shows the run's numbers; what we keep in cells is what it computes."""
    with desk.open(master) as book:
        there = book.ask("decorations")
        assert book.errors() == []
        assert differences_in_ours(master, book) == []
    totals = [row.total for row in assessment.standings]
    last = 4 + len(totals)
    assert dict(there["cells"]) == expected(assessment)
    chart = there["charts"][0]
    assert chart["ranges"] == [f"$排名.$E$5:$E${last}"]
    assert [number for number in chart["numbers"][0] if number is not None] == totals
    assert there["comments"] == COMMENTS
    assert there["pictures"] == {"领导看板": 1, "问题清单": 1}
    assert f"C5:C{last}" in there["formats"]["排名"]
    assert there["formats"]["领导看板"] == ["B1:B6"]
    assert there["name"] == f"$排名.$E$5:$E${last}"
    assert there["pivots"] == ["扣分透视"]


def differences_in_ours(master: Path, book: Workbook) -> list[str]:
    """Of all cells: ours must agree; the office's own keep older results until its program saves."""
    return [text for text in differences(master, book) if text.split(" ")[0] not in ("领导看板", "透视")]


def test_all_of_it_is_there_after_a_run(desk: Desk, example: Example) -> None:
    master = decorated(desk, example)
    assessment = run(master, example.inbox)
    assert assessment.standings == example.assessment.standings
    check_in_libreoffice(desk, master, assessment)


def without_unit(area: Area, column: int, code: str) -> dict[str, str]:
    """Cells to be cleared so that no row speaks of the unit."""
    letters = "ABCDEFGH"
    rows = [number for number, row in enumerate(area.rows, start=1) if row[column] == code]
    assert rows
    return {f"{letter}{row}": "" for row in rows for letter in letters[: len(area.rows[0])]}


def test_fewer_units_and_more_again(desk: Desk, example: Example) -> None:
    """The office takes a unit out of 单位 and 目标 and puts it back: tables shrink and grow around it all."""
    master = decorated(desk, example)
    kept = master.read_bytes()
    with desk.open(master) as book:
        for sheet, column in (("单位", 0), ("目标", 1)):
            book.type(sheet, without_unit(book.read(sheet), column, "U09"))
        fewer = book.save(example.folder / "另存.xlsx")
    fewer.replace(master)
    assessment = run(master, example.inbox)
    assert [row.unit.code for row in assessment.standings if row.state == terms.VALID] == [
        row.unit.code for row in example.assessment.standings if row.unit.code != "U09"
    ]
    check_in_libreoffice(desk, master, assessment)
    restore_tables(desk, master, kept, example)
    again = run(master, example.inbox)
    assert [(row.unit.code, row.total, row.rank) for row in again.standings] == [
        (row.unit.code, row.total, row.rank) for row in example.assessment.standings
    ]
    check_in_libreoffice(desk, master, again)


def restore_tables(desk: Desk, master: Path, kept: bytes, example: Example) -> None:
    """Type back into 单位 and 目标 what stood there."""
    (example.folder / "原来.xlsx").write_bytes(kept)
    with desk.open(example.folder / "原来.xlsx") as old, desk.open(master) as book:
        for sheet in ("单位", "目标"):
            book.type(sheet, missing(old.read(sheet), book.read(sheet)))
        copy = book.save(example.folder / "另存.xlsx")
    copy.replace(master)


def missing(old: Area, new: Area) -> Mapping[str, str]:
    """Cells of the old table that are blank in the new one, with their texts."""
    return {
        f"{'ABCDEFGH'[column]}{row}": f"{value:g}" if isinstance(value, float) else str(value)
        for row, cells in enumerate(old.rows, start=1)
        for column, value in enumerate(cells)
        if value != "" and new.at(row, column + 1) == ""
    }
