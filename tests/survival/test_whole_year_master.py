"""A master with everything in it goes through runs with fewer and more units: all is there, and follows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from kaohe.jobs.consolidate import consolidate
from tests.package.books import defined_names, opened, parts, sheet_part
from tests.package.charted import charts_of, drawing_of
from tests.support.example import copy
from tests.support.libreoffice import recalculate
from tests.survival.decorated import BOARD, formulas, with_excelize, with_parts
from tests.survival.oracle import REASON, excelize
from tests.survival.whole import broken

pytestmark = [pytest.mark.full, pytest.mark.skipif(excelize() is None, reason=REASON)]
KINDS = (
    "activeX/",
    "charts/chart",
    "comments",
    "connections",
    "ctrlProps/|vmlDrawing",
    "customProperty",
    "customXml/",
    "externalLinks/",
    "media/",
    "model/",
    "persons/",
    "pivotCache/",
    "pivotTables/",
    "printerSettings/",
    "slicerCaches/",
    "slicers/",
    "tables/",
    "threadedComments/",
    "timelineCaches/",
    "vbaProject",
)
WHOLE_BOOK = {"xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml", "xl/calcChain.xml"}
LEFT_BY_EXCELIZE = ["type of /xl/comments2.xml, which is not there"]
"""excelize declares the comments of a sheet that has none when controls are put on it."""


def last_row(data: bytes, key: str) -> int:
    """The last row of one of our tables, as its hidden name says."""
    found = {name.lower(): text for (name, _), text in defined_names(data).items()}
    return int(found[f"_kaohe.{key}.table"].rpartition("$")[2])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The example with everything in its master."""
    folder = copy(tmp_path)
    master = folder / "总表.xlsx"
    data = master.read_bytes()
    with_excelize(master, last_row(data, "排名"), last_row(data, "得分明细"))
    master.write_bytes(with_parts(master.read_bytes()))
    return folder


def ours(data: bytes) -> set[str]:
    """The parts a run may change: our sheets (by their hidden names), their relationships, our charts."""
    titles = {
        text.partition("!")[0].strip("'")
        for (name, _), text in defined_names(data).items()
        if re.fullmatch(r"_kaohe\.[^.]+", name) and "!" in text
    }
    sheets = {sheet_part(data, title) for title in titles}
    rels = {name.replace("worksheets/", "worksheets/_rels/") + ".rels" for name in sheets}
    charts = set(charts_of(data).values())
    return WHOLE_BOOK | sheets | rels | charts | {drawing_of(data)[0]}


def office_charts(data: bytes) -> set[str]:
    """The charts that are not ours."""
    own = {part for name, part in charts_of(data).items() if name.startswith("kaohe:")}
    return {name for name in parts(data) if re.fullmatch(r"xl/charts/chart\d+\.xml", name)} - own


def following(data: bytes) -> set[str]:
    """The office's parts that read our tables."""
    charts = office_charts(data)
    pivots = {name for name in parts(data) if "pivotCacheDefinition" in name and "_rels" not in name}
    return charts | pivots | {sheet_part(data, BOARD)}


def run(folder: Path) -> bytes:
    """Consolidate; every part but ours and those that follow is what it was, and nothing hangs in the air."""
    master = folder / "总表.xlsx"
    before = master.read_bytes()
    for kind in KINDS:
        assert any(re.search(kind, name) for name in parts(before)), kind
    consolidate(master, folder / "回收", period_code="2007-H1")
    after = master.read_bytes()
    old, new, free = parts(before), parts(after), ours(before) | following(before)
    assert [name for name in old if name not in free and new.get(name) != old[name]] == []
    for name in following(before):
        assert without_references(new[name]) == without_references(old[name]), name
    assert broken(after) == broken(before) == LEFT_BY_EXCELIZE
    assert kind_of_file(after) == kind_of_file(before)
    check(after)
    return after


def kind_of_file(data: bytes) -> str:
    """The content type of the workbook: with macros or without."""
    types = etree.fromstring(parts(data)["[Content_Types].xml"])
    return str(types.find("{*}Override[@PartName='/xl/workbook.xml']").get("ContentType"))


def without_references(content: bytes) -> bytes:
    """A part without what may follow: references with their cached values, and when a pivot is read anew."""
    root = etree.fromstring(content)
    for node in list(root.iter("{*}f", "{*}formula1", "{*}strCache", "{*}numCache", "{*}v")):
        node.clear()
    for node in root.iter("{*}worksheetSource"):
        node.attrib.pop("ref")
    root.attrib.pop("refreshOnLoad", None)
    return bytes(etree.tostring(root, method="c14n"))


