"""Runs as a process of its own: xlwings' Windows side with pywin32 stood in for, calls worksheet functions.

stdin: JSON [[function, [arguments]], …]; an argument {"missing": true} was left out, a list is a block of
cells. stdout: JSON of the results as they would go back to Excel. Everything between is xlwings' own code:
``call_udf``, the converters, and the cleaning of values of its Windows engine.
"""

from __future__ import annotations

import ctypes
import importlib
import json
import sys
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

MISSING = -2147352572
"""What COM hands on for an argument that was left out."""
_PYWIN32 = (
    "pywintypes win32api win32con pythoncom win32com win32com.client win32gui win32process win32timezone"
    " comtypes xlwings._win32patch"
)


def stand_in() -> None:
    """Modules of pywin32 that take any question; no value is ever of their types."""
    for name in _PYWIN32.split():
        sys.modules[name] = MagicMock(name=name)
    sys.modules["pywintypes"].TimeType = type("TimeType", (), {})  # type: ignore[attr-defined]
    sys.modules["pywintypes"].com_error = OSError  # type: ignore[attr-defined]
    sys.modules["pythoncom"].__file__ = "pythoncom"
    for name in ("PyDLL", "oledll", "windll"):
        setattr(ctypes, name, MagicMock())


def from_com(argument: Any) -> Any:
    """An argument as COM brings it: blocks of cells are tuples of tuples."""
    if isinstance(argument, dict):
        return MISSING
    return tuple(map(tuple, argument)) if isinstance(argument, list) else argument


def main(module_name: str) -> None:
    """Answer the calls on stdin."""
    stand_in()
    xlwings: Any = importlib.import_module("xlwings")
    windows: Any = importlib.import_module("xlwings._xlwindows")
    xlwings.engines.add(xlwings.main.Engine(impl=windows.engine))
    windows.is_range_instance = lambda value: False
    windows.Range = lambda xl: xl
    sys.modules["xlwings.com_server"] = SimpleNamespace(loop=None)  # type: ignore[assignment]
    from kaohe.vba.wrappers import decorated

    with decorated(module_name) as (module, udfs):
        udfs.udf_modules[module_name] = {"module": module, "filetime": None, "filename": ""}
        caller = SimpleNamespace(address="$A$1")
        results = [
            udfs.call_udf(module_name, name, tuple(map(from_com, arguments)), "book", caller)
            for name, arguments in json.load(sys.stdin)
        ]
    json.dump(results, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
