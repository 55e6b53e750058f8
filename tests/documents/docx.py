"""Small documents for tests: a template of a few paragraphs, and what a document says."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from lxml import etree

from tools.documents_xml import document, para

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def drawn(*texts: str, header: str = "") -> bytes:
    """A template whose paragraphs are these texts."""
    return document("试", [para("a", text) for text in texts], header)


def parts_of(data: bytes) -> Mapping[str, bytes]:
    """Every part of a package."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def texts(data: bytes, part: str = "word/document.xml") -> list[str]:
    """The paragraphs of a part as a reader sees them."""
    root = etree.fromstring(parts_of(data)[part])
    return ["".join(_signs(paragraph)) for paragraph in root.iter(f"{W}p")]


def _signs(paragraph: etree._Element) -> list[str]:
    found = []
    for element in paragraph.iter():
        if element.tag == f"{W}t":
            found.append(element.text or "")
        elif element.tag == f"{W}br":
            found.append("\n")
        elif element.tag == f"{W}tab":
            found.append("\t")
    return found


def everything(data: bytes) -> str:
    """All text and all attributes of all parts of a package, and its raw bytes as text."""
    found = []
    for content in parts_of(data).values():
        found.append(content.decode("utf-8", errors="ignore"))
        if content.lstrip().startswith(b"<"):
            root = etree.fromstring(content)
            found += [
                "".join(root.itertext()),
                *(str(v) for node in root.iter() for v in node.attrib.values()),
            ]
    return "\n".join(found)
