"""The Excel add-in made from its sources: ribbon, callbacks, worksheet functions, settings."""

from __future__ import annotations

import importlib.resources
from pathlib import Path

from kaohe.faces.buttons import RIBBON_FILE
from kaohe.jobs.common import JobError
from kaohe.vba.errors import VbaError
from kaohe.vba.package import Addin, Sheet, Value, addin_package
from kaohe.vba.project import vba_project
from kaohe.vba.source import WORKBOOK_BASE, Module, document_module, sheet_module, standard_module
from kaohe.vba.wrappers import FunctionHelp, Wrappers, wrappers
from kaohe.vba.xlwings_modules import xlwings_modules
from kaohe.workbooks.package import write_new

NAME = "kaohe"
FILE = f"{NAME}.xlam"
FUNCTIONS = "kaohe.faces.functions"
SOURCES = "kaohe.addin"
STANDARD_FILES = ("KaoheRibbon.bas", "KaoheFunctions.bas")
WORKBOOK_FILE = "ThisWorkbook.cls"
SETTINGS_SHEET = f"{NAME}.conf"
"""Where xlwings' module looks for its settings: the add-in's name and .conf."""
HELP_SHEET = f"{NAME}.functions"
TITLE = "绩效考核"
DESCRIPTION = "考核:校验、识别、生成自测表、汇总、排名;工作表函数 KH_…。"


def build_addin(interpreter: str = "") -> bytes:
    """The add-in's bytes, the same for the same sources, xlwings and interpreter.

    ``interpreter``: path of the python.exe to run; '' leaves it to the user's own settings.
    Raises JobError for sources that cannot be built.
    """
    try:
        made = wrappers(FUNCTIONS)
        return addin_package(
            Addin(
                title=TITLE,
                description=DESCRIPTION,
                project=vba_project(NAME, modules(made)),
                ribbon=_source(RIBBON_FILE),
                sheets=(
                    Sheet(SETTINGS_SHEET, "Sheet1", settings(interpreter)),
                    Sheet(HELP_SHEET, "Sheet2", tuple(map(_help_row, made.functions)), hidden=True),
                ),
            )
        )
    except VbaError as error:
        raise JobError(f"加载项没有做成:{error}") from None


def write_addin(folder: Path, interpreter: str = "") -> Path:
    """kaohe.xlam in that folder, which is made if need be; an older one is replaced. Returns the file."""
    data = build_addin(interpreter)
    make_folder(folder)
    write_new(folder / FILE, data, overwrite=True)
    return folder / FILE


def make_folder(folder: Path) -> None:
    """The folder, if it is not there; a JobError where it cannot be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise JobError(f"不能建立文件夹“{folder}”:{error.strerror}。") from None


def modules(made: Wrappers) -> tuple[Module, ...]:
    """Every module of the add-in's VBA project, in the project's order."""
    return (
        document_module(_source(WORKBOOK_FILE), WORKBOOK_FILE, WORKBOOK_BASE),
        sheet_module("Sheet1"),
        sheet_module("Sheet2"),
        *(standard_module(_source(name), name) for name in STANDARD_FILES),
        standard_module(made.text, FUNCTIONS),
        *xlwings_modules(NAME),
    )


def settings(interpreter: str) -> tuple[tuple[Value, ...], ...]:
    """What xlwings reads from the sheet kaohe.conf; a key that stands here is looked for nowhere else.

    RunPython starts a Python of its own (the function server gives up on jobs after about 90 seconds), and
    the folder of the workbook being looked at never joins Python's path.
    """
    chosen = (("Interpreter_Win", interpreter),) if interpreter else ()
    return (
        *chosen,
        ("PYTHONPATH", ""),
        ("ADD_WORKBOOK_TO_PYTHONPATH", "false"),
        ("UDF Modules", FUNCTIONS),
        ("Use UDF Server", False),
        ("Debug UDFs", False),
        ("Show Console", False),
        ("Conda Path", ""),
        ("Conda Env", ""),
        ("License_Key", ""),
        ("Show_Error_Popups", "True"),
    )


def _help_row(function: FunctionHelp) -> tuple[Value, ...]:
    """A row for KaoheFunctions.bas."""
    return (
        function.name,
        function.category,
        function.description,
        len(function.arguments),
        *function.arguments,
    )


def _source(name: str) -> str:
    """A source file of the add-in."""
    return importlib.resources.files(SOURCES).joinpath(name).read_text(encoding="utf-8")
