"""What a file may cost, and which files are read in a process of their own."""

from __future__ import annotations

from dataclasses import dataclass

from kaohe.workbooks.guard_types import DEFAULT_LIMITS, MIB, Refused
from kaohe.workbooks.guard_zip import directory


@dataclass(frozen=True, slots=True)
class Budget:
    """What one file may cost the process that reads it: ``seconds``, and bytes of ``memory`` (Linux only)."""

    seconds: float = 60.0
    memory: int = 2048 * MIB


DEFAULT_BUDGET = Budget()

PLAIN_FILE = MIB
PLAIN_CONTENT = 4 * MIB
"""Up to these sizes (packed, inflated) an ordinary .xlsx is read where the program runs."""

_OLE = b"\xd0\xcf\x11\xe0"
_UNUSUAL = ("vbaproject.bin", "/externallinks/", "/embeddings/", "/activex/", "/macrosheets/")


def is_plain(data: bytes) -> bool:
    """Whether a file is read without a process of its own.

    Plain are: ordinary .xlsx of moderate size, and what the guard refuses before any parser sees it. Not
    plain: the old binary format (its reader loads everything and stumbles over damage), large packages,
    packages with macros, links to other workbooks or embedded objects.
    """
    if data.startswith(_OLE):
        return False
    if not data.startswith(b"PK"):
        return True
    if len(data) > PLAIN_FILE:
        return False
    try:
        entries = directory(data, DEFAULT_LIMITS)
    except Refused:
        return True
    if any(mark in key for key in entries for mark in _UNUSUAL):
        return False
    return sum(entry.size for entry in entries.values()) <= PLAIN_CONTENT
