"""The .xlam package: a hidden workbook with sheets of values, a VBA project and a ribbon.

Entries are stored, not deflated: the bytes then depend on nothing but the content, on any machine.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

Value = str | bool | int

RIBBON_PART = "customUI/customUI14.xml"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MICROSOFT = "http://schemas.microsoft.com/office"
_TYPES = "application/vnd.openxmlformats-officedocument"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Sheet:
    """A worksheet of plain values from A1 on; ``code_name`` is the name of the module behind it."""

    name: str
    code_name: str
    rows: tuple[tuple[Value, ...], ...]
    hidden: bool = False


@dataclass(frozen=True)
class Addin:
    """What an add-in is made of; ``title`` and ``description`` show in Excel's list of add-ins."""

    title: str
    description: str
    project: bytes
    ribbon: str
    sheets: tuple[Sheet, ...]


def addin_package(addin: Addin) -> bytes:
    """The .xlam file's bytes, the same for the same content."""
    parts = {
        "[Content_Types].xml": _content_types(len(addin.sheets)),
        "_rels/.rels": _package_relations(),
        "docProps/core.xml": _core(addin),
        "xl/workbook.xml": _workbook(addin.sheets),
        "xl/_rels/workbook.xml.rels": _workbook_relations(len(addin.sheets)),
        "xl/styles.xml": _styles(),
        **{_sheet_part(number): _sheet(sheet) for number, sheet in enumerate(addin.sheets, 1)},
        RIBBON_PART: addin.ribbon,
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name, text in parts.items():
            archive.writestr(_entry(name), text.encode("utf-8"))
        archive.writestr(_entry("xl/vbaProject.bin"), addin.project)
    return made.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    """An entry without the traces of a machine or a moment."""
    entry = zipfile.ZipInfo(name, _FIRST_DAY)
    entry.create_system = 0
    return entry


def _sheet_part(number: int) -> str:
    return f"xl/worksheets/sheet{number}.xml"


def _content_types(sheets: int) -> str:
    defaults = {
        "bin": "application/vnd.ms-office.vbaProject",
        "rels": "application/vnd.openxmlformats-package.relationships+xml",
        "xml": "application/xml",
    }
    overrides = {
        "xl/workbook.xml": "application/vnd.ms-excel.addin.macroEnabled.main+xml",
        "xl/styles.xml": f"{_TYPES}.spreadsheetml.styles+xml",
        "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        **{_sheet_part(n): f"{_TYPES}.spreadsheetml.worksheet+xml" for n in range(1, sheets + 1)},
    }
    lines = (
        *(f'<Default Extension="{name}" ContentType="{kind}"/>' for name, kind in defaults.items()),
        *(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in overrides.items()),
    )
    return f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">{"".join(lines)}</Types>'


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    """A relationships part from (type, target)."""
    lines = (
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{"".join(lines)}</Relationships>'


def _package_relations() -> str:
    return _relations(
        (
            (f"{_OFFICE}/officeDocument", "xl/workbook.xml"),
            (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
            (f"{_MICROSOFT}/2007/relationships/ui/extensibility", RIBBON_PART),
        )
    )


def _workbook_relations(sheets: int) -> str:
    return _relations(
        (
            *((f"{_OFFICE}/worksheet", f"worksheets/sheet{number}.xml") for number in range(1, sheets + 1)),
            (f"{_OFFICE}/styles", "styles.xml"),
            (f"{_MICROSOFT}/2006/relationships/vbaProject", "vbaProject.bin"),
        )
    )


def _core(addin: Addin) -> str:
    return (
        f'{_HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(addin.title)}</dc:title>"
        f"<dc:description>{escape(addin.description)}</dc:description></cp:coreProperties>"
    )


def _workbook(sheets: Sequence[Sheet]) -> str:
    lines = (
        f'<sheet name={quoteattr(sheet.name)} sheetId="{number}" '
        f'state="{"hidden" if sheet.hidden else "visible"}" r:id="rId{number}"/>'
        for number, sheet in enumerate(sheets, 1)
    )
    return (
        f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><workbookPr codeName="ThisWorkbook"/>'
        f"<bookViews><workbookView/></bookViews><sheets>{''.join(lines)}</sheets></workbook>"
    )


def _sheet(sheet: Sheet) -> str:
    rows = "".join(
        f'<row r="{number}">{"".join(_cell(value, column, number) for column, value in enumerate(row))}</row>'
        for number, row in enumerate(sheet.rows, 1)
    )
    return (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetPr codeName={quoteattr(sheet.code_name)}/>'
        f"<sheetData>{rows}</sheetData></worksheet>"
    )


def _cell(value: Value, column: int, row: int) -> str:
    """A cell; an empty text leaves it out. Columns are counted from 0, up to ZZ."""
    before, letter = divmod(column, 26)
    place = f"{chr(ord('@') + before) if before else ''}{chr(ord('A') + letter)}{row}"
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int):
        return f'<c r="{place}"><v>{value}</v></c>'
    text = f'<is><t xml:space="preserve">{escape(value)}</t></is>'
    return f'<c r="{place}" t="inlineStr">{text}</c>' if value else ""


def _styles() -> str:
    """The least a workbook needs."""
    one = '<xf numFmtId="0" fontId="0" fillId="0" borderId="0"'
    return (
        f'{_HEAD}<styleSheet xmlns="{_MAIN}">'
        '<fonts count="1"><font><sz val="11"/><name val="Arial"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        f'<cellStyleXfs count="1">{one}/></cellStyleXfs><cellXfs count="1">{one} xfId="0"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )
