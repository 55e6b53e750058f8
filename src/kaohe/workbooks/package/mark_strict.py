"""A part that came from outside, read by a parser from end to end: its formulas, and what could hide one.

Judged are elements as a parser sees them, whatever their prefix: character references are resolved, text that
is written in pieces is put together. What a spreadsheet program never writes, and in which two parsers might
see different things, is refused: comments, processing instructions, CDATA, document types, other encodings,
and in a sheet elements of another namespace than its own.
"""

from __future__ import annotations

import re
from xml.parsers import expat

from kaohe.workbooks.package.errors import PatchRefused
from kaohe.workbooks.package.xmlparts import MAIN

RESAVE = "退回的是按总表重新做的一份。"
FORMULAS = frozenset(
    {"f", "formula", "formula1", "formula2", "definedName", "calculatedColumnFormula", "totalsRowFormula"}
)
"""Elements whose text is a formula, in whatever namespace."""
ODD_PARTS = {
    "oleObjects": "嵌入对象",
    "oleObject": "嵌入对象",
    "controls": "控件",
    "control": "控件",
    "drawing": "图片或图形",
    "picture": "图片",
    "legacyDrawingHF": "页眉图片",
    "drawingHF": "页眉图片",
    "webPublishItems": "网页发布内容",
    "tableParts": "表格对象",
    "externalReferences": "链接到其他工作簿",
    "functionGroups": "宏函数",
    "oleSize": "嵌入对象",
    "dataRef": "合并计算的来源",
}
"""Elements that stand for what is not carried, and what each is called."""
_ROOTS = {
    "worksheet": "worksheet",
    "officeDocument": "workbook",
    "styles": "styleSheet",
    "sharedStrings": "sst",
    "comments": "comments",
}
_DEEPEST = 100
"""Levels of elements; spreadsheet programs write a dozen."""
_EXTENSIONS = "extLst"
"""Below it stand elements of other namespaces."""
_DECLARATION = re.compile(rb"\A(?:\xef\xbb\xbf)?(?:<\?xml\s[^<>?]*\?>)?")
_HIDING = (b"<!", b"<?", b"\0")
_ENCODINGS = ("utf-8", "us-ascii")
_FUNCTIONS_COMMON = """
ABS AND AVERAGE AVERAGEIF COLUMN CONCATENATE COUNT COUNTA COUNTBLANK COUNTIF COUNTIFS DATE DAY EXACT
FIND IF IFERROR IFNA INDEX INT ISBLANK ISERROR ISNUMBER ISTEXT LARGE LEFT LEN LOOKUP LOWER MATCH MAX
MEDIAN MID MIN MOD MONTH N NA NOT OR POWER PRODUCT RANK RIGHT ROUND ROUNDDOWN ROUNDUP ROW ROWS SEARCH
SIGN SMALL SQRT SUBSTITUTE SUBTOTAL SUM SUMIF SUMIFS SUMPRODUCT T TEXT TODAY TRIM TRUE FALSE TYPE UPPER
VALUE VLOOKUP HLOOKUP YEAR
"""
_FUNCTIONS = frozenset(_FUNCTIONS_COMMON.split())
_QUOTED = re.compile(r""""(?:[^"]|"")*"|'((?:[^']|'')*)'(!?)""")
"""Texts and quoted sheet names, whichever begins first: each may hold the other's sign."""
_NO_SHEET = frozenset("[]|\\/:?*")
_CALL = re.compile(r"(?<![\w.\\?])([\w.\\?]+)\s*\(")
_LONGEST = 8_192
"""Characters of a formula: a spreadsheet takes no longer one."""


def refuse_strange(content: bytes, name: str, kind: str) -> None:
    """Raises PatchRefused for a part not written plainly, or with more than reckoning in its own workbook.

    ``kind``: the last word of the relationship that leads to it.
    """
    start = _DECLARATION.match(content)
    assert start is not None
    if any(content.find(sign, start.end()) >= 0 for sign in _HIDING):
        raise refused(f"部件 {name[:60]} 的内部写法不寻常(注释、处理指令、DOCTYPE 或编码不是 UTF-8)")
    _Walk(name, _ROOTS.get(kind, "")).through(content)


