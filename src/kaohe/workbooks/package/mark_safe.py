"""What of a workbook that came from outside may be sent back: an explicit list, everything else is refused.

Nothing is evaluated. Refused are macros, links to other workbooks, DDE, queries, embedded objects, controls,
pictures, and formulas with anything but common functions over the workbook's own cells.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kaohe.workbooks.package import splice
from kaohe.workbooks.package.mark_strict import refuse_strange, refused
from kaohe.workbooks.package.xmlparts import (
    CONTENT_TYPES,
    R_ID,
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
_PLAIN_TYPES = {
    "officeDocument": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    "worksheet": "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml",
}
"""Content types of the parts that a program acts on; any other makes them something else."""
_OFF = ("0", "false")


def carried(source: bytes) -> bytes:
    """The workbook with nothing in it but what may be sent back.

    Raises PatchRefused that names what stands against it.
    """
    archive = read_archive(source)
    if sum(piece.size for piece in archive.entries.values()) > MAX_TOTAL:
        raise refused(f"内容过大(超过 {MAX_TOTAL >> 20} MB)")
    kinds = _reached(archive)
    kept = {_TYPES: archive.entries[_TYPES]} if _TYPES in archive else {}
    for name, piece in archive.entries.items():
        if name in kinds:
            kept[name] = _checked(archive, name, kinds[name], piece)
    _refuse_names(archive, kinds)
    kept[_TYPES] = _types(archive, kept, kinds)
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
                raise refused(f"含有{_CALLED.get(relation.kind, relation.kind[:30])}")
            if relation.target not in archive:
                raise refused(f"缺少部件 {relation.target[:60]}")
            if found.get(relation.target, relation.kind) != relation.kind:
                raise refused(f"的部件 {relation.target[:60]} 身兼两种")
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
    if kind == "vmlDrawing":  # no XML in every program; never carried as it is (see mark)
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
            raise refused(f"部件 {name[:60]} 含有 DOCTYPE")
        return piece
    refuse_strange(content, name, kind)
    if kind == "rels":
        return _pruned(content, name, piece)
    outside = kind == "worksheet" and any(r.kind in _LEFT_OUT[kind] for r in _relations(archive, name))
    return deflated(name, [_without_outside(content, name)]) if outside else piece


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


def _refuse_names(archive: Archive, kinds: Mapping[str, str]) -> None:
    """Names that run something; what they refer to is judged with all formulas."""
    books = [name for name, kind in kinds.items() if kind == "officeDocument"]
    if len(books) != 1:
        raise refused("没有工作簿部件,或不止一个")
    for node in parse(archive.read(books[0]), books[0]).iter(main("definedName")):
        name = str(node.get("name", ""))
        runs = {key for key in ("function", "vbProcedure", "xlm") if node.get(key, "0") not in _OFF}
        if runs or "auto_" in name.lower():
            raise refused(f"名称“{name[:40]}”会调用外部内容")


def _types(archive: Archive, kept: Mapping[str, Piece], kinds: Mapping[str, str]) -> Piece:
    """The content types of what is carried; those of the workbook and its sheets must be of a plain .xlsx."""
    root = parse(archive.read(_TYPES), _TYPES)
    told: dict[str, str] = {}
    for node in list(root):
        if not isinstance(node.tag, str) or node.tag != f"{{{CONTENT_TYPES}}}Override":
            continue
        part = node.get("PartName", "").lstrip("/")
        if part not in kept:
            root.remove(node)
        elif told.setdefault(part, node.get("ContentType", "")) != node.get("ContentType", ""):
            raise refused("的部件类型前后不一致")
    for part, kind in kinds.items():
        if told.get(part) != _PLAIN_TYPES.get(kind, told.get(part)):
            raise refused("是启用宏的工作簿或模板,或部件类型不寻常")
    return deflated(_TYPES, [write(root)])
