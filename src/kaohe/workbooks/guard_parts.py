"""The small parts of a package: its sheet list and which cell formats show percent.

Both are remembered by their packed bytes: a thousand forms made from one template share them.
"""

from __future__ import annotations

import re
from functools import lru_cache

from kaohe.workbooks.guard_types import Limits, Refused, SheetInfo
from kaohe.workbooks.guard_xml import elements
from kaohe.workbooks.guard_zip import Entry, inflate

_PERCENT_IDS = frozenset({9, 10})
_LITERAL = re.compile(r'"[^"]*"?|\\.|_.|\*.|\[[^\[\]]*\]')
_KINDS = {"worksheets": "worksheet", "chartsheets": "chartsheet", "dialogsheets": "dialogsheet"}


def is_percent_format(code: str) -> bool:
    """Whether a number format multiplies by 100: a % that is neither quoted nor escaped."""
    return "%" in code and "%" in _LITERAL.sub("", code)


@lru_cache(maxsize=256)
def percent_formats(entry: Entry, packed: bytes, limits: Limits) -> frozenset[int]:
    """Indexes of the cell formats (``cellXfs``) that show percent, from styles.xml."""
    own: dict[int, bool] = {}
    percent: set[int] = set()
    index = -1
    for name, attributes in elements(inflate(entry, packed, limits), entry.name):
        if name == "numFmt":
            own[_number(attributes.get("numFmtId", ""))] = is_percent_format(attributes.get("formatCode", ""))
        elif name == "cellXfs":
            index = 0
        elif name == "cellStyles":
            break
        elif name == "xf" and index >= 0:
            code = _number(attributes.get("numFmtId", ""))
            if own.get(code, code in _PERCENT_IDS):
                percent.add(index)
            index += 1
            if index > limits.formats:
                raise Refused("too_many_formats", limit=limits.formats)
    return frozenset(percent)


@lru_cache(maxsize=256)
def sheet_list(
    book: tuple[Entry, bytes], rels: tuple[Entry, bytes] | None, limits: Limits
) -> tuple[SheetInfo, ...]:
    """The workbook's sheets in their order, from workbook.xml and its relationships."""
    targets: dict[str, str] = {}
    if rels:
        for name, attributes in elements(inflate(*rels, limits), rels[0].name):
            if name == "Relationship":
                targets[attributes.get("Id", "")] = attributes.get("Target", "")
    listed = [
        dict(attributes)
        for name, attributes in elements(inflate(*book, limits), book[0].name)
        if name == "sheet" and "name" in attributes
    ]
    if len(listed) > limits.sheets:
        raise Refused("too_many_sheets", count=len(listed), limit=limits.sheets)
    found = tuple(_sheet(attributes, targets) for attributes in listed)
    if len({info.part for info in found}) < len(found):
        raise Refused("damaged", what="两张工作表指向同一部件")
    return found


def _sheet(attributes: dict[str, str], targets: dict[str, str]) -> SheetInfo:
    """One ``<sheet>`` with its part; the relationship id has whatever prefix the writer chose."""
    link = next((value for key, value in attributes.items() if key.endswith(":id")), "")
    target = targets.get(link, "")
    if not target:
        raise Refused("damaged", what=f"工作表《{attributes['name']}》没有对应的部件")
    part = target.lstrip("/") if target.startswith(("/xl/", "xl/")) else f"xl/{target}"
    folder = part.split("/")[1] if "/" in part else ""
    state = attributes.get("state", "visible")
    return SheetInfo(
        name=attributes["name"],
        part=part.lower(),
        state="" if state == "visible" else state,
        kind=_KINDS.get(folder, folder),
    )


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else -1
