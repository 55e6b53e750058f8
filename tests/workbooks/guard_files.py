"""Workbooks made byte by byte for the guard's tests: any parts, zips that lie, compound files."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SHEET_PART = "xl/worksheets/sheet1.xml"


def sheet_xml(rows: str = '<row r="1"><c r="A1"><v>1</v></c></row>') -> bytes:
    """A worksheet with these rows."""
    return DECLARATION + f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'.encode()


def styles_xml(*formats: int | str) -> bytes:
    """A style sheet with one cell format per argument: a built-in id, or a format code of our own."""
    own = {code: 164 + i for i, code in enumerate(code for code in formats if isinstance(code, str))}
    declared = "".join(f'<numFmt numFmtId="{n}" formatCode="{_escaped(code)}"/>' for code, n in own.items())
    xfs = "".join(f'<xf numFmtId="{own[f] if isinstance(f, str) else f}"/>' for f in formats)
    body = f"<numFmts>{declared}</numFmts><cellStyleXfs><xf numFmtId='9'/></cellStyleXfs>"
    body += f"<cellXfs>{xfs}</cellXfs>"
    return DECLARATION + f'<styleSheet xmlns="{MAIN}">{body}</styleSheet>'.encode()


def strings_xml(*texts: str) -> bytes:
    """A shared string table."""
    items = "".join(f"<si><t>{_escaped(text)}</t></si>" for text in texts)
    return DECLARATION + f'<sst xmlns="{MAIN}">{items}</sst>'.encode()


def parts(
    sheets: Mapping[str, bytes] | None = None,
    extra: Mapping[str, bytes] | None = None,
    states: Sequence[str] = (),
) -> dict[str, bytes]:
    """The parts of a package with these sheets (name: XML); ``extra`` replaces or adds parts."""
    sheets = sheets or {"自测表": sheet_xml()}
    listed, links = "", ""
    made: dict[str, bytes] = {}
    for number, (name, xml) in enumerate(sheets.items(), 1):
        state = f' state="{states[number - 1]}"' if len(states) >= number and states[number - 1] else ""
        listed += f'<sheet name="{_escaped(name)}" sheetId="{number}"{state} r:id="rId{number}"/>'
        links += (
            f'<Relationship Id="rId{number}" Type="{_R}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        )
        made[f"xl/worksheets/sheet{number}.xml"] = xml
    book = f'<workbook xmlns="{MAIN}" xmlns:r="{_R}"><sheets>{listed}</sheets></workbook>'
    rels = f'<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'
    default = '<Default Extension="xml" ContentType="application/xml"/>'
    types = f'<Types xmlns="{_PACKAGE}/content-types">{default}</Types>'
    root = f'<Relationship Id="rId1" Type="{_R}/officeDocument" Target="xl/workbook.xml"/>'
    small = {
        "[Content_Types].xml": types,
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{root}</Relationships>',
        "xl/workbook.xml": book,
        "xl/_rels/workbook.xml.rels": rels,
    }
    return {name: DECLARATION + text.encode() for name, text in small.items()} | made | dict(extra or {})


def package(
    sheets: Mapping[str, bytes] | None = None,
    extra: Mapping[str, bytes] | None = None,
    states: Sequence[str] = (),
) -> bytes:
    """An .xlsx with these sheets."""
    return zipped(parts(sheets, extra, states))


def zipped(contents: Mapping[str, bytes]) -> bytes:
    """An ordinary zip."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in contents.items():
            target.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


# -- zips that lie --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Forged:
    """One zip entry, every field free: ``size`` is what the directory declares, ``at`` an offset to claim."""

    name: str
    packed: bytes
    size: int
    method: int = 8
    flags: int = 0x800
    at: int | None = None
    crc: int = 0


def forged(name: str, content: bytes, **fields: int) -> Forged:
    """An honest entry, unless ``fields`` say otherwise."""
    return Forged(name, deflated(content), **{"size": len(content), "crc": zlib.crc32(content), **fields})


def deflated(content: bytes) -> bytes:
    """A raw deflate stream."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush()


def spaces(mebibytes: int) -> bytes:
    """A raw deflate stream of that many MiB of spaces, made without making them."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    block = packer.compress(b" " * (1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(b" " * (1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    return block + again * (mebibytes - 1) + packer.flush()


