"""Hostile and mistaken files: each ends in its own refusal, within a declared time and memory."""

from __future__ import annotations

import struct
import time
import tracemalloc
from collections.abc import Callable

import pytest

from kaohe.workbooks.guard import Limits, inspect
from kaohe.workbooks.guard_types import REFUSALS
from kaohe.workbooks.read import read_book
from tests.workbooks import guard_files as make
from tests.workbooks.guard_files import (
    BOF,
    EOF,
    SHEET_PART,
    biff,
    forged,
    forged_zip,
    honest,
    package,
    parts,
    sheet_xml,
)

SECONDS = 3.0
MEMORY = 64 << 20

FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
LAUGHS = b'<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def with_part(name: str, content: bytes) -> bytes:
    return package(extra={name: content})


def with_rows(rows: str) -> bytes:
    return package({"自测表": sheet_xml(rows)})


def with_entry(entry: make.Forged) -> bytes:
    return forged_zip([one for one in honest(parts()) if one.name != entry.name] + [entry])


def with_doctype(xml: bytes) -> bytes:
    return xml.replace(make.DECLARATION, make.DECLARATION + LAUGHS)


def overlapping() -> bytes:
    entries = honest(parts())
    return forged_zip([*entries[:-1], forged("a.bin", b"x" * 5000, at=30), entries[-1]])


def cut_compound() -> bytes:
    return make.xls(make.number_record(0, 0, 1.0))[:2048]


def endless_chain() -> bytes:
    whole = bytearray(make.xls(make.number_record(0, 0, 1.0)))
    struct.pack_into("<L", whole, len(whole) - 512 + 4 * 3, 1)
    return bytes(whole)


def amplified_text() -> bytes:
    cells = "".join(f'<row r="{r}"><c r="A{r}" t="s"><v>0</v></c></row>' for r in range(1, 20_001))
    return package({"自测表": sheet_xml(cells)}, {"xl/sharedStrings.xml": make.strings_xml("长" * 30_000)})


def amplified_xls() -> bytes:
    table = biff(0xFC, struct.pack("<2L", 1, 1) + struct.pack("<HB", 8000, 0) + b"x" * 8000)
    cells = b"".join(biff(0xFD, row, 0, 0, struct.pack("<L", 0)) for row in range(30_000))
    return make.xls(cells, table)


def utf16_far() -> bytes:
    text = sheet_xml(FAR).decode().replace("UTF-8", "UTF-16")
    return package({"自测表": text.encode("utf-16")})


def prefixed_far() -> bytes:
    body = (
        f'<x:worksheet xmlns:x="{make.MAIN}"><x:sheetData><x:row r="1"><x:c r="XFD1048576"><x:v>1</x:v></x:c>'
    )
    return package({"自测表": (body + "</x:row></x:sheetData></x:worksheet>").encode()})


def mixed_prefix_far() -> bytes:
    body = (
        f'<worksheet xmlns="{make.MAIN}" xmlns:x="{make.MAIN}"><sheetData><x:row r="1"><x:c r="XFD1048576">'
    )
    return package({"自测表": (body + "<x:v>1</x:v></x:c></x:row></sheetData></worksheet>").encode()})


XLS_CELL = make.number_record(0, 0, 1.0)

