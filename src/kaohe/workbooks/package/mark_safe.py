"""What of a workbook that came from outside may be sent back: an explicit list, everything else is refused.

Nothing is evaluated. Refused are macros, links to other workbooks, DDE, queries, embedded objects, controls,
pictures, and formulas with anything but common functions over the workbook's own cells.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping

from kaohe.workbooks.package import splice
from kaohe.workbooks.package.errors import PatchRefused
from kaohe.workbooks.package.xmlparts import (
    CONTENT_TYPES,
    R_ID,
    Element,
    Relation,
    main,
    parse,
    relations,
    rels_name,
    write,
)
from kaohe.workbooks.package.zipraw import Archive, Piece, assemble, deflated, read_archive

MAX_TOTAL = 64 << 20
"""Bytes all parts together may unpack to: far more than a form has, far less than hurts a machine."""
_TYPES = "[Content_Types].xml"
_ROOT = ""
_CARRIED: Mapping[str, frozenset[str]] = {
    "package": frozenset({"officeDocument", "core-properties", "extended-properties"}),
    "officeDocument": frozenset({"worksheet", "styles", "theme", "sharedStrings", "sheetMetadata", "person"}),
    "worksheet": frozenset({"comments", "threadedComment", "vmlDrawing"}),
}
"""Kind of a part → kinds of the parts it may bring along."""
_LEFT_OUT: Mapping[str, frozenset[str]] = {
    "package": frozenset({"custom-properties", "thumbnail"}),
    "officeDocument": frozenset({"calcChain", "customXml"}),
    "worksheet": frozenset({"printerSettings", "hyperlink", "customProperty"}),
}
"""What a clerk does not miss and need not be carried."""
_CALLED = {
    "vbaProject": "宏",
    "xlMacrosheet": "宏表",
    "externalLink": "链接到其他工作簿",
    "connections": "数据连接",
    "oleObject": "嵌入对象",
    "package": "嵌入文件",
    "control": "控件",
    "ctrlProp": "控件",
    "drawing": "图片或图形",
    "image": "图片",
    "table": "表格对象",
    "pivotTable": "数据透视表",
    "chartsheet": "图表工作表",
}
_ODD_PARTS = (
    "oleObjects",
    "controls",
    "drawing",
    "picture",
    "legacyDrawingHF",
    "drawingHF",
    "webPublishItems",
    "tableParts",
)
_COMMON = """
ABS AND AVERAGE AVERAGEIF COLUMN CONCATENATE COUNT COUNTA COUNTBLANK COUNTIF COUNTIFS DATE DAY EXACT
FIND IF IFERROR IFNA INDEX INT ISBLANK ISERROR ISNUMBER ISTEXT LARGE LEFT LEN LOOKUP LOWER MATCH MAX
MEDIAN MID MIN MOD MONTH N NA NOT OR POWER PRODUCT RANK RIGHT ROUND ROUNDDOWN ROUNDUP ROW ROWS SEARCH
SIGN SMALL SQRT SUBSTITUTE SUBTOTAL SUM SUMIF SUMIFS SUMPRODUCT T TEXT TODAY TRIM TRUE FALSE TYPE UPPER
VALUE VLOOKUP HLOOKUP YEAR
"""
_FUNCTIONS = frozenset(re.findall(r"\w+", _COMMON))
_FORMULA = re.compile(rb"<(?:\w+:)?(?:f|formula|formula1|formula2)\b[^>]*>([^<]*)</", re.DOTALL)
_OFF = ("0", "false")
_TEXT = re.compile(r'"(?:[^"]|"")*"')
_QUOTED_SHEET = re.compile(r"'[^'\[\]|]*'!")
_CALL = re.compile(r"(?<![\w.\\?])([\w.\\?]+)\s*\(")
_LONGEST = 8_192
"""Characters of a formula: a spreadsheet takes no longer one."""
_ENCODING = re.compile(rb'\A(?:\xef\xbb\xbf)?<\?xml[^>]*\bencoding\s*=\s*["\']([^"\']*)')
_RESAVE = "退回的是按总表重新做的一份。"


def carried(source: bytes) -> bytes:
    """The workbook with nothing in it but what may be sent back.

    Raises PatchRefused that names what stands against it.
    """
    archive = read_archive(source)
    if sum(piece.size for piece in archive.entries.values()) > MAX_TOTAL:
        raise _refused(f"内容过大(超过 {MAX_TOTAL >> 20} MB)")
    kinds = _reached(archive)
    kept = {_TYPES: archive.entries[_TYPES]} if _TYPES in archive else {}
    for name, piece in archive.entries.items():
        if name in kinds:
            kept[name] = _checked(archive, name, kinds[name], piece)
    _refuse_names(kept, archive, kinds)
    kept[_TYPES] = _types(archive, kept)
    return assemble(kept.values())


def _reached(archive: Archive) -> dict[str, str]:
    """Part → its kind, for all that the lists let through; ``rels`` for the relationships among them."""
    found: dict[str, str] = {}
    waiting = [(_ROOT, "package")]
    while waiting:
        part, kind = waiting.pop()
        for relation in _relations(archive, part):
            if relation.kind in _LEFT_OUT.get(kind, ()):
                continue
            if relation.external or relation.kind not in _CARRIED.get(kind, ()):
                raise _refused(f"含有{_CALLED.get(relation.kind, relation.kind[:30])}")
            if relation.target not in archive:
                raise _refused(f"缺少部件 {relation.target[:60]}")
            if relation.target not in found:
                found[relation.target] = relation.kind
                waiting.append((relation.target, relation.kind))
        if rels_name(part) in archive:
            found[rels_name(part)] = "rels"
    return found


def _relations(archive: Archive, part: str) -> Iterable[Relation]:
    name = rels_name(part)
    if name not in archive:
        return ()
    return tuple(relations(parse(archive.read(name), name), part))


def _checked(archive: Archive, name: str, kind: str, piece: Piece) -> Piece:
    """The part as it may be carried: as it is, or without what leads outside."""
    content = archive.read(name)
    _refuse_odd_text(content, name, kind)
    if kind == "rels":
        return _pruned(content, name, piece)
    root = parse(content, name) if kind != "vmlDrawing" else None
    if kind == "officeDocument":
        _refuse_macro_book(root)
    if kind != "worksheet":
        return piece
    refuse_formulas(content)
    for tag in _ODD_PARTS:
        if re.search(rb"<(?:\w+:)?" + tag.encode() + rb"[\s/>]", content):
            raise _refused(f"含有{_CALLED.get(tag, '嵌入内容')}")
    outside = any(r.kind in _LEFT_OUT["worksheet"] for r in _relations(archive, name))
    return deflated(name, [_without_outside(content, name)]) if outside else piece


def _refuse_odd_text(content: bytes, name: str, kind: str) -> None:
    """Raises PatchRefused for XML in which something could hide from a search through its bytes."""
    encoding = _ENCODING.search(content[:200])
    if b"\0" in content or (encoding and encoding[1].lower() not in (b"utf-8", b"us-ascii")):
        raise _refused(f"部件 {name[:60]} 的编码不是 UTF-8")
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise _refused(f"部件 {name[:60]} 含有 DOCTYPE")
    if kind == "worksheet" and (b"<!--" in content or b"<![CDATA[" in content):
        raise _refused("内部写法不寻常")


def _without_outside(content: bytes, name: str) -> bytes:
    """The sheet without links that leave the workbook and without its printer's settings."""
    root, rows = splice.open_shell(content, name)
    for node in list(root.iter(main("hyperlink"))):
        if node.get(R_ID) is not None:
            node.getparent().remove(node)
    for holder in list(root.iterfind(main("hyperlinks"))):
        if len(holder) == 0:
            root.remove(holder)
    for node in root.iter(main("pageSetup")):
        node.attrib.pop(R_ID, None)
    for node in list(root.iterfind(main("customProperties"))):
        root.remove(node)
    head, _, rest = write(root).partition(b"<sheetData/>")
    return b"".join((head, b"<sheetData>", rows, b"</sheetData>", rest))