class _Walk:
    """State of the walk through one part."""

    def __init__(self, name: str, root: str) -> None:
        self._name, self._root = name, root
        self._path: list[str] = []
        self._foreign = 0
        """How many of the open elements are extLst."""
        self._text: list[str] = []
        self._formula = 0
        """How deep the open formula stands; 0 for none."""

    def through(self, content: bytes) -> None:
        """Read to the end, or raise PatchRefused."""
        parser = expat.ParserCreate("utf-8", " ")
        parser.buffer_text = True
        parser.XmlDeclHandler = self._declared
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._said
        for handler in ("ProcessingInstructionHandler", "CommentHandler", "StartDoctypeDeclHandler"):
            setattr(parser, handler, self._hiding)
        try:
            parser.Parse(content, True)
        except (expat.ExpatError, ValueError, LookupError):
            raise refused(f"部件 {self._name[:60]} 已损坏") from None

    def _declared(self, version: str, encoding: str | None, standalone: int) -> None:
        if version != "1.0" or (encoding or "utf-8").lower() not in _ENCODINGS:
            raise refused(f"部件 {self._name[:60]} 的编码不是 UTF-8")

    def _hiding(self, *_: object) -> None:
        raise refused(f"部件 {self._name[:60]} 的内部写法不寻常")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        space, _, name = tag.rpartition(" ")
        if self._formula or len(self._path) >= _DEEPEST or not self._own(space, name):
            raise refused(f"部件 {self._name[:60]} 的内部写法不寻常")
        if self._root and name in ODD_PARTS:
            raise refused(f"含有{ODD_PARTS[name]}")
        if name == "cfvo":
            refuse_formula(attributes.get("val", ""))
        self._path.append(name)
        self._foreign += name == _EXTENSIONS
        if name in FORMULAS:
            self._formula = len(self._path)
            self._text.clear()

    def _own(self, space: str, name: str) -> bool:
        """Whether the element is the root that is wanted, or one that may stand below it."""
        if not self._path:
            return not self._root or (space, name) == (MAIN, self._root)
        return self._root != "worksheet" or space == MAIN or self._foreign > 0

    def _said(self, text: str) -> None:
        if self._formula:
            self._text.append(text)

    def _end(self, tag: str) -> None:
        if self._formula == len(self._path) and self._formula:
            self._formula = 0
            refuse_formula("".join(self._text))
        self._foreign -= self._path.pop() == _EXTENSIONS


def refuse_formula(text: str) -> None:
    """Raises PatchRefused for a formula that does more than reckon with its own workbook."""
    if reaches_out(text):
        raise refused(f"公式“{text[:60]}”引用外部内容或用到不常见的函数")


def reaches_out(formula: str) -> bool:
    """Whether a formula refers to other files or programs, or calls a function that is not on the list."""
    if len(formula) > _LONGEST:
        return True
    bare = _QUOTED.sub(_unquoted, formula)
    if any(sign in bare for sign in "[]|'\"\\") or "_XLETA" in bare.upper():
        return True
    if re.search(r"\)\s*\(", bare):  # the value of a function called as a function
        return True
    return any(name.upper().removeprefix("_XLFN.") not in _FUNCTIONS for name in _CALL.findall(bare))


def _unquoted(match: re.Match[str]) -> str:
    """A text as 0, a sheet's name as S!; what looks like a path stays, with its quotes."""
    if match[0].startswith('"'):
        return "0"
    return "S!" if match[2] and not _NO_SHEET & set(match[1]) else "'"


def refused(what: str) -> PatchRefused:
    """That a workbook cannot be sent back as it is, and why."""
    return PatchRefused(f"原工作簿{what},不能原样退回。", RESAVE)
