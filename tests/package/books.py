"""Masters the tests of the package patch share, and ways to look into a package and to edit one."""

from __future__ import annotations

import io
import warnings
import zipfile
from typing import Any

import openpyxl
from lxml import etree

from kaohe.workbooks.package import create
from kaohe.workbooks.plan import BookPlan
from kaohe.workbooks.skeleton import build_skeleton
from tests.package.plans import notes_sheet, ranking

NS = {
    "m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "x14": "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main",
    "xm": "http://schemas.microsoft.com/office/excel/2006/main",
}
OFFICE_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def skeleton() -> bytes:
    """The master's skeleton."""
    return build_skeleton("总表")


def master(count: int = 9) -> bytes:
    """A master with a ranking of ``count`` units."""
    names = (("_kaohe.格式", '"1"'),)
    return create(skeleton(), BookPlan((ranking(count), notes_sheet()), names, "排名"))


def parts(data: bytes) -> dict[str, bytes]:
    """Every part of a package, unpacked; checks the checksums on the way."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rebuilt(changed: dict[str, bytes]) -> bytes:
    """A package of these parts, as another program would write it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in changed.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def edited(data: bytes, part: str, *changes: tuple[str, str]) -> bytes:
    """The package with texts of one part exchanged; each must be there exactly once."""
    all_parts = parts(data)
    text = all_parts[part].decode()
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {part}"
        text = text.replace(old, new)
    return rebuilt({**all_parts, part: text.encode()})


def with_part(
    data: bytes, owner: str, rel: tuple[str, str, str], name: str, content: bytes, content_type: str = ""
) -> bytes:
    """The package with one more part, which ``owner`` refers to by ``rel``: (id, kind, target).

    ``content_type`` '' where the package has a default for the part's suffix.
    """
    all_parts = parts(data)
    folder, _, file = owner.rpartition("/")
    rels = f"{folder}/_rels/{file}.rels"
    rel_id, kind, target = rel
    node = f'<Relationship Id="{rel_id}" Type="{NS["r"]}/{kind}" Target="{target}"/></Relationships>'
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    empty = f'<Relationships xmlns="{space}"></Relationships>'
    old = all_parts.get(rels, empty.encode()).decode()
    all_parts[rels] = old.replace("</Relationships>", node).encode()
    if content_type:
        override = f'<Override PartName="/{name}" ContentType="{content_type}"/></Types>'
        types = all_parts["[Content_Types].xml"].decode().replace("</Types>", override)
        all_parts["[Content_Types].xml"] = types.encode()
    return rebuilt({**all_parts, name: content})


def sheet_part(data: bytes, name: str) -> str:
    """The part that holds the sheet of that name."""
    found = parts(data)
    workbook = etree.fromstring(found["xl/workbook.xml"])
    rels = etree.fromstring(found["xl/_rels/workbook.xml.rels"])
    node = workbook.find(f"m:sheets/m:sheet[@name='{name}']", NS)
    assert node is not None, name
    wanted = node.get(f"{{{NS['r']}}}id")
    target = next(rel.get("Target") for rel in rels if rel.get("Id") == wanted)
    return "xl/" + str(target).removeprefix("/xl/")


def sheet_xml(data: bytes, name: str) -> Any:
    """The sheet of that name as a tree."""
    return etree.fromstring(parts(data)[sheet_part(data, name)])


def defined_names(data: bytes) -> dict[tuple[str, str | None], str]:
    """Defined names by (name, index of the sheet they are local to)."""
    workbook = etree.fromstring(parts(data)["xl/workbook.xml"])
    nodes = workbook.findall("m:definedNames/m:definedName", NS)
    return {(node.get("name"), node.get("localSheetId")): node.text for node in nodes}


def cell(data: bytes, sheet: str, ref: str) -> Any:
    """One ``<c>``; None when there is none."""
    return sheet_xml(data, sheet).find(f"m:sheetData/m:row/m:c[@r='{ref}']", NS)


def opened(data: bytes) -> openpyxl.Workbook:
    """The workbook as openpyxl reads it; that it knows fewer extensions than Excel is no matter here."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module="openpyxl")
        return openpyxl.load_workbook(io.BytesIO(data))


def outside(before: bytes, after: bytes, changed: set[str]) -> dict[str, str]:
    """Parts outside of ``changed`` that are not what they were: name → what happened."""
    old, new = parts(before), parts(after)
    return {
        name: "lost" if name not in new else "changed"
        for name, content in old.items()
        if name not in changed and new.get(name) != content
    }


def allowed(data: bytes, *sheets: str) -> set[str]:
    """The parts a patch of those sheets may change."""
    workbook = {"xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml", "xl/calcChain.xml"}
    ours = {sheet_part(data, name) for name in sheets}
    rels = {name.replace("worksheets/", "worksheets/_rels/") + ".rels" for name in ours}
    return workbook | ours | rels
