"""Whether a package hangs together: nothing dangling, nothing twice, everything declared."""

from __future__ import annotations

import collections
import io
import posixpath
import urllib.parse
import zipfile
from collections.abc import Iterator

from lxml import etree

from tests.package.books import parts

RELATIONSHIPS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def broken(data: bytes) -> list[str]:
    """What is wrong with a package, in words; nothing when it is whole."""
    found = parts(data)
    return [*_twice(data), *_undeclared(found), *_dangling(found), *_book(found)]


def _twice(data: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        counted = collections.Counter(name.lower() for name in archive.namelist())
    yield from (f"entry {name} stands {count} times" for name, count in counted.items() if count > 1)


def _undeclared(found: dict[str, bytes]) -> Iterator[str]:
    types = etree.fromstring(found["[Content_Types].xml"])
    names = [node.get("PartName") for node in types if node.get("PartName")]
    defaults = {str(node.get("Extension")).lower() for node in types if node.get("Extension")}
    yield from (f"type of {n} told {c} times" for n, c in collections.Counter(names).items() if c > 1)
    yield from (f"type of {n}, which is not there" for n in names if n.lstrip("/") not in found)
    for name in found:
        told = f"/{name}" in names or name.rpartition(".")[2].lower() in defaults
        if name != "[Content_Types].xml" and not told:
            yield f"no type for {name}"


def _dangling(found: dict[str, bytes]) -> Iterator[str]:
    for name, content in found.items():
        if not name.endswith(".rels"):
            continue
        folder, file = posixpath.split(name)
        owner = posixpath.join(posixpath.dirname(folder), file.removesuffix(".rels"))
        nodes = list(etree.fromstring(content))
        ids = collections.Counter(node.get("Id") for node in nodes)
        yield from (f"{name}: {rel_id} stands {count} times" for rel_id, count in ids.items() if count > 1)
        for node in nodes:
            target = urllib.parse.unquote(str(node.get("Target")).split("#")[0])
            path = posixpath.normpath(posixpath.join("/", posixpath.dirname(owner), target)).lstrip("/")
            if node.get("TargetMode") != "External" and path not in found:
                yield f"{name}: {node.get('Id')} leads to {path}, which is not there"
        if owner in found and owner.endswith(".xml"):
            used = {
                value
                for element in etree.fromstring(found[owner]).iter()
                for key, value in element.attrib.items()
                if str(key).startswith(RELATIONSHIPS)
            }
            yield from (f"{owner}: {rel_id} is no relationship" for rel_id in used - set(ids) - {""})


def _book(found: dict[str, bytes]) -> Iterator[str]:
    root = etree.fromstring(found["xl/workbook.xml"])
    sheets = root.findall("{*}sheets/{*}sheet")
    for what in ("name", "sheetId"):
        counted = collections.Counter(str(sheet.get(what)).lower() for sheet in sheets)
        yield from (f"sheet {what} {value} stands {n} times" for value, n in counted.items() if n > 1)
    names = root.findall("{*}definedNames/{*}definedName")
    scoped = collections.Counter((str(n.get("name")).lower(), n.get("localSheetId")) for n in names)
    yield from (f"name {name} stands {count} times" for name, count in scoped.items() if count > 1)
    for name in names:
        if int(name.get("localSheetId") or 0) >= len(sheets):
            yield f"name {name.get('name')} of a sheet that is not there"