def _pruned(content: bytes, name: str, piece: Piece) -> Piece:
    """Relationships without those that are not carried."""
    root = parse(content, name)
    gone = set().union(*_LEFT_OUT.values())
    out = [
        node for node in root if isinstance(node.tag, str) and node.get("Type", "").rsplit("/", 1)[-1] in gone
    ]
    for node in out:
        root.remove(node)
    return deflated(name, [write(root)]) if out else piece


def _refuse_macro_book(root: Element) -> None:
    for tag in ("externalReferences", "functionGroups", "oleSize"):
        if root.find(main(tag)) is not None:
            raise _refused("含有链接到其他工作簿或宏函数")


def _refuse_names(kept: Mapping[str, Piece], archive: Archive, kinds: Mapping[str, str]) -> None:
    """Names that run something, or lead outside."""
    book = next((name for name, kind in kinds.items() if kind == "officeDocument" and name in kept), None)
    if book is None:
        raise _refused("没有工作簿部件")
    for node in parse(archive.read(book), book).iter(main("definedName")):
        name, text = str(node.get("name", "")), str(node.text or "")
        runs = {key for key in ("function", "vbProcedure", "xlm") if node.get(key, "0") not in _OFF}
        if runs or "auto_" in name.lower() or _outside(text):
            raise _refused(f"名称“{name[:40]}”会调用外部内容")


def refuse_formulas(sheet: bytes) -> None:
    """Raises PatchRefused when a formula of the sheet part does more than reckon with its own workbook."""
    for match in _FORMULA.finditer(sheet):
        text = html.unescape(match[1].decode("utf-8", "replace"))
        if _outside(text):
            raise _refused(f"公式“{text[:60]}”引用外部内容或用到不常见的函数")


def _outside(formula: str) -> bool:
    """Whether a formula refers to other files or programs, or calls a function that is not on the list."""
    if len(formula) > _LONGEST:
        return True
    bare = _QUOTED_SHEET.sub("S!", _TEXT.sub('""', formula))
    if any(sign in bare for sign in "[]|'\\"):
        return True
    return any(name.upper().removeprefix("_XLFN.") not in _FUNCTIONS for name in _CALL.findall(bare))


def _types(archive: Archive, kept: Mapping[str, Piece]) -> Piece:
    """The content types of what is carried; the workbook's must be that of a plain .xlsx."""
    root = parse(archive.read(_TYPES), _TYPES)
    for node in list(root):
        if not isinstance(node.tag, str) or node.tag != f"{{{CONTENT_TYPES}}}Override":
            continue
        if node.get("PartName", "").lstrip("/") not in kept:
            root.remove(node)
        elif "macroEnabled" in node.get("ContentType", "") or "template" in node.get("ContentType", ""):
            raise _refused("是启用宏的工作簿或模板")
    return deflated(_TYPES, [write(root)])


def _refused(what: str) -> PatchRefused:
    return PatchRefused(f"原工作簿{what},不能原样退回。", _RESAVE)
