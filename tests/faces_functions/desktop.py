"""xlwings' desktop side (the COM engine and ``call_udf``) off Windows: real code over stand-ins for pywin32.

``import_desktop`` imports it, ``call`` runs a worksheet function the way a cell does: references arrive as
:class:`Reference` (a COM range), the rest as VBA values; an argument that is left out is :data:`MISSING`.
"""

from __future__ import annotations

import ctypes
import datetime as dt
import importlib
import sys
import types
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import MagicMock

MISSING = -2147352572
"""What VBA passes for an optional argument that is left out."""
DIV0, VALUE, NA = -2146826281, -2146826273, -2146826246
"""Error cells as pywin32 hands them on."""
MODULE = "kaohe.faces.functions"
_RANGE = "{00020846-0000-0000-C000-000000000046}"
_WINDOWS = (
    "pythoncom",
    "pywintypes",
    "win32api",
    "win32con",
    "win32gui",
    "win32process",
    "win32timezone",
    "win32com",
    "win32com.client",
    "win32com.server",
    "win32com.server.util",
    "win32com.server.dispatcher",
    "win32com.server.policy",
)
_DECORATORS = {"func": "xlfunc", "arg": "xlarg", "ret": "xlret"}


@dataclass(frozen=True)
class Desktop:
    """The functions' module under the real decorators, and xlwings' modules that call it."""

    functions: Any
    udfs: Any


@contextmanager
def import_desktop() -> Iterator[Desktop]:
    """Import everything anew; afterwards modules, decorators and engines are as they were."""
    import xlwings

    modules = dict(sys.modules)
    kept = {name: getattr(xlwings, name) for name in _DECORATORS}
    engines, by_name = list(xlwings.engines.engines), dict(xlwings.engines.engines_by_name)
    in_ctypes = {name: getattr(ctypes, name, None) for name in ("oledll", "windll", "PyDLL")}
    try:
        _stand_in(in_ctypes)
        windows = importlib.import_module("xlwings._xlwindows")
        xlwings.engines.add(xlwings.Engine(impl=windows.engine))
        udfs: Any = importlib.import_module("xlwings.udfs")
        for name, real in _DECORATORS.items():
            setattr(xlwings, name, getattr(udfs, real))
        for name in [name for name in sys.modules if name.startswith(MODULE)]:
            del sys.modules[name]
        yield Desktop(importlib.import_module(MODULE), udfs)
    finally:
        _put_back(modules, in_ctypes)
        xlwings.engines.engines[:] = engines
        xlwings.engines.engines_by_name = by_name
        for name, value in kept.items():
            setattr(xlwings, name, value)


def _stand_in(in_ctypes: dict[str, Any]) -> None:
    for name in in_ctypes:
        setattr(ctypes, name, MagicMock())
    for name in _WINDOWS:
        sys.modules[name] = MagicMock(__name__=name, __file__=name)
    types_module = sys.modules["pywintypes"]
    types_module.TimeType = type("TimeType", (dt.datetime,), {})  # type: ignore[attr-defined]
    types_module.com_error = types_module.error = type("com_error", (Exception,), {})  # type: ignore[attr-defined]
    types_module.IID = str  # type: ignore[attr-defined]
    utc = types.SimpleNamespace(utc=lambda: dt.UTC)
    sys.modules["win32timezone"].TimeZoneInfo = utc  # type: ignore[attr-defined]
    server = types.ModuleType("xlwings.com_server")
    server.loop = None  # type: ignore[attr-defined]
    sys.modules["xlwings.com_server"] = server


def _put_back(modules: dict[str, types.ModuleType], in_ctypes: dict[str, Any]) -> None:
    ours = (*_WINDOWS, "xlwings._xlwindows", "xlwings._win32patch", "xlwings.udfs", "xlwings.com_server")
    for name in [name for name in sys.modules if name in ours or name.startswith(MODULE)]:
        del sys.modules[name]
    for name, module in modules.items():
        if name in ours or name.startswith(MODULE):
            sys.modules[name] = module
            parent, _, child = name.rpartition(".")
            setattr(sys.modules[parent], child, module)
    for name, value in in_ctypes.items():
        delattr(ctypes, name) if value is None else setattr(ctypes, name, value)


class Reference:
    """A COM range as ``Application.Caller``'s formula refers to it: ``Value`` is what Excel hands on.

    One cell gives a bare value, more cells a tuple of rows; blank cells are None, errors numbers.
    """

    def __init__(self, rows: Sequence[Sequence[object]]) -> None:
        single = len(rows) == 1 and len(rows[0]) == 1
        self.Value: object = rows[0][0] if single else tuple(tuple(row) for row in rows)
        self.Row = self.Column = 1
        self.Rows = types.SimpleNamespace(Count=len(rows))
        self.Columns = types.SimpleNamespace(Count=len(rows[0]))
        self.Worksheet = MagicMock()
        attributes = types.SimpleNamespace(iid=_RANGE)
        info = types.SimpleNamespace(GetTypeAttr=lambda: attributes)
        self._oleobj_ = types.SimpleNamespace(GetTypeInfo=lambda: info)


def call(desktop: Desktop, name: str, *arguments: object) -> Any:
    """The rows of cells that a formula ``=name(arguments)`` gets back from xlwings."""
    wanted = len(getattr(desktop.functions, name).__xlfunc__["args"])
    filled = (*arguments, *[MISSING] * (wanted - len(arguments)))
    return desktop.udfs.call_udf(MODULE, name, filled, None, Reference([[None]]))