def check(data: bytes) -> None:
    """What reads our tables reads all of them, and nothing else moved."""
    last, detail = last_row(data, "排名"), last_row(data, "得分明细")
    book: Any = opened(data)
    board, ranking = book[BOARD], book["排名"]
    assert tuple(board.cell(row, 1).value for row in range(1, 7)) == tuple(f"={f}" for f in formulas(last))
    assert [rule.formula1 for rule in board.data_validations.dataValidation] == [f"排名!$C$5:$C${last}"]
    assert book.defined_names["总分区"].attr_text == f"排名!$E$5:$E${last}"
    assert f"C5:C{last}" in {str(area.sqref) for area in ranking.conditional_formatting}
    assert "常委会已审" in ranking["E5"].comment.text
    found = parts(data)
    assert f"<xm:f>排名!E5:E{last}</xm:f>" in found[sheet_part(data, BOARD)].decode()
    (chart,) = (etree.fromstring(found[part]) for part in office_charts(data))
    assert [node.text for node in chart.iter("{*}f")] == [
        "排名!$E$4",
        f"排名!$C$5:$C${last}",
        f"排名!$E$5:$E${last}",
    ]
    (pivot,) = (etree.fromstring(found[name]) for name in found if "pivotCacheDefinition" in name)
    source = pivot.find("{*}cacheSource/{*}worksheetSource")
    assert (source.get("sheet"), source.get("ref")) == ("得分明细", f"A4:AC{detail}")
    assert pivot.get("refreshOnLoad") in ("1", "true")


def take_out(master: Path, code: str) -> dict[str, list[tuple[object, ...]]]:
    """The office deletes a unit's rows in 单位 and 目标; returns them as they were typed."""
    kept: dict[str, list[tuple[object, ...]]] = {}
    read: Any = opened(master.read_bytes())
    book = excelize().open_file(str(master))
    for sheet in ("单位", "目标"):
        rows = {
            number: values
            for number, values in enumerate(read[sheet].iter_rows(values_only=True), start=1)
            if code in values
        }
        assert rows
        kept[sheet] = list(rows.values())
        for number in sorted(rows, reverse=True):
            book.remove_row(sheet, number)
    book.save()
    book.close()
    return kept


def put_back(master: Path, rows: dict[str, list[tuple[object, ...]]]) -> None:
    """The office types the rows in again, below the others."""
    read: Any = opened(master.read_bytes())
    book = excelize().open_file(str(master))
    for sheet, lines in rows.items():
        used = [n for n, row in enumerate(read[sheet].iter_rows(values_only=True), start=1) if any(row)]
        for number, values in enumerate(lines, start=max(used) + 1):
            for column, value in enumerate(values):
                if value is not None:
                    book.set_cell_value(sheet, f"{chr(65 + column)}{number}", value)
    book.save()
    book.close()


def test_fewer_units_more_again_and_the_same_once_more(folder: Path) -> None:
    master = folder / "总表.xlsx"
    assert "macroEnabled" in kind_of_file(master.read_bytes())
    first = run(folder)
    rows = take_out(master, "U09")
    fewer = run(folder)
    assert last_row(fewer, "排名") == last_row(first, "排名") - 1
    put_back(master, rows)
    again = run(folder)
    assert last_row(again, "排名") == last_row(first, "排名")
    assert last_row(again, "得分明细") == last_row(first, "得分明细")


@pytest.mark.soffice
def test_libreoffice_opens_it_and_computes_the_same(folder: Path, tmp_path: Path) -> None:
    take_out(folder / "总表.xlsx", "U09")
    after = run(folder)
    saved: Any = opened(recalculate(folder / "总表.xlsx", tmp_path / "saved").read_bytes())
    assert BOARD in saved.sheetnames
    assert saved[BOARD]["A2"].value == f"=AVERAGE(排名!E5:E{last_row(after, '排名')})"


def test_what_is_wrong_with_a_package_is_seen(folder: Path) -> None:
    """The check itself: a part that goes missing, and a relationship without one, are told."""
    from tests.package.books import rebuilt

    found = parts((folder / "总表.xlsx").read_bytes())
    lost = {name: content for name, content in found.items() if name != "xl/persons/person.xml"}
    assert any("persons/person.xml, which is not there" in text for text in broken(rebuilt(lost)))
    board = sheet_part(rebuilt(found), BOARD)
    unknown = found[board].replace(b'r:id="rId1"', b'r:id="rId99"')
    assert any("rId99 is no relationship" in text for text in broken(rebuilt({**found, board: unknown})))
