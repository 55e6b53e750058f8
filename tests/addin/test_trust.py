"""A workbook from outside starts nothing: not by a formula, its name, its place or its neighbours."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest
import xlwings

from kaohe.faces.addin_build import write_addin
from kaohe.vba.source import Kind
from kaohe.vba.wrappers import MODULE
from tests.addin.conftest import INTERPRETER, Built
from tests.addin.vba_machine import Machine, library

PRIVATE = "Option Private Module"
SUBS_ONLY = {"KaoheRibbon", "KaoheFunctions"}
"""Looked up by name by the ribbon and OnTime, and so not private."""
NAMES = ("a^&calc&b.xlsx", "%COMSPEC%.xlsx", "it's.xlsx", "x=1,y;z (1).xlsx", "滨湖区.xlsx")


@pytest.fixture
def machine(built: Built) -> Machine:
    return Machine(built.path, built.modules, INTERPRETER)


def opened(machine: Machine, folder: Path, name: str) -> None:
    """A workbook of that name is the active one."""
    book = openpyxl.Workbook()
    book.save(folder / name)
    machine.open(folder / name)


def public_procedures(text: str) -> set[str]:
    """Kinds of the procedures that are not private: Sub, Function, Property."""
    return set(re.findall(r"^(?:Public )?(?:Declare (?:PtrSafe )?)?(Sub|Function|Property)\b", text, re.M))


def test_only_the_wrappers_are_worksheet_functions(built: Built) -> None:
    standard = {module.name: module.text for module in built.modules if module.kind is Kind.STANDARD}
    private = {name for name, text in standard.items() if f"\r\n{PRIVATE}\r\n" in text}
    assert private == set(standard) - SUBS_ONLY - {MODULE}
    assert "xlwings" in private
    for name in SUBS_ONLY:
        assert public_procedures(standard[name]) == {"Sub"}
    assert "Function" in public_procedures(standard["xlwings"])


def test_the_line_stands_below_the_attributes(built: Built) -> None:
    (text,) = [module.text for module in built.modules if module.name == "xlwings"]
    assert text.splitlines()[:2] == ['Attribute VB_Name = "xlwings"', PRIVATE]


@pytest.mark.parametrize("name", NAMES)
def test_the_command_is_the_same_for_every_name(machine: Machine, tmp_path: Path, name: str) -> None:
    opened(machine, tmp_path, "plain.xlsx")
    (plain,) = machine.click("Click_check_form")
    (tmp_path / "a & b").mkdir()
    opened(machine, tmp_path / "a & b", name)
    (command,) = machine.click("Click_check_form")
    assert without_log(command) == without_log(plain)
    assert str(tmp_path) not in command
    assert Path(name).stem not in command


def without_log(command: str) -> str:
    """The command without the random name of its log file."""
    return re.sub(r"xlwings-[\w{}-]+\.log", "log", command)


def test_the_command_of_the_function_server_has_no_path_of_a_book(machine: Machine, tmp_path: Path) -> None:
    opened(machine, tmp_path, NAMES[0])
    command = machine.app.run("XLPyCommand")
    assert " -B -P -c " in command
    assert r"prepare_sys_path(\"false;;;;;\")" in command
    assert "calc" not in command
    assert "xlam" not in command


def test_no_path_of_a_book_is_joined_on_any_system(built: Built) -> None:
    (text,) = [module.text for module in built.modules if module.name == "xlwings"]
    joined = [line for line in text.splitlines() if "PYTHONPATH = AddExcelDir" in line]
    assert len(joined) == 3
    assert [line for line in joined if "FullName" in line] == []


@pytest.mark.parametrize("sign", ["%", "^", "&", "|"])
@pytest.mark.parametrize("place", ["temp", "interpreter", "path"])
def test_what_the_shell_would_read_is_refused(built: Built, tmp_path: Path, sign: str, place: str) -> None:
    strange = rf"C:\a{sign}b"
    interpreter = rf"{strange}\python.exe" if place == "interpreter" else INTERPRETER
    machine = Machine(built.path, built.modules, interpreter)
    machine.environment["temp"] = strange if place == "temp" else r"C:\Temp"
    machine.properties["path"] = strange if place == "path" else r"C:\Office"
    opened(machine, tmp_path, "plain.xlsx")
    machine.app.run("ExecuteWindows", False, "pass", interpreter, "false;;;;;")
    assert machine.shell.commands == []
    (message,) = machine.messages
    assert "A path contains one of" in str(message)


@pytest.mark.parametrize("sign", ["%", "^", "&", "|"])
def test_nor_is_the_function_server_started_by_such_a_path(built: Built, tmp_path: Path, sign: str) -> None:
    interpreter = rf"C:\a{sign}b\python.exe"
    machine = Machine(write_addin(tmp_path, interpreter), built.modules, interpreter)
    opened(machine, tmp_path, "plain.xlsx")
    with pytest.raises(library.VBARuntimeError, match="path of Python contains"):
        machine.app.run("XLPyLoadDLL")


def test_what_the_shell_takes_as_it_is_runs(machine: Machine, tmp_path: Path) -> None:
    opened(machine, tmp_path, "plain.xlsx")
    machine.app.run("ExecuteWindows", False, "pass", INTERPRETER, "false;;;;;")
    assert len(machine.shell.commands) == 1
    assert machine.messages == []


def test_without_a_named_python_none_is_looked_for(built: Built, tmp_path: Path) -> None:
    machine = Machine(write_addin(tmp_path), built.modules, INTERPRETER)
    opened(machine, tmp_path, "plain.xlsx")
    assert machine.click("Click_check_form") == []
    assert "Could not find Interpreter!" in str(machine.messages)
    with pytest.raises(library.VBARuntimeError, match="Could not find Interpreter!"):
        machine.app.run("XLPyLoadDLL")


def python_of(command: str) -> str:
    """What ``-c`` is given, as Windows takes the command line apart: \\" is a quotation mark."""
    (said,) = re.findall(r'-c "((?:[^"\\]|\\.)*)"', command)
    return str(said).replace(r"\"", '"')


def test_the_python_finds_the_active_book_of_the_window(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(machine, tmp_path, NAMES[0])
    (command,) = machine.click("Click_check_form")
    called: list[int] = []
    book = SimpleNamespace(name="active")

    def app(xl: int) -> SimpleNamespace:
        called.append(xl)
        return SimpleNamespace(books=SimpleNamespace(active=book))

    monkeypatch.setattr(xlwings, "_xlwindows", SimpleNamespace(App=app), raising=False)
    monkeypatch.setattr(xlwings, "App", lambda impl: impl)
    monkeypatch.setattr(xlwings.Book, "_mock_caller", None, raising=False)
    monkeypatch.setattr(sys, "path", list(sys.path))
    before = list(sys.path)
    book.impl = SimpleNamespace(name="active book")
    setting, _, button = python_of(command).partition("import kaohe")
    exec(setting, {})
    assert called == []
    assert xlwings.Book.caller().name == "active book"
    assert called == [machine.properties["hwnd"]]
    assert sys.path == before
    assert button == ".faces.ribbon as r; r.check_form()"