def forged_zip(entries: Iterable[Forged], tail: bytes = b"", count: int | None = None) -> bytes:
    """A zip of these entries in order; ``count`` is what its end record claims."""
    body, central, number = b"", b"", 0
    for entry in entries:
        name = entry.name.encode()
        here = len(body) if entry.at is None else entry.at
        fields = (20, entry.flags, entry.method, 0, 0x21, entry.crc, len(entry.packed), entry.size, len(name))
        body += struct.pack("<4s5H3L2H", b"PK\3\4", *fields, 0) + name + entry.packed
        central += struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, *fields, 0, 0, 0, 0, 0, here) + name
        number += 1
    claimed = number if count is None else count
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, claimed, claimed, len(central), len(body), len(tail))
    return body + central + end + tail


def honest(contents: Mapping[str, bytes]) -> list[Forged]:
    """Entries to forge one of."""
    return [forged(name, content) for name, content in contents.items()]


# -- compound files -------------------------------------------------------------------------------

_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def compound(streams: Mapping[str, bytes]) -> bytes:
    """A compound file of these streams, each padded to 4,096 bytes so that none needs the mini stream."""
    sectors: list[bytes] = []
    chain: list[int] = []
    entries = [_directory_entry("Root Entry", 5, _END, 0)]
    for name, content in streams.items():
        content = content.ljust(4096, b"\0")
        start = len(sectors)
        pieces = [content[at : at + _SECTOR].ljust(_SECTOR, b"\0") for at in range(0, len(content), _SECTOR)]
        sectors += pieces
        chain += [*range(start + 1, start + len(pieces)), _END]
        entries.append(_directory_entry(name, 2, start, len(content)))
    entries += [bytes(128)] * (-len(entries) % 4)
    directory_start = len(sectors)
    listing = b"".join(entries)
    sectors += [listing[at : at + _SECTOR] for at in range(0, len(listing), _SECTOR)]
    chain += [*range(directory_start + 1, len(sectors)), _END]
    fat_sectors = -(-(len(sectors) + 1) // 127)
    places = list(range(len(sectors), len(sectors) + fat_sectors))
    chain += [_FAT] * fat_sectors
    chain += [_FREE] * (fat_sectors * 128 - len(chain))
    header = struct.pack("<8s16x5H6x", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<9L", 0, fat_sectors, directory_start, 0, 4096, _END, 0, _END, 0)
    header += struct.pack("<109L", *places, *[_FREE] * (109 - len(places)))
    return header + b"".join(sectors) + struct.pack(f"<{len(chain)}L", *chain)


def _directory_entry(name: str, kind: int, start: int, size: int) -> bytes:
    encoded = name.encode("utf-16-le")
    head = encoded.ljust(64, b"\0") + struct.pack("<HBB3L", len(encoded) + 2, kind, 1, _FREE, _FREE, _FREE)
    return head.ljust(116, b"\0") + struct.pack("<2L4x", start, size)


def biff(kind: int, *fields: int | bytes) -> bytes:
    """One record: 16-bit fields, or raw bytes."""
    body = b"".join(field if isinstance(field, bytes) else struct.pack("<H", field) for field in fields)
    return struct.pack("<2H", kind, len(body)) + body


BOF = biff(0x0809, 0x0600, 0x0005, 0, 0, 0, 0, 0, 0)
EOF = biff(0x000A)


def number_record(row: int, column: int, value: float, style: int = 0) -> bytes:
    """A NUMBER record; row and column from 0."""
    return biff(0x0203, row, column, style, struct.pack("<d", value))


def xls(cells: bytes, book: bytes = b"", name: str = "Sheet1") -> bytes:
    """An .xls of one sheet with these cell records and additional workbook records."""
    bound = len(BOF) + len(book) + 4 + 8 + len(name) + len(EOF)
    listed = biff(0x0085, struct.pack("<L4B", bound, 0, 0, len(name), 0) + name.encode("latin-1"))
    return compound({"Workbook": BOF + book + listed + EOF + BOF + cells + EOF})
