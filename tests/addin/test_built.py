"""The built add-in: modules by two readers, the package's parts, the same bytes on every build."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
import zipfile
from importlib.resources import files
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from lxml import etree
from python_calamine import CalamineWorkbook, SheetVisibleEnum

from kaohe.faces.addin_build import FUNCTIONS, HELP_SHEET, SETTINGS_SHEET, build_addin, settings
from kaohe.vba.errors import VbaError
from kaohe.vba.package import RIBBON_PART
from kaohe.vba.source import Kind
from kaohe.vba.xlwings_modules import adapted, changes
from tests.addin.conftest import INTERPRETER, Built
from tests.addin.readers import excel_file, ole, olevba_modules, part, pyopenvba_modules

OWN_FILES = ("KaoheRibbon.bas", "KaoheFunctions.bas", "ThisWorkbook.cls")
KINDS = {
    "ThisWorkbook": Kind.DOCUMENT,
    "Sheet1": Kind.DOCUMENT,
    "Sheet2": Kind.DOCUMENT,
    "KaoheRibbon": Kind.STANDARD,
    "KaoheFunctions": Kind.STANDARD,
    "xlwings_udfs": Kind.STANDARD,
    "xlwings": Kind.STANDARD,
    "Dictionary": Kind.CLASS,
}


def body(text: str) -> list[str]:
    """The lines of a source without attributes and the block of an exported class."""
    lines = text.splitlines()
    start = lines.index("END") + 1 if lines[0].startswith("VERSION") else 0
    return [line for line in lines[start:] if not line.startswith("Attribute VB_")]


def test_two_readers_find_every_module_as_it_was_written(built: Built) -> None:
    written = {module.name: module.text for module in built.modules}
    assert {module.name: module.kind for module in built.modules} == KINDS
    assert olevba_modules(built.path) == written
    assert pyopenvba_modules(built.path) == written


@pytest.mark.parametrize("name", OWN_FILES)
def test_our_modules_are_the_source_files(built: Built, name: str) -> None:
    source = files("kaohe.addin").joinpath(name).read_text(encoding="ascii")
    assert body(olevba_modules(built.path)[PurePosixPath(name).stem]) == body(source)


def test_xlwings_modules_are_the_wheels_but_for_the_named_changes(built: Built) -> None:
    found = olevba_modules(built.path)
    wheel = files("xlwings")
    shipped = wheel.joinpath("xlwings_custom_addin.bas").read_bytes().decode("ascii").replace("\r\n", "\n")
    for change in changes("kaohe"):
        shipped = shipped.replace(change.old, change.new)
    assert body(found["xlwings"]) == body(shipped)
    dictionary = wheel.joinpath("addin/Dictionary.cls").read_bytes().decode("ascii")
    assert body(found["Dictionary"]) == body(dictionary)
    assert found["Dictionary"].count("Attribute VB_Description") == 1


def test_a_change_that_no_longer_fits_is_refused() -> None:
    with pytest.raises(VbaError, match="恰好出现一次"):
        adapted('Attribute VB_Name = "xlwings"\n', changes("kaohe"))


def test_every_line_is_ascii(built: Built) -> None:
    for name, text in olevba_modules(built.path).items():
        strange = [line for line in text.splitlines() if not line.isascii()]
        assert strange == [], name


def test_kinds_and_references_as_a_reader_sees_them(built: Built) -> None:
    with excel_file(built.path) as opened:
        project = opened.vba_project()
    assert project.name == "kaohe"
    standard = {module.name for module in project.modules if module.kind.name == "standard"}
    assert standard == {name for name, kind in KINDS.items() if kind is Kind.STANDARD}
    assert {reference.name for reference in project.references} >= {"stdole", "Office"}


def test_a_checker_of_packages_finds_nothing(built: Built) -> None:
    library: Any = importlib.import_module("pyopenvba")
    report = library.check_file(built.path)
    assert report.complete
    assert report.issues == ()


def test_every_relationship_leads_to_a_part_with_a_type(built: Built) -> None:
    with zipfile.ZipFile(built.path) as archive:
        names = set(archive.namelist())
        types = etree.fromstring(archive.read("[Content_Types].xml"))
        for rels in [name for name in names if name.endswith(".rels")]:
            base = PurePosixPath(rels).parent.parent
            for relation in etree.fromstring(archive.read(rels)):
                assert str(base / relation.get("Target", "")) in names
    known = {node.get("PartName", "").lstrip("/") for node in types} | {
        node.get("Extension") for node in types
    }
    assert [name for name in names if name not in known and name.rpartition(".")[2] not in known] == []
    assert [node.get("PartName") for node in types if "addin" in node.get("ContentType", "")] == [
        "/xl/workbook.xml"
    ]


def test_the_ribbon_is_related_the_way_office_2010_and_later_look_for_it(built: Built) -> None:
    relations = etree.fromstring(part(built.path, "_rels/.rels"))
    kinds = {node.get("Target"): node.get("Type") for node in relations}
    assert kinds[RIBBON_PART] == "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
    assert part(built.path, RIBBON_PART) == files("kaohe.addin").joinpath("ribbon.xml").read_bytes()


def test_settings_stand_where_xlwings_reads_them(built: Built) -> None:
    with CalamineWorkbook.from_path(built.path) as book:
        rows = book.get_sheet_by_name(SETTINGS_SHEET).to_python(skip_empty_area=False)
        visible = {sheet.name: sheet.visible for sheet in book.sheets_metadata}
    assert [tuple(row[:2]) for row in rows] == list(settings(INTERPRETER))
    found = {str(row[0]): row[1] for row in rows}
    assert found["Interpreter_Win"] == INTERPRETER
    assert found["Use UDF Server"] is False
    assert found["ADD_WORKBOOK_TO_PYTHONPATH"] == "false"
    assert "Interpreter_Win" not in {row[0] for row in settings("")}
    assert visible == {SETTINGS_SHEET: SheetVisibleEnum.Visible, HELP_SHEET: SheetVisibleEnum.Hidden}


def test_code_names_lead_to_the_modules(built: Built) -> None:
    parts = ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml")
    names = [etree.fromstring(part(built.path, name)).xpath("//@codeName") for name in parts]
    assert names == [["ThisWorkbook"], ["Sheet1"], ["Sheet2"]]


def test_help_texts_fit_the_wizard(built: Built) -> None:
    with CalamineWorkbook.from_path(built.path) as book:
        rows = book.get_sheet_by_name(HELP_SHEET).to_python(skip_empty_area=False)
    assert len(rows) == len(built.wrappers.functions)
    for row, said in zip(rows, built.wrappers.functions, strict=True):
        texts = [said.name, said.category, said.description, *said.arguments]
        assert [value for value in row if value != ""] == [*texts[:3], len(said.arguments), *texts[3:]]
        assert all(0 < len(text) <= 255 for text in texts)


def test_the_same_bytes_on_every_build(built: Built) -> None:
    assert build_addin(INTERPRETER) == built.path.read_bytes()
    assert build_addin("") != built.path.read_bytes()


BUILD = """
import sys
from kaohe.faces.addin_build import build_addin
sys.stdout.buffer.write(build_addin(sys.argv[1]))
"""


def test_the_same_bytes_in_another_process(built: Built, tmp_path: Path) -> None:
    variables = os.environ | {"PYTHONHASHSEED": "77", "TZ": "Asia/Shanghai", "LC_ALL": "C"}
    command = (sys.executable, "-c", BUILD, INTERPRETER)
    done = subprocess.run(command, cwd=tmp_path, env=variables, capture_output=True)
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
    assert done.stdout == built.path.read_bytes()


def test_nothing_of_this_machine_is_inside(built: Built) -> None:
    data = built.path.read_bytes()
    for text in (str(Path(__file__).parents[2]), str(Path.home()), sys.prefix):
        assert text.encode() not in data
        assert text.encode("utf-16-le") not in data


def test_the_project_alone_is_a_sound_compound_file(built: Built) -> None:
    with ole(part(built.path, "xl/vbaProject.bin")) as found:
        assert {"/".join(path) for path in found.listdir()} == {
            "PROJECT",
            "PROJECTwm",
            "VBA/_VBA_PROJECT",
            "VBA/dir",
            *(f"VBA/{name}" for name in KINDS),
        }


def test_building_leaves_xlwings_as_it_was() -> None:
    code = f"""
