"""Notes (批注) on cells of a sheet: ours beside those that are there, drawn as Excel 2010 and WPS expect."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape

from lxml import etree

from kaohe.workbooks.package.cells import escape as cell_escape
from kaohe.workbooks.package.errors import PatchRefused
from kaohe.workbooks.package.refs import column_number
from kaohe.workbooks.package.xmlparts import DECLARATION, MAIN, Element, local, main, parse

OURS = "【退回】"
"""What every note of ours begins with: programs keep texts, not always authors."""
AUTHOR = "考核办"
MAX_NOTE = 1_500
_LINE = 22
"""Characters of a note's line, for its height."""
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_OBJECTS = re.compile(rb'ObjectType\s*=\s*["\'](\w+)')
_HEAD = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit">'
    '<o:idmap v:ext="edit" data="{sheet}"/></o:shapelayout>'
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_SHAPE = (
    '<v:shape id="_x0000_s{id}" type="#_x0000_t202" style="position:absolute;visibility:hidden"'
    ' fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/>'
    '<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
    '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
    "<x:Anchor>{left}, 15, {top}, 4, {right}, 15, {bottom}, 4</x:Anchor><x:AutoFill>False</x:AutoFill>"
    "<x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)


def refuse_other_objects(drawing: bytes) -> None:
    """Raises PatchRefused when a sheet's old-style drawing holds more than notes (buttons, boxes)."""
    found = {kind.decode() for kind in _OBJECTS.findall(drawing)}
    if found - {"Note"} or (not found and b"<v:shape " in drawing):
        raise PatchRefused("原工作簿含有控件,不能原样退回。", "退回的是按总表重新做的一份。")


def empty_notes() -> Element:
    """A notes part with nothing in it."""
    return etree.fromstring(f'<comments xmlns="{MAIN}"><authors/><commentList/></comments>'.encode())


def noted(old: bytes | None, notes: Mapping[str, str]) -> tuple[bytes | None, list[tuple[str, str]]]:
    """(the notes part, its cells and texts in order): others' notes, then ours of this round.

    ``notes``: cell → text. Notes of an earlier round are taken away. None when no note is left.
    """
    root = parse(old, "comments") if old is not None else empty_notes()
    authors, listed = root.find(main("authors")), root.find(main("commentList"))
    if authors is None or listed is None or root.tag != main("comments"):
        raise PatchRefused("原工作簿的批注已损坏,不能原样退回。", "退回的是按总表重新做的一份。")
    kept = {str(node.get("ref", "")): node for node in list(listed) if _without_ours(node)}
    for node in list(listed):
        listed.remove(node)
    author = _author(authors)
    for ref, text in notes.items():
        if ref in kept:
            _append(kept[ref], f"\n{OURS}{text[:MAX_NOTE]}")
        else:
            kept[ref] = _note(ref, author, f"{OURS}{text[:MAX_NOTE]}")
    cells = [ref for ref in kept if _CELL.fullmatch(ref)]
    for ref in sorted(cells, key=_place):
        listed.append(kept[ref])
    texts = [(ref, _text(kept[ref])) for ref in sorted(cells, key=_place)]
    content = DECLARATION.encode() + etree.tostring(root, encoding="UTF-8")
    return (content if texts else None), texts


def _author(authors: Element) -> str:
    """Number of our name among the authors."""
    names = [str(node.text or "") for node in authors]
    if AUTHOR not in names:
        etree.SubElement(authors, main("author")).text = AUTHOR
        return str(len(names))
    return str(names.index(AUTHOR))


def _without_ours(node: Element) -> bool:
    """Take our part out of a note; whether anything of somebody else's is left."""
    if local(node) != "comment":
        return False
    text = _text(node)
    if OURS not in text:
        return True
    rest = text.split(OURS, 1)[0].rstrip()
    if not rest:
        return False
    holder = node.find(main("text"))
    for child in list(holder if holder is not None else ()):
        holder.remove(child)
    _append(node, rest)
    return True


def _text(node: Element) -> str:
    """The plain text of a note, readings left out."""
    return "".join(str(t.text or "") for t in node.iter(main("t")) if local(t.getparent()) != "rPh")


def _append(node: Element, text: str) -> None:
    holder = node.find(main("text"))
    if holder is None:
        holder = etree.SubElement(node, main("text"))
    if len(holder) == 1 and local(holder[0]) == "t":  # plain text: runs and a plain text do not go together
        plain = holder[0]
        holder.remove(plain)
        etree.SubElement(holder, main("r")).append(plain)
    _text_node(etree.SubElement(holder, main("r")), text)


def _note(ref: str, author: str, text: str) -> Element:
    node = etree.Element(main("comment"), ref=ref, authorId=author)
    _text_node(etree.SubElement(etree.SubElement(node, main("text")), main("r")), text)
    return node


def _text_node(run: Element, text: str) -> None:
    node = etree.SubElement(run, main("t"))
    node.text = _allowed(text)
    node.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def _allowed(text: str) -> str:
    """The text with characters XML forbids written as a cell writes them."""
    shown = cell_escape(text)
    return shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _place(ref: str) -> tuple[int, int]:
    match = _CELL.fullmatch(ref)
    assert match is not None
    return int(match[2]), column_number(match[1])


def drawing(texts: Iterable[tuple[str, str]], sheet: int) -> bytes:
    """The old-style drawing that goes with the notes; ``sheet`` (from 1) keeps ids of sheets apart."""
    shapes = []
    for number, (ref, text) in enumerate(texts, start=1):
        row, column = _place(ref)
        lines = sum(len(piece) // _LINE + 1 for piece in text.split("\n"))
        top = max(row - 2, 0)
        shapes.append(
            _SHAPE.format(
                id=sheet * 1024 + number,
                left=column,
                right=column + 4,
                top=top,
                bottom=top + max(4, min(lines, 20)),
                row=row - 1,
                column=column - 1,
            )
        )
    return (_HEAD.format(sheet=escape(str(sheet))) + "".join(shapes) + "</xml>").encode()
