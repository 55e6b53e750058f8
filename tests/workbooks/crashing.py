"""Work that goes wrong in every way a parser can, for the tests of the process that reads files."""

from __future__ import annotations

import ctypes
import os
import time

import python_calamine

from kaohe.model import Return
from kaohe.sheets.form_read import read_return


def misbehaves(data: bytes, name: str) -> str:
    """What the file's bytes ask for; any other file is answered with its name."""
    if data == b"die":
        os._exit(17)
    if data == b"segfault":
        ctypes.string_at(0)
    if data == b"hang":
        time.sleep(600)
    if data == b"spin":
        while True:
            pass
    if data == b"eat":
        return str(len(bytearray(64 << 30)))
    if data == b"print":
        print("noise on the standard output")
        os.write(1, b"\x80\x04noise")
    return name


def crashes_on_marked(data: bytes, name: str) -> Return:
    """Read a return with a parser that takes the process down on files named 坏."""
    if "坏" in name:
        python_calamine.CalamineWorkbook.from_filelike = _crash  # type: ignore[method-assign, assignment]
    return read_return(data, name, "")


def _crash(*_: object) -> None:
    os.abort()
