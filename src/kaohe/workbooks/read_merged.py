"""Merged ranges of a sheet that was read, asked for only where a value stands in no row of its own."""

from __future__ import annotations

from python_calamine import CalamineError

from kaohe.workbooks.merged import Merged, merged_ranges
from kaohe.workbooks.read_quiet import quiet_panics

_OLE = b"\xd0\xcf\x11\xe0"


def merged_or_none(data: bytes, sheet: str) -> tuple[Merged, ...]:
    """The sheet's merged ranges; none where the reader cannot tell them."""
    try:
        with quiet_panics(data.startswith(_OLE)):
            return merged_ranges(data, sheet)
    except (CalamineError, OSError, ValueError, OverflowError):
        return ()
    except BaseException as panic:
        if type(panic).__name__ != "PanicException":  # the reader's own, derived from BaseException
            raise
        return ()
