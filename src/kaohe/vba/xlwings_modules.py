"""The VBA side of xlwings, from the installed wheel, bound to one add-in.

Named changes, each of which must fit exactly once. As shipped, any workbook could start a program through
the add-in: by a formula, by a sheet or a file beside it that names the Python to run, by code in the folder
it was opened from, or by a file name that the command interpreter reads as a command. A workbook that came
from outside must not.
"""

from __future__ import annotations

import importlib.resources
from dataclasses import dataclass

from kaohe.vba.errors import VbaError
from kaohe.vba.source import Module, class_module, standard_module

STANDALONE = "xlwings_custom_addin.bas"
DICTIONARY = "addin/Dictionary.cls"


@dataclass(frozen=True)
class Change:
    """A text of xlwings' module that stands there once, and what the add-in has instead."""

    old: str
    new: str


def changes(addin_name: str) -> tuple[Change, ...]:
    """What is changed for an add-in of that name (ASCII); its settings stand in its sheet NAME.conf."""
    return (
        Change('PROJECT_NAME As String = "myaddin"', f'PROJECT_NAME As String = "{addin_name}"'),
        NOT_FOR_CELLS,
        *_OWN_SETTINGS,
        *_NAMED_PYTHON,
        *_NO_SEARCH_PATH,
        *_COMMAND_LINE,
    )


NOT_FOR_CELLS = Change(
    'Attribute VB_Name = "xlwings"\n', 'Attribute VB_Name = "xlwings"\nOption Private Module\n'
)
"""Without it every public Function (RunPython, ExecuteWindows) is a worksheet function of any open book."""

_OWN_SETTINGS = (
    Change("For i = 1 To 2\n        If i = 1 Then", "For i = 2 To 2 'own code only\n        If i = 1 Then"),
    Change(
        'If SheetExists(ActiveWorkbook, PROJECT_NAME & ".conf") = True Then', "If False Then 'own sheet only"
    ),
    Change("If FileExists(GetDirectoryConfigFilePath()) = True Then", "If False Then 'no file beside a book"),
)
"""Settings come from the add-in and its user only."""

_NAMED_PYTHON = (
    Change('interpreter = GetConfig("INTERPRETER", "python")', 'interpreter = GetConfig("INTERPRETER", "")'),
    Change(
        'PYTHON_WIN = GetConfig("INTERPRETER", "pythonw")\n    End If\n    CondaPath',
        'PYTHON_WIN = GetConfig("INTERPRETER", "")\n    End If\n'
        '    If PYTHON_WIN = "" Then Err.Raise 1, Description:="Could not find Interpreter!"\n'
        '    If PYTHON_WIN Like "*[%^&|<>""]*" Then Err.Raise 1, _\n'
        '        Description:="The path of Python contains one of % ^ & | < >: " & PYTHON_WIN\n    CondaPath',
    ),
)
"""A bare "python" would first be looked for in Excel's current folder, often that of the book opened last.

The second stands where the function server is started, with that path on its command line too."""


def _settings(system: str) -> str:
    """How xlwings joins the settings that only folders of workbooks need."""
    names = (
        f"ONEDRIVE_CONSUMER_{system}",
        f"ONEDRIVE_COMMERCIAL_{system}",
        f"SHAREPOINT_{system}",
        "PYTHONPATH",
    )
    return ' & ";" & '.join(f'GetConfig("{name}")' for name in names)


_RUN_PATHS = 'AddExcelDir & ";" & ActiveFullName & ";" & ThisFullName & ";" & '
_SERVER_PATHS = 'AddExcelDir & ";" & ActiveWorkbook.FullName & ";" & ThisWorkbook.FullName & ";" & '
_NO_PATHS = 'AddExcelDir & ";;;;;" \'no path of a book'

_NO_SEARCH_PATH = (
    Change(_RUN_PATHS + _settings("WIN"), _NO_PATHS),
    Change(_RUN_PATHS + _settings("MAC"), _NO_PATHS),
    Change(_SERVER_PATHS + _settings("WIN"), _NO_PATHS),
    Change('PythonInterpreter & " -B -c ""', 'PythonInterpreter & " -B -P -c ""'),
    Change('tail = " -B -c ""', 'tail = " -B -P -c ""'),
)
"""``prepare_sys_path`` reads six fields, and puts a seventh on the search path, where an empty one means the
current folder; so does ``-c`` without ``-P``. With ADD_WORKBOOK_TO_PYTHONPATH false no path is used."""

_COMMAND_LINE = (
    Change(
        '(\\""" & PYTHONPATH & "\\""); " & PythonCommand & """ "',
        '(\\""" & PYTHONPATH & "\\""); xlwings.Book.set_mock_caller(type(\'Calling\', (), " & _\n'
        "            \"{'impl': property(lambda _: xlwings.App(impl=xlwings._xlwindows.App(xl=\" & _\n"
        '            Application.Hwnd & ")).books.active.impl)})()); " & PythonCommand & """ "',
    ),
    Change('" --wb=" & """" & ActiveWorkbook.Name & """ --from_xl=1"', '" --wb="""" --from_xl=1"'),
    Change(
        '    ExitCode = WScript.Run("cmd.exe /C " & DriveCommand',
        "    If (PythonCommand & PYTHON_WIN & PYTHONPATH & FrozenArgs & LOG_FILE & Application.Path) _\n"
        '            Like "*[%^&|<>""]*" Then\n'
        '        MsgBox "A path contains one of % ^ & | < > and cannot be used:" & vbCrLf & _\n'
        "            PYTHON_WIN & vbCrLf & LOG_FILE, vbCritical\n"
        "        ExecuteWindows = -1\n"
        "        Exit Function\n"
        "    End If\n"
        '    ExitCode = WScript.Run(Environ("ComSpec") & " /C " & DriveCommand',
    ),
)
"""The button's book (``Book.caller()``) is the active one of the window with that number, asked for when
needed: its name is never on the command line. No sign that the command interpreter reads gets there."""


def xlwings_modules(addin_name: str) -> tuple[Module, ...]:
    """xlwings' module for custom add-ins, and the class it uses on the Mac.

    Raises VbaError when the installed xlwings has no such files or a change does not fit them.
    """
    return (
        standard_module(adapted(_read(STANDALONE), changes(addin_name)), STANDALONE),
        class_module(_read(DICTIONARY), DICTIONARY),
    )


def adapted(text: str, wanted: tuple[Change, ...]) -> str:
    """The text (line ends \\n) with each change made at its one place."""
    for change in wanted:
        if text.count(change.old) != 1:
            raise VbaError(f"已安装的 xlwings 的 VBA 模块与预期不同:“{change.old}”应恰好出现一次。")
        text = text.replace(change.old, change.new)
    return text


def _read(name: str) -> str:
    """A file of the xlwings wheel with line ends \\n."""
    try:
        content = importlib.resources.files("xlwings").joinpath(name).read_bytes()
    except (FileNotFoundError, ModuleNotFoundError) as error:
        raise VbaError(f"已安装的 xlwings 中没有 {name}:{error}") from None
    return content.decode("utf-8").replace("\r\n", "\n")