HOSTILE: dict[str, tuple[str, str, Callable[[], bytes]]] = {
    # what: (file name, refusal code, bytes)
    "nothing": ("a.xlsx", "empty", lambda: b""),
    "owner file": ("~$a.xlsx", "owner_file", lambda: b"\x05admin".ljust(165, b" ")),
    "lock file of LibreOffice": (".~lock.a.xlsx#", "owner_file", lambda: b",admin,pc,,;"),
    "zeros": ("a.xlsx", "truncated", lambda: bytes(5000)),
    "noise": ("a.xlsx", "unknown", lambda: bytes(range(256)) * 9),
    "html as xls": ("a.xls", "format", lambda: "<html><table><tr><td>指标".encode()),
    "html without html tag": ("a.xls", "format", lambda: '\ufeff\r\n<table border="1">'.encode()),
    "html in gb18030": ("a.xls", "format", lambda: "<TABLE><tr><td>完成值</td>".encode("gb18030")),
    "mhtml": ("a.xls", "format", lambda: b"MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\n"),
    "csv in utf-8": ("a.xlsx", "format", lambda: "指标,完成值\n财政收入,26.25\n".encode()),
    "csv in gb18030": ("a.xls", "format", lambda: "指标,完成值\n财政收入,26.25\n".encode("gb18030")),
    "csv in utf-16": ("a.csv", "format", lambda: "指标\t完成值\n".encode("utf-16")),
    "xml spreadsheet 2003": (
        "a.xls",
        "format",
        lambda: b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
    ),
    "pdf": ("a.xlsx", "format", lambda: b"%PDF-1.7\n%\xe2\xe3"),
    "photo": ("a.xlsx", "format", lambda: b"\xff\xd8\xff\xe0\x00\x10JFIF"),
    "program": ("a.xlsx", "format", lambda: b"MZ\x90\x00\x03"),
    "rar": ("a.xlsx", "archive", lambda: b"Rar!\x1a\x07\x01\x00"),
    "zip of workbooks": ("a.zip", "archive", lambda: make.zipped({"滨湖区.xlsx": package()})),
    "zip of anything": ("a.xlsx", "no_workbook", lambda: make.zipped({"a.txt": b"x"})),
    "word": ("a.xlsx", "format", lambda: make.zipped({"word/document.xml": b"<x/>"})),
    "xlsb": ("a.xlsx", "format", lambda: make.zipped({"xl/workbook.bin": b"x"})),
    "ods": ("a.xlsx", "format", lambda: make.zipped({"mimetype": b"x", "content.xml": b"<x/>"})),
    "half a zip": ("a.xlsx", "truncated", lambda: package()[: len(package()) // 2]),
    "one byte short": ("a.xlsx", "truncated", lambda: package()[:-1]),
    "more behind the end": ("a.xlsx", "damaged", lambda: package() + b"more"),
    "end record that counts more": ("a.xlsx", "damaged", lambda: forged_zip(honest(parts()), count=9)),
    "end record that counts fewer": ("a.xlsx", "damaged", lambda: forged_zip(honest(parts()), count=3)),
    "directory overwritten": ("a.xlsx", "damaged", lambda: package().replace(b"PK\x01\x02", b"PK\x01\x03")),
    "two parts of one name": ("a.xlsx", "duplicate_part", lambda: forged_zip(honest(parts()) * 2)),
    "two parts that differ by case": (
        "a.xlsx",
        "duplicate_part",
        lambda: with_part("XL/Worksheets/Sheet1.xml", sheet_xml()),
    ),
    "two parts that differ by slash": (
        "a.xlsx",
        "duplicate_part",
        lambda: forged_zip([*honest(parts()), forged("xl\\worksheets\\sheet1.xml", sheet_xml())]),
    ),
    "path that climbs": ("a.xlsx", "part_path", lambda: with_part("../../etc/passwd", b"x")),
    "path that climbs by backslash": (
        "a.xlsx",
        "part_path",
        lambda: forged_zip([*honest(parts()), forged("..\\..\\autorun.inf", b"x")]),
    ),
    "absolute path": ("a.xlsx", "part_path", lambda: with_part("/etc/passwd", b"x")),
    "path with a drive": ("a.xlsx", "part_path", lambda: with_part("C:/windows/x", b"x")),
    "entries that share bytes": ("a.xlsx", "overlap", overlapping),
    "ten thousand parts": (
        "a.xlsx",
        "too_many_parts",
        lambda: make.zipped({f"x{n}": b"" for n in range(10_000)}),
    ),
    "parts in secret": ("a.xlsx", "zip_feature", lambda: with_entry(forged("a", b"x", flags=1))),
    "bzip2 sheet": ("a.xlsx", "zip_feature", lambda: with_entry(forged(SHEET_PART, sheet_xml(), method=12))),
    "zip64": ("a.xlsx", "zip_feature", lambda: with_entry(forged("a", b"x", size=0xFFFFFFFF))),
    "bomb of a gigabyte": (
        "a.xlsx",
        "bomb",
        lambda: with_entry(make.Forged(SHEET_PART, make.spaces(1024), 1 << 30)),
    ),
    "bomb in the strings": (
        "a.xlsx",
        "bomb",
        lambda: with_entry(make.Forged("xl/sharedStrings.xml", make.spaces(100), 100 << 20)),
    ),
    "bomb that lies about its size": (
        "a.xlsx",
        "damaged",
        lambda: with_entry(make.Forged(SHEET_PART, make.spaces(1024), 50_000)),
    ),
    "bomb in the strings that lies": (
        "a.xlsx",
        "damaged",
        lambda: with_entry(make.Forged("xl/sharedStrings.xml", make.spaces(512), 50_000)),
    ),
    "bomb in the styles that lies": (
        "a.xlsx",
        "damaged",
        lambda: with_entry(make.Forged("xl/styles.xml", make.spaces(512), 50_000)),
    ),
    "many parts that add up": (
        "a.xlsx",
        "bomb",
        lambda: forged_zip([forged(f"xl/media/{n}.png", b"x" * 9, size=0x7FFFFFF) for n in range(20)]),
    ),
    "deflate stream cut off": (
        "a.xlsx",
        "truncated",
        lambda: with_entry(make.Forged(SHEET_PART, make.deflated(sheet_xml())[:-9], len(sheet_xml()))),
    ),
    "deflate stream of noise": (
        "a.xlsx",
        "damaged",
        lambda: with_entry(make.Forged(SHEET_PART, b"\xff" * 99, len(sheet_xml()))),
    ),
    "entities in the workbook": (
        "a.xlsx",
        "entity",
        lambda: with_part("xl/workbook.xml", with_doctype(parts()["xl/workbook.xml"])),
    ),
    "entities in the relationships": (
        "a.xlsx",
        "entity",
        lambda: with_part("xl/_rels/workbook.xml.rels", with_doctype(parts()["xl/_rels/workbook.xml.rels"])),
    ),
    "entities in a sheet": ("a.xlsx", "entity", lambda: package({"自测表": with_doctype(sheet_xml())})),
    "entities in the strings": (
        "a.xlsx",
        "entity",
        lambda: with_part("xl/sharedStrings.xml", with_doctype(make.strings_xml("x"))),
    ),
    "entities in the styles": (
        "a.xlsx",
        "entity",
        lambda: with_part("xl/styles.xml", with_doctype(make.styles_xml(0))),
    ),
    "value in the last cell": ("a.xlsx", "cell_bounds", lambda: with_rows(FAR)),
    "value in the last cell, small letters": (
        "a.xlsx",
        "cell_bounds",
        lambda: with_rows(FAR.replace("XFD", "xfd")),
    ),
    "value in the last cell, apostrophes": (
        "a.xlsx",
        "cell_bounds",
        lambda: with_rows(FAR.replace('"', "'")),
    ),
    "value in the last cell, line breaks": (
        "a.xlsx",
        "cell_bounds",
        lambda: with_rows(FAR.replace("<c r", "<c\n\tr")),
    ),
    "value in the last cell, other attributes first": (
        "a.xlsx",
        "cell_bounds",
        lambda: with_rows(FAR.replace("<c r", '<c s="0" r')),
    ),
    "value in the last cell, utf-16": ("a.xlsx", "cell_bounds", utf16_far),
    "value in the last cell, prefix": ("a.xlsx", "cell_bounds", prefixed_far),
    "value in the last cell, two prefixes": ("a.xlsx", "cell_bounds", mixed_prefix_far),
    "last row without cell addresses": (
        "a.xlsx",
        "cell_bounds",
        lambda: with_rows('<row r="4000000000"><c><v>1</v></c></row>'),
    ),
    "column beyond the last": (
        "a.xlsx",
        "cell_bounds",
        lambda: with_rows('<row r="1"><c r="ZZZZZ1"><v>1</v></c></row>'),
    ),
    "address twice": (
        "a.xlsx",
        "damaged",
        lambda: with_rows('<row r="1"><c r="A1" r="XFD1048576"><v>1</v></c></row>'),
    ),
    "address that is none": (
        "a.xlsx",
        "damaged",
        lambda: with_rows('<row r="1"><c r="1A"><v>1</v></c></row>'),
    ),
    "area too large": (
        "a.xlsx",
        "too_many_cells",
        lambda: with_rows(
            '<row r="1"><c r="ALL1"><v>1</v></c></row><row r="900000"><c r="A900000"><v>1</v></c></row>'
        ),
    ),
    "error cell far away": (
        "a.xlsx",
        "cell_bounds",
        lambda: with_rows('<row r="1"><c r="A1" t="e"><v>#N/A</v></c></row>' + FAR),
    ),
    "one long text in many cells": ("a.xlsx", "too_much_text", amplified_text),
    "sheet part missing": (
        "a.xlsx",
        "damaged",
        lambda: make.zipped({name: xml for name, xml in parts().items() if name != SHEET_PART}),
    ),
    "relationships missing": (
        "a.xlsx",
        "damaged",
        lambda: make.zipped({name: xml for name, xml in parts().items() if not name.endswith(".rels")}),
    ),
    "sheet cut off": ("a.xlsx", "reader", lambda: package({"自测表": sheet_xml()[:-30]})),
    "sheet of noise": ("a.xlsx", "damaged", lambda: package({"自测表": b"\xff\xfe\x00" * 99})),
    "sheet that is none": ("a.xlsx", "damaged", lambda: package({"自测表": b"<html></html>"})),
    "workbook part of noise": ("a.xlsx", "damaged", lambda: with_part("xl/workbook.xml", b"\x00" * 50)),
    "string that is not there": (
        "a.xlsx",
        "reader",
        lambda: with_rows('<row r="1"><c r="A1" t="s"><v>99</v></c></row>'),
    ),
    "cells in cells": (
        "a.xlsx",
        "reader",
        lambda: with_rows('<row r="1">' + '<c r="A1">' * 3000 + "</c>" * 3000 + "</row>"),
    ),
    "encrypted": (
        "a.xlsx",
        "encrypted",
        lambda: make.compound({"EncryptionInfo": b"x", "EncryptedPackage": b"x"}),
    ),
    "word in the old format": ("a.xls", "format", lambda: make.compound({"WordDocument": b"x"})),
    "compound file of nothing": ("a.xls", "no_workbook", lambda: make.compound({"Other": b"x"})),
    "compound file cut off": ("a.xls", "truncated", cut_compound),
    "compound header alone": ("a.xls", "truncated", lambda: make.xls(XLS_CELL)[:512]),
    "compound file with a loop": ("a.xls", "damaged", endless_chain),
    "xls with a password": ("a.xls", "encrypted", lambda: make.xls(XLS_CELL, biff(0x2F, 1, 1, 1))),
    "xls cell far right": ("a.xls", "cell_bounds", lambda: make.xls(make.number_record(65535, 65535, 1.0))),
    "xls that announces a huge area": (
        "a.xls",
        "damaged",
        lambda: make.xls(biff(0x0200, struct.pack("<2L3H", 0, 0xFFFFFFFF, 0, 0xFFFF, 0))),
    ),
    "xls that announces an area backwards": (
        "a.xls",
        "damaged",
        lambda: make.xls(biff(0x0200, struct.pack("<2L3H", 9, 3, 0, 5, 0))),
    ),
    "xls with one long text in many cells": ("a.xls", "too_much_text", amplified_xls),
    "xls of Excel 95": ("a.xls", "format", lambda: make.compound({"Book": BOF + EOF})),
    "xls cell record cut short": ("a.xls", "damaged", lambda: make.xls(biff(0x0203, 1, 1))),
    "xls that announces strings without end": (
        "a.xls",
        "damaged",
        lambda: make.xls(XLS_CELL, biff(0xFC, struct.pack("<2L", 1, 0x7FFFFFFF))),
    ),
    "xls record cut off": (
        "a.xls",
        "truncated",
        lambda: make.compound({"Workbook": BOF + b"\x03\x02\xff\xff"}),
    ),
    "xls sheet beyond the end": (
        "a.xls",
        "damaged",
        lambda: make.compound(
            {"Workbook": BOF + biff(0x85, struct.pack("<L4B", 1 << 30, 0, 0, 1, 0) + b"S") + EOF}
        ),
    ),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_each_is_refused_in_bounded_time_and_memory(what: str) -> None:
    name, code, build = HOSTILE[what]
    data = build()
    tracemalloc.start()
    began = time.perf_counter()
    book = read_book(data, name)
    seconds = time.perf_counter() - began
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert book.refusal is not None
    assert book.refusal.code == code, book.refusal.reason
    assert not book.sheets
    assert seconds < SECONDS
    assert peak < MEMORY


@pytest.mark.parametrize("what", HOSTILE)
def test_each_refusal_says_what_and_how_to_mend_it(what: str) -> None:
    name, code, build = HOSTILE[what]
    refusal = read_book(build(), name).refusal
    assert refusal is not None
    assert refusal.remedy == REFUSALS[code][1]
    assert len(refusal.reason) >= 6
    assert "{" not in refusal.reason


def test_every_refusal_in_the_table_is_tried() -> None:
    limits_tried = {"too_big", "odd_sheet", "sheet_names"}
    assert {code for _, code, _ in HOSTILE.values()} | limits_tried == set(REFUSALS)


def test_a_file_above_the_limit() -> None:
    seen = inspect(package(), "a.xlsx", Limits(file=100)).refusal
    assert seen is not None
    assert seen.code == "too_big"


def test_an_odd_sheet_above_its_limit() -> None:
    odd = package({"自测表": sheet_xml("<!-- x -->" + '<row r="1"><c r="A1"><v>1</v></c></row>')})
    assert inspect(odd, "a.xlsx").refusal is None
    seen = inspect(odd, "a.xlsx", Limits(odd_sheet=100)).refusal
    assert seen is not None
    assert seen.code == "odd_sheet"


def test_a_sheet_list_that_the_reader_sees_differently() -> None:
    """A sheet of a kind we do not list in the same way must not shift the names of the others."""
    book = parts()["xl/workbook.xml"].replace(b"<sheets>", b'<x><sheet sheetId="9"/></x><sheets>')
    seen = read_book(with_part("xl/workbook.xml", book), "a.xlsx").refusal
    assert seen is not None
    assert seen.code in ("sheet_names", "reader", "damaged")


@pytest.mark.parametrize("at", range(0, 1700, 37))
def test_a_byte_turned_over_never_escapes(at: int) -> None:
    data = bytearray(package({"自测表": sheet_xml(), "说明": sheet_xml()}))
    data[at % len(data)] ^= 0x5A
    book = read_book(bytes(data), "a.xlsx")
    assert (book.refusal is None) == bool(book.sheets)


@pytest.mark.parametrize("at", range(0, 6144, 61))
def test_a_byte_turned_over_in_an_xls_never_escapes(at: int) -> None:
    data = bytearray(make.xls(XLS_CELL))
    data[at % len(data)] ^= 0xFF
    book = read_book(bytes(data), "a.xls")
    assert (book.refusal is None) == bool(book.sheets)
