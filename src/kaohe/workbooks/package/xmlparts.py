"""XML parts of a package: parse without following anything, write back, resolve relationships."""

from __future__ import annotations

import itertools
import posixpath
import urllib.parse
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import quoteattr

from lxml import etree

from kaohe.workbooks.package.errors import PatchRefused

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_REL = "http://schemas.openxmlformats.org/package/2006/relationships"
CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
XM = "http://schemas.microsoft.com/office/excel/2006/main"
R_ID = f"{{{REL}}}id"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

Element = Any  # lxml comes without types


def main(tag: str) -> str:
    """A tag of the spreadsheet namespace as lxml writes it."""
    return f"{{{MAIN}}}{tag}"


def local(element: Element) -> str:
    """The tag without its namespace; '' for comments and processing instructions."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def parse(content: bytes, name: str) -> Element:
    """The root of a part. Raises PatchRefused when it is not plain well-formed XML."""
    if b"<!DOCTYPE" in content[:2048]:
        raise PatchRefused(f"工作簿的部件 {name} 含有 DOCTYPE。", "该文件来历可疑,请另存为 .xlsx 后再试。")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise PatchRefused(
            f"工作簿的部件 {name} 已损坏({error.msg})。", "请从“备份”文件夹恢复,或用 Excel 打开修复。"
        ) from error


def write(root: Element) -> bytes:
    """The part as bytes, UTF-8 with declaration."""
    content: bytes = etree.tostring(root, encoding="UTF-8")
    return DECLARATION.encode() + content


@dataclass(frozen=True, slots=True)
class Relation:
    """One relationship: ``target`` is a part name, or a URL when ``external``."""

    id: str
    type: str
    target: str
    external: bool = False

    @property
    def kind(self) -> str:
        """The last word of the type: worksheet, hyperlink, calcChain …"""
        return self.type.rsplit("/", 1)[-1]


def rels_name(part: str) -> str:
    """``xl/worksheets/sheet1.xml`` → ``xl/worksheets/_rels/sheet1.xml.rels``."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def relations(root: Element, part: str) -> Iterator[Relation]:
    """The relationships of a part, targets resolved against the part's folder."""
    for node in root.iter(f"{{{PACKAGE_REL}}}Relationship"):
        external = node.get("TargetMode") == "External"
        target = node.get("Target", "")
        yield Relation(
            node.get("Id", ""),
            node.get("Type", ""),
            target if external else resolve(part, target),
            external,
        )


def resolve(part: str, target: str) -> str:
    """The part a relationship's target names, seen from ``part``."""
    path = urllib.parse.unquote(target.split("#", 1)[0])
    if path.startswith("/"):
        return path[1:]
    return posixpath.normpath(posixpath.join(posixpath.dirname(part), path))


def relative(part: str, target: str) -> str:
    """The target of a relationship from ``part`` to the part ``target``."""
    return posixpath.relpath(target, posixpath.dirname(part) or ".")


def empty_relations() -> Element:
    """A rels part with nothing in it."""
    return etree.fromstring(f'<Relationships xmlns="{PACKAGE_REL}"/>'.encode())


def add_relations(
    root: Element, type_name: str, targets: Iterable[str], external: bool = False
) -> dict[str, str]:
    """Append a relationship for each different target; returns target → id, the first free rIdN."""
    used = {node.get("Id") for node in root}
    free = (f"rId{n}" for n in itertools.count(1) if f"rId{n}" not in used)
    ids = {target: next(free) for target in dict.fromkeys(targets)}
    for target, rel_id in ids.items():
        node = etree.SubElement(root, f"{{{PACKAGE_REL}}}Relationship")
        node.set("Id", rel_id)
        node.set("Type", f"{REL}/{type_name}")
        node.set("Target", target)
        if external:
            node.set("TargetMode", "External")
    return ids


def attributes(**values: str | int | None) -> str:
    """`` a="1" b="x"`` for those that are not None; the values escaped."""
    return "".join(f" {key}={quoteattr(str(value))}" for key, value in values.items() if value is not None)
