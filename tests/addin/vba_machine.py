"""pyOpenVBA's in-memory Excel with our add-in open in it, and stand-ins for what it does not do.

Stand-ins: a shell that writes down what it is asked to run, an environment, one existing python.exe, the
window handle, and ``Range(a, b)`` of a sheet that is not the active one. Left out of the text it runs:
comments behind directives, which its preprocessor does not read, the deletion of a log file, and the word
WithEvents: no event is ever raised, a test calls the handler.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from kaohe.vba.source import Kind, Module

_KINDS = {Kind.STANDARD: "standard", Kind.CLASS: "class", Kind.DOCUMENT: "document"}
_DIRECTIVE_COMMENT = re.compile(r"^([ \t]*#[^'\r\n]*?)[ \t]*'[^\r\n]*", re.MULTILINE)
HOME = r"C:\Users\clerk"
CMD = r"C:\Windows\System32\cmd.exe"

library: Any = importlib.import_module("pyopenvba.interpreter")
excel: Any = importlib.import_module("pyopenvba.apps.excel")
Method = TypeVar("Method", bound=Callable[..., Any])


def method(function: Method) -> Method:
    """Mark a method as one that VBA may call."""
    marked: Method = library.method(function)
    return marked


def runnable(text: str) -> str:
    """The module's text without what the interpreter cannot take."""
    return _DIRECTIVE_COMMENT.sub(r"\1", text).replace("Kill LOG_FILE", "").replace("WithEvents ", "")


class Shell(library.VBAObject):  # type: ignore[misc]
    """WScript.Shell: keeps the commands; booleans pass as such, because the interpreter compares no texts
    with them."""

    vba_type_name = "WshShell"

    def __init__(self) -> None:
        self.commands: list[str] = []

    @method
    def Run(self, command: Any, style: Any = 0, wait: Any = False) -> int:  # noqa: N802
        """Write the command down; it succeeds."""
        self.commands.append(str(command))
        return 0

    @method
    def ExpandEnvironmentStrings(self, text: Any) -> Any:  # noqa: N802
        """The text as it is."""
        return {"False": False, "True": True}.get(str(text), text)


class Control(library.VBAObject):  # type: ignore[misc]
    """The control a ribbon callback is given."""

    vba_type_name = "IRibbonControl"


class Machine:
    """The running Excel."""

    def __init__(self, path: Path, modules: Sequence[Module], interpreter: str) -> None:
        self.app = excel.ExcelApplication.open(path, with_vba=False)
        self.shell = Shell()
        self.properties: dict[str, object] = {"hwnd": 1, "path": r"C:\Office", "name": "Microsoft Excel"}
        """What Application answers besides what the model knows."""
        self._answer = self.app.application.vba_get
        self.app.application.vba_get = self._application
        self.app.interpreter.host.create = lambda name: self.shell
        self.environment = {"comspec": CMD}
        files = {interpreter.lower()}
        self.app.interpreter._intrinsics = {
            **self.app.interpreter._intrinsics,
            "environ": lambda _, arguments, named: self.environment.get(str(arguments[0]).lower(), HOME),
            "getattr": lambda _, arguments, named: self._attributes(str(arguments[0]), files),
        }
        for module in modules:
            self.app.add_module(runnable(module.text), name=module.name, kind=_KINDS[module.kind])

    def _attributes(self, path: str, files: set[str]) -> int:
        self.asked = [*getattr(self, "asked", []), path]
        if path.lower() not in files:
            raise library.VBARuntimeError(53, "File not found")
        return 32

    def _application(self, name: str, *arguments: Any, **named: Any) -> object:
        if name.lower() in self.properties:
            return self.properties[name.lower()]
        if name.lower() == "range" and arguments and len(arguments[0]) == 2:
            return arguments[0][0].sheet.vba_get("Range", *arguments, **named)
        return self._answer(name, *arguments, **named)

    def open(self, path: Path) -> Any:
        """Open a workbook, which becomes the active one."""
        return self.app.open_workbook(path)

    def click(self, callback: str) -> list[str]:
        """Press a button; the commands it ran."""
        before = len(self.shell.commands)
        self.app.run(callback, Control())
        return self.shell.commands[before:]

    @property
    def messages(self) -> list[Any]:
        """Every MsgBox so far."""
        return list(self.app.interpreter.dialogs)


def shadowed(machine: Machine, name: str, value: object) -> Any:
    """The host's global objects, with one of them replaced."""
    original = machine.app.interpreter.host.global_object
    return lambda asked: value if asked == name else original(asked)
