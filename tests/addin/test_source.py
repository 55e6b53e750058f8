"""Modules from source files: what is kept, what is refused and where."""

from __future__ import annotations

import pytest

from kaohe.vba.errors import VbaError
from kaohe.vba.project import SOURCE_ONLY, vba_project
from kaohe.vba.project_text import PROJECT_ID, obfuscated
from kaohe.vba.source import (
    WORKBOOK_BASE,
    Kind,
    class_module,
    document_module,
    sheet_module,
    standard_module,
)
from tests.addin.readers import ole

NAME = 'Attribute VB_Name = "A"\n'
EXPORTED = f"VERSION 1.0 CLASS\nBEGIN\n  MultiUse = -1\nEND\n{NAME}Attribute VB_Exposed = True\n'text\n"
BAD = (
    (NAME + "x = 1\n'说明\n", "A.bas 第 3 行有 ASCII 以外的字符“说”"),
    (NAME + 'x = "\u2028"\n', "A.bas 第 2 行"),
    (NAME + "x = 1\x0cy = 2\n", "A.bas 第 2 行"),
    (NAME + "x" * 1024 + "\n", "A.bas 第 2 行太长:1024"),
    ("Sub A()\nEnd Sub\n", "A.bas 缺少可用的模块名"),
    ('Attribute VB_Name = "1A"\n', "A.bas 缺少可用的模块名"),
)


@pytest.mark.parametrize(("text", "message"), BAD)
def test_what_the_editor_would_spoil_is_refused_by_line(text: str, message: str) -> None:
    with pytest.raises(VbaError, match=message):
        standard_module(text, "A.bas")


def test_a_long_line_that_just_fits_is_taken() -> None:
    assert "x" * 1023 in standard_module(NAME + "x" * 1023, "A.bas").text


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_become_crlf(end: str) -> None:
    module = standard_module(f'Attribute VB_Name = "A"{end}Sub B(){end}End Sub{end}', "A.bas")
    assert module.text == 'Attribute VB_Name = "A"\r\nSub B()\r\nEnd Sub\r\n'


def test_a_class_loses_its_export_block_and_gets_its_base() -> None:
    module = class_module(EXPORTED, "A.cls")
    assert module.kind is Kind.CLASS
    assert "VERSION" not in module.text
    assert module.text.splitlines()[:3] == [
        'Attribute VB_Name = "A"',
        'Attribute VB_Base = "0{FCFB3D2A-A0FA-1068-A738-08002B3371B5}"',
        "Attribute VB_GlobalNameSpace = False",
    ]
    assert "Attribute VB_Exposed = True\r\n" in module.text
    assert module.text.endswith("'text\r\n")


def test_a_document_module_is_predeclared() -> None:
    module = document_module(EXPORTED, "A.cls", WORKBOOK_BASE)
    assert "Attribute VB_PredeclaredId = True\r\n" in module.text
    assert WORKBOOK_BASE in module.text


def test_names_may_not_meet() -> None:
    one = standard_module(NAME, "A.bas")
    with pytest.raises(VbaError, match="重复"):
        vba_project("P", (one, sheet_module("a")))
    with pytest.raises(VbaError, match="重复"):
        vba_project("A", (one,))


def revealed(text: str) -> bytes:
    """Data Decryption ([MS-OVBA] 2.4.3.3): the data in the hexadecimal digits."""
    coded = bytes.fromhex(text)
    seed, key = coded[0], coded[0] ^ coded[2]
    assert coded[0] ^ coded[1] == 2
    clear, plain = key, bytearray()
    for place in range(3, len(coded)):
        clear = coded[place] ^ ((coded[place - 2] + clear) & 0xFF)
        plain.append(clear)
    body = plain[(seed & 6) // 2 :]
    assert int.from_bytes(body[:4], "little") == len(body) - 4
    return bytes(body[4:])


# As Excel wrote them, in the add-in skeleton that xlwings ships, and its project id.
EXCEL_ID = "{318BEE36-5BE1-492A-826D-473DB19B0F30}"
EXCEL_VALUES = (
    ("5D5F8AADDAA8DEA8DEA8DEA8DE", b"\0\0\0\0"),
    ("5D5F8AADDAADDBADDBAD", b"\0"),
    ("5D5F8AADDAADDBADDB52", b"\xff"),
)


@pytest.mark.parametrize(("text", "data"), EXCEL_VALUES)
def test_protection_values_as_excel_means_them(text: str, data: bytes) -> None:
    assert revealed(text) == data
    ours = obfuscated(data, EXCEL_ID, 0x5D)
    assert revealed(ours) == data
    assert ours[:6] == text[:6]


def test_the_project_is_source_only_unprotected_and_visible() -> None:
    made = vba_project("P", (standard_module(NAME, "A.bas"),))
    with ole(made) as found:
        assert found.openstream("VBA/_VBA_PROJECT").read() == SOURCE_ONLY == bytes.fromhex("CC61FFFF000100")
        project = dict(
            line.split("=", 1)
            for line in found.openstream("PROJECT").read().decode("ascii").split("\r\n")
            if "=" in line
        )
        assert found.openstream("PROJECTwm").read() == b"A\0" + "A\0".encode("utf-16-le") + b"\0\0"
    assert project["ID"].strip('"') == PROJECT_ID
    assert project["Module"] == "A"
    secrets = {name: revealed(project[name].strip('"')) for name in ("CMG", "DPB", "GC")}
    assert secrets == {"CMG": b"\0\0\0\0", "DPB": b"\0", "GC": b"\xff"}
