"""The dir stream of a VBA project ([MS-OVBA] 2.3.4.2): project, references, modules."""

from __future__ import annotations

from collections.abc import Sequence
from struct import pack

from kaohe.vba.source import Kind, Module

CODE_PAGE = 1252
"""Of every name and text in the project; ASCII only, so any other would do as well."""

_SYSTEM_32BIT = 1
_LANGUAGE = 0x0409
_REFERENCES = (
    (
        "stdole",
        r"*\G{00020430-0000-0000-C000-000000000046}#2.0#0#C:\Windows\System32\stdole2.tlb#OLE Automation",
    ),
    (
        "Office",
        r"*\G{2DF8D04C-5BFA-101B-BDE5-00AA0044DE52}#2.0#0#C:\Program Files\Common Files\Microsoft Shared"
        r"\OFFICE16\MSO.DLL#Microsoft Office 16.0 Object Library",
    ),
)
"""What Excel gives a new project besides VBA and Excel (Office: IRibbonControl); found by GUID."""


def dir_stream(project: str, modules: Sequence[Module]) -> bytes:
    """The stream, not compressed, for a project of that name; a module's text begins at offset 0."""
    return b"".join(
        (
            _information(project),
            *(_reference(name, library) for name, library in _REFERENCES),
            _record(0x0F, pack("<H", len(modules))),
            _record(0x13, b"\xff\xff"),
            *(_module(module) for module in modules),
            _record(0x10),
        )
    )


def _record(number: int, content: bytes = b"") -> bytes:
    return pack("<HI", number, len(content)) + content


def _both(number: int, unicode_number: int, text: str) -> bytes:
    """A text in the project's code page, then in UTF-16."""
    return _record(number, text.encode("ascii")) + _record(unicode_number, text.encode("utf-16-le"))


def _information(project: str) -> bytes:
    """PROJECTINFORMATION: no help file, no constants, version 1.0 (which has no checked meaning)."""
    return b"".join(
        (
            _record(0x01, pack("<I", _SYSTEM_32BIT)),
            _record(0x02, pack("<I", _LANGUAGE)),
            _record(0x14, pack("<I", _LANGUAGE)),
            _record(0x03, pack("<H", CODE_PAGE)),
            _record(0x04, project.encode("ascii")),
            _both(0x05, 0x40, ""),
            _both(0x06, 0x3D, ""),
            _record(0x07, pack("<I", 0)),
            _record(0x08, pack("<I", 0)),
            pack("<HIIH", 0x09, 4, 1, 0),
            _both(0x0C, 0x3C, ""),
        )
    )


def _reference(name: str, library: str) -> bytes:
    """REFERENCENAME and REFERENCEREGISTERED."""
    path = library.encode("ascii")
    return _both(0x16, 0x3E, name) + _record(0x0D, pack("<I", len(path)) + path + pack("<IH", 0, 0))


def _module(module: Module) -> bytes:
    """MODULE: name, stream, text at offset 0, type, end."""
    kind = 0x21 if module.kind is Kind.STANDARD else 0x22
    return b"".join(
        (
            _both(0x19, 0x47, module.name),
            _both(0x1A, 0x32, module.name),
            _both(0x1C, 0x48, ""),
            _record(0x31, pack("<I", 0)),
            _record(0x1E, pack("<I", 0)),
            _record(0x2C, b"\xff\xff"),
            _record(kind),
            _record(0x2B),
        )
    )
