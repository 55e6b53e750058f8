"""Two readers of VBA projects that know nothing of our writer."""

from __future__ import annotations

import importlib
import io
import zipfile
from pathlib import Path
from typing import Any


def olevba_modules(path: Path) -> dict[str, str]:
    """Module name → text, by oletools."""
    olevba: Any = importlib.import_module("oletools.olevba")
    parser = olevba.VBA_Parser(str(path))
    try:
        return {name.rpartition(".")[0]: code for _, _, name, code in parser.extract_macros()}
    finally:
        parser.close()


def pyopenvba_modules(path: Path) -> dict[str, str]:
    """Module name → text, by pyOpenVBA."""
    with excel_file(path) as opened:
        return dict(opened.vba_modules())


def excel_file(path: Path) -> Any:
    """pyOpenVBA's view of the file, a context manager."""
    library: Any = importlib.import_module("pyopenvba")
    return library.ExcelFile(path)


def decompressed(data: bytes) -> dict[str, bytes]:
    """What each reader makes of a compressed container."""
    oletools: Any = importlib.import_module("oletools.olevba")
    pyopenvba: Any = importlib.import_module("pyopenvba.vba")
    return {
        "oletools": bytes(oletools.decompress_stream(bytearray(data))),
        "pyOpenVBA": bytes(pyopenvba.decompress(data)),
    }


def ole(data: bytes) -> Any:
    """A compound file by olefile; a context manager."""
    library: Any = importlib.import_module("olefile")
    return library.OleFileIO(io.BytesIO(data), raise_defects=library.DEFECT_INCORRECT)


def part(path: Path, name: str) -> bytes:
    """A part of a package."""
    with zipfile.ZipFile(path) as archive:
        return archive.read(name)
