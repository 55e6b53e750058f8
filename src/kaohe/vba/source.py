"""VBA modules from source text: .bas and .cls files, the modules behind the workbook and its sheets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from kaohe.vba.errors import VbaError

WORKBOOK_BASE = "0{00020819-0000-0000-C000-000000000046}"
SHEET_BASE = "0{00020820-0000-0000-C000-000000000046}"
CLASS_BASE = "0{FCFB3D2A-A0FA-1068-A738-08002B3371B5}"
LONGEST_LINE = 1023
"""The editor takes no longer line."""

_LINE_END = re.compile(r"\r\n|\n|\r")
_ATTRIBUTE = re.compile(r"Attribute (VB_\w+) = (.*)")
_NAME = re.compile(r"[A-Za-z]\w{0,30}", re.ASCII)
_CLASS_FLAGS = ("VB_GlobalNameSpace", "VB_Creatable", "VB_PredeclaredId", "VB_Exposed")


class Kind(Enum):
    """What a module is; the value is its line's key in the PROJECT stream."""

    STANDARD = "Module"
    CLASS = "Class"
    DOCUMENT = "Document"


@dataclass(frozen=True)
class Module:
    """A module as it stands in its stream: ``text`` begins with the attributes and has CRLF line ends."""

    name: str
    kind: Kind
    text: str


def standard_module(text: str, origin: str) -> Module:
    """A module from the text of a .bas file; ``origin`` names the file in messages.

    Raises VbaError for what is not ASCII, a line over 1,023 characters, or a missing name.
    """
    attributes, body = _split(_checked(text, origin))
    return Module(_name(attributes, origin), Kind.STANDARD, _text(attributes, body))


def class_module(text: str, origin: str) -> Module:
    """A class module from the text of a .cls file as the editor exports it. Raises as standard_module."""
    attributes, body = _split(_checked(text, origin))
    flags = {name: attributes.get(name, "False") for name in _CLASS_FLAGS}
    fixed = {"VB_TemplateDerived": "False", "VB_Customizable": "False"}
    made = {"VB_Name": attributes.get("VB_Name", ""), "VB_Base": f'"{CLASS_BASE}"'} | flags | fixed
    return Module(_name(attributes, origin), Kind.CLASS, _text(made | attributes, body))


def document_module(text: str, origin: str, base: str) -> Module:
    """The module behind the workbook (base WORKBOOK_BASE) or a sheet. Raises as standard_module."""
    attributes, body = _split(_checked(text, origin))
    flags = dict(zip(_CLASS_FLAGS, ("False", "False", "True", "True"), strict=True))
    fixed = {"VB_TemplateDerived": "False", "VB_Customizable": "True"}
    made = {"VB_Name": attributes.get("VB_Name", ""), "VB_Base": f'"{base}"'} | flags | fixed
    return Module(_name(attributes, origin), Kind.DOCUMENT, _text(made, body))


def sheet_module(code_name: str) -> Module:
    """The empty module behind a worksheet."""
    return document_module(f'Attribute VB_Name = "{code_name}"\n', code_name, SHEET_BASE)


def _checked(text: str, origin: str) -> list[str]:
    """The lines, each of them ASCII and short enough."""
    lines = _LINE_END.split(text)
    if not lines[-1]:
        lines.pop()
    for number, line in enumerate(lines, 1):
        strange = next((sign for sign in line if not (" " <= sign <= "~" or sign == "\t")), None)
        if strange:
            raise VbaError(f"{origin} 第 {number} 行有 ASCII 以外的字符“{strange}”(U+{ord(strange):04X})。")
        if len(line) > LONGEST_LINE:
            raise VbaError(f"{origin} 第 {number} 行太长:{len(line)} 个字符,最多 {LONGEST_LINE} 个。")
    return lines


def _split(lines: list[str]) -> tuple[dict[str, str], list[str]]:
    """Module attributes and body; the block VERSION … END of an exported class is left out."""
    start = 0
    if lines and lines[0].startswith("VERSION "):
        start = next((number for number, line in enumerate(lines, 1) if line.rstrip() == "END"), len(lines))
    attributes: dict[str, str] = {}
    while start < len(lines) and (found := _ATTRIBUTE.fullmatch(lines[start])):
        attributes[found[1]] = found[2]
        start += 1
    return attributes, lines[start:]


def _name(attributes: dict[str, str], origin: str) -> str:
    name = attributes.get("VB_Name", "").strip('"')
    if not _NAME.fullmatch(name):
        raise VbaError(
            f'{origin} 缺少可用的模块名:第一行应为 Attribute VB_Name = "名称"(字母开头,最多 31 个字符)。'
        )
    return name


def _text(attributes: dict[str, str], body: list[str]) -> str:
    lines = [*(f"Attribute {name} = {value}" for name, value in attributes.items()), *body]
    return "".join(f"{line}\r\n" for line in lines)