import sys, xlwings
before = (xlwings.func, xlwings.arg, xlwings.ret, xlwings.sub, sorted(sys.modules))
import {FUNCTIONS} as functions
from kaohe.vba.wrappers import wrappers
wrappers({FUNCTIONS!r})
import {FUNCTIONS} as again
assert again is functions is sys.modules[{FUNCTIONS!r}]
assert (xlwings.func, xlwings.arg, xlwings.ret, xlwings.sub) == before[:4]
assert not [name for name in sys.modules if name in ("pythoncom", "win32com.client", "xlwings.udfs")]
"""
    done = subprocess.run((sys.executable, "-c", code), capture_output=True, encoding="utf-8")
    if sys.platform != "win32":
        assert done.returncode == 0, done.stderr


RESERVED = """
and as boolean byref byte byval call case const currency date debug declare dim do double each else elseif
empty end enum erase error event exit false for friend function get global goto if imp implements in input
integer is let lib like line lock long loop lset me mid mod name new next not nothing null object on open
option optional or paramarray preserve print private property public put raiseevent redim rem resume return
rset seek select set single static step stop string sub then time to true type typeof until unlock variant
wend while width with withevents write xor
"""


def test_no_function_uses_a_word_of_the_language(built: Built) -> None:
    """A reserved word as an argument would keep Excel from compiling all wrappers."""
    words = set(re.findall(r"\w+", RESERVED))
    heads = re.findall(r"^Function (\w+)\((.*)\)$", built.wrappers.text, re.MULTILINE)
    assert heads
    used = {word.lower() for name, said in heads for word in (name, *re.findall(r"\w+", said))}
    assert used & words <= {"optional", "paramarray"}
