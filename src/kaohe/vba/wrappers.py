"""VBA wrappers of worksheet functions, written by xlwings' own generator, on any system.

Off Windows xlwings' decorators do nothing and its generator wants pywin32. Here the functions' module is
imported once more under the real decorators, with stand-ins for pywin32, and everything is put back.
"""

from __future__ import annotations

import importlib
import inspect
import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType, SimpleNamespace
from typing import Any

MODULE = "xlwings_udfs"
_HEAD = f"""Attribute VB_Name = "{MODULE}"
'Written by xlwings' generator when the add-in is built.
#Const App = "Microsoft Excel"
"""
_DECORATORS = {"func": "xlfunc", "sub": "xlsub", "arg": "xlarg", "ret": "xlret"}
_LONGEST_HELP = 255


@dataclass(frozen=True)
class FunctionHelp:
    """What the function wizard shows of a function; texts of at most 255 characters."""

    name: str
    category: str
    description: str
    arguments: tuple[str, ...]


@dataclass(frozen=True)
class Wrappers:
    """The text of the module ``xlwings_udfs`` and the help of its functions."""

    text: str
    functions: tuple[FunctionHelp, ...]


def wrappers(module_name: str) -> Wrappers:
    """For every decorated function of that importable module.

    A wrapper hands the add-in, not the active workbook, to xlwings: that argument is only searched for code.
    """
    with decorated(module_name) as (module, udfs):
        text = io.StringIO(_HEAD, newline="\n")
        text.seek(0, io.SEEK_END)
        udfs.generate_vba_wrapper(module_name, module, text, SimpleNamespace(Name="addin"))
        return Wrappers(text.getvalue(), tuple(_help(function) for function in _functions(module)))


@contextmanager
def decorated(module_name: str) -> Iterator[tuple[ModuleType, Any]]:
    """The module imported under xlwings' real decorators, and ``xlwings.udfs``; all undone at the end."""
    import xlwings

    modules = dict(sys.modules)
    attributes = {name: getattr(xlwings, name) for name in (*_DECORATORS, "udfs") if hasattr(xlwings, name)}
    try:
        _add_stand_ins()
        udfs: Any = importlib.import_module("xlwings.udfs")
        for name, real in _DECORATORS.items():
            setattr(xlwings, name, getattr(udfs, real))
        for name in [name for name in sys.modules if name.startswith(module_name)]:
            del sys.modules[name]
        yield importlib.import_module(module_name), udfs
    finally:
        _put_back(modules, module_name)
        for name, value in attributes.items():
            setattr(xlwings, name, value)


def _put_back(modules: dict[str, ModuleType], module_name: str) -> None:
    """Forget the stand-ins, xlwings.udfs and the second import; bring back what was there."""
    for name in [name for name in sys.modules if name not in modules]:
        if name.startswith(("pythoncom", "pywintypes", "win32com", "xlwings.udfs", module_name)):
            del sys.modules[name]
    for name, module in modules.items():
        if name.startswith(module_name):
            sys.modules[name] = module
            parent, _, child = name.rpartition(".")
            if parent in sys.modules:
                setattr(sys.modules[parent], child, module)


def _add_stand_ins() -> None:
    """Stand-ins for pywin32, where it is not installed: names that xlwings.udfs needs at import only."""
    try:
        importlib.import_module("pythoncom")
    except ModuleNotFoundError:
        com = ModuleType("pythoncom")
        com.CoInitialize = lambda: None  # type: ignore[attr-defined]
        types = ModuleType("pywintypes")
        types.com_error = OSError  # type: ignore[attr-defined]
        package, client = ModuleType("win32com"), ModuleType("win32com.client")
        client.Dispatch = None  # type: ignore[attr-defined]
        sys.modules |= {"pythoncom": com, "pywintypes": types, "win32com": package, "win32com.client": client}


def _functions(module: ModuleType) -> list[Any]:
    """The decorated functions, in the generator's order."""
    members = (getattr(module, name) for name in dir(module))
    return [member for member in members if hasattr(member, "__xlfunc__")]


def _help(function: Any) -> FunctionHelp:
    """What the decorators and the docstring say, cut to what the wizard takes."""
    said = function.__xlfunc__
    shown = [argument["doc"][:_LONGEST_HELP] for argument in said["args"] if not argument["vba"]]
    description = inspect.cleandoc(said["ret"]["doc"])[:_LONGEST_HELP]
    return FunctionHelp(said["name"], str(said["category"]), description, tuple(shown))
