"""Packages with one thing wrong: what several groups of cases are made from."""

from __future__ import annotations

from tests.workbooks import guard_files as make
from tests.workbooks.guard_files import forged_zip, honest, package, parts, sheet_xml

FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
LAUGHS = b'<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def with_part(name: str, content: bytes) -> bytes:
    """A package with this part added or replaced."""
    return package(extra={name: content})


def with_rows(rows: str) -> bytes:
    """A package whose sheet has these rows."""
    return package({"自测表": sheet_xml(rows)})


def with_entry(entry: make.Forged) -> bytes:
    """A package with this forged entry in its place."""
    return forged_zip([one for one in honest(parts()) if one.name != entry.name] + [entry])


def with_doctype(xml: bytes) -> bytes:
    """The XML with a document type that declares entities."""
    return xml.replace(make.DECLARATION, make.DECLARATION + LAUGHS)
