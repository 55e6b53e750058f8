"""Word documents from templates an office can edit: tags in, text out, never markup.

Tags are those of docxtpl (Jinja in a .docx). A template may come from anybody, so it runs in Jinja's sandbox;
what it is filled with is text, whatever it looks like: ``{{ }}``, ``<w:p>`` or ``=cmd`` in a register comes
out as it was typed. The same template, context and moment give the same bytes.
"""

from __future__ import annotations

import datetime as dt
import functools
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn, Protocol
from xml.sax.saxutils import escape

from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docxtpl import DocxTemplate  # type: ignore[import-untyped]
from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree

Context = Mapping[str, object]
"""Tag → text, number, yes/no, a list or another mapping."""
PART_LIMIT = 64 << 20
"""Bytes of one part of a template: more is no template."""
_ILLEGAL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_TAG = re.compile(r"\{[{%].*?[}%]\}", re.DOTALL)
_QUOTED = re.compile(r"'([^']+)'")
_SHOWN = 40
"""Signs of an unfinished tag that a message quotes."""
_TIME = (1980, 1, 1, 0, 0, 0)


class BrokenTemplateError(ValueError):
    """The template cannot be filled; the message (Chinese) names the template, the tag and the remedy."""


class _Element(Protocol):
    def iter(self, tag: str) -> Any: ...


class _Environment(SandboxedEnvironment):
    """Tags of a template are compiled once, however many documents are made from it."""

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined)
        self._compiled: dict[str, Template] = {}

    def from_string(self, source: Any, *args: Any, **kwargs: Any) -> Template:
        if source not in self._compiled:
            self._compiled[source] = super().from_string(source, *args, **kwargs)
        return self._compiled[source]


class WordTemplate:
    """One template, to be filled any number of times. Raises BrokenTemplateError when it is no .docx."""

    def __init__(self, name: str, data: bytes) -> None:
        self.name = name
        self._environment = _Environment()
        self._data = data
        self._expect_sound()

    def fill(self, context: Context, title: str, author: str, moment: dt.datetime) -> bytes:
        """The finished .docx; ``moment`` dates it. Raises BrokenTemplateError."""
        document = DocxTemplate(io.BytesIO(self._data))
        try:
            document.render(_texts(context), self._environment)
        except TemplateError as error:
            self._refuse(error)
        except (TypeError, ValueError, ArithmeticError, RecursionError, etree.LxmlError) as error:
            self._fail("", f"执行时出错({error})")
        _fit_grids(document.docx.element.body)
        made = io.BytesIO()
        document.save(made)
        return _sealed(made.getvalue(), _core(title, author, moment))

    @functools.cached_property
    def tags(self) -> tuple[str, ...]:
        """Every tag of the template as typed, in order."""
        document = DocxTemplate(io.BytesIO(self._data))
        document.init_docx()
        parts = [document.get_xml()]
        for kind in (document.HEADER_URI, document.FOOTER_URI):
            parts += [document.get_part_xml(part) for _, part in document.get_headers_footers(kind)]
        return tuple(tag for xml in parts for tag in _TAG.findall(document.patch_xml(xml)))

    def _expect_sound(self) -> None:
        try:
            with zipfile.ZipFile(io.BytesIO(self._data)) as archive:
                if any(entry.file_size > PART_LIMIT for entry in archive.infolist()):
                    self._fail("", "文件大得不像模板")
            DocxTemplate(io.BytesIO(self._data)).init_docx()
        except (zipfile.BadZipFile, PackageNotFoundError, KeyError, ValueError, etree.LxmlError) as error:
            if isinstance(error, BrokenTemplateError):
                raise
            self._fail("", "不是可用的 Word 文档(.docx)")

    def _refuse(self, error: TemplateError) -> NoReturn:
        """What is wrong, at which tag, in Chinese."""
        message = error.message or ""
        named = _QUOTED.findall(message)
        if isinstance(error, UndefinedError):
            word = named[-1] if named else ""
            self._fail(self._tag_with(word), f"没有“{word}”这一项内容")
        if isinstance(error, TemplateSyntaxError):
            line = _line_of(error)
            whole = _TAG.findall(line)
            begun = line[line.index("{") :].strip()[:_SHOWN] if "{" in line else ""
            known = self._tag_with(named[0]) if named and not whole else ""
            tag = whole[0] if len(whole) == 1 else next((tag for tag in whole if _names(tag, named)), begun)
            self._fail(tag or known, f"标签的写法不对({message})")
        self._fail("", f"标签不能使用({message})")

    def _tag_with(self, word: str) -> str:
        whole = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
        return next((tag for tag in self.tags if word and whole.search(tag)), word)

    def _fail(self, tag: str, reason: str) -> NoReturn:
        place = f"中的标签 {tag} " if tag else ""
        raise BrokenTemplateError(
            f"文书模板“{self.name}”{place}有问题:{reason}。"
            "请在 Word 中对照自带的模板改正这个标签,或删去这个模板改用自带的。"
        )


def _line_of(error: TemplateSyntaxError) -> str:
    """The paragraph a syntax error is in: docxtpl keeps a few around it."""
    around = [*getattr(error, "docx_context", ())]
    at = min(error.lineno - 1, 3)
    return around[at] if at < len(around) else ""


def _names(tag: str, words: Sequence[str]) -> bool:
    return any(word in tag for word in words)


def _texts(value: Any) -> Any:
    """The same without signs that XML cannot hold; line ends become line breaks."""
    if isinstance(value, str):
        return _ILLEGAL.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    if isinstance(value, Mapping):
        return {key: _texts(held) for key, held in value.items()}
    if isinstance(value, Sequence):
        return [_texts(held) for held in value]
    return value


def _fit_grids(body: _Element) -> None:
    """Columns a condition left out are gone from the grid too; the others share their room, each its part."""
    for table in body.iter(qn("w:tbl")):
        rows = table.findall(qn("w:tr"))
        grid = table.find(qn("w:tblGrid"))
        cells = rows[0].findall(qn("w:tc")) if rows else []
        columns = grid.findall(qn("w:gridCol")) if grid is not None else []
        widths = [cell.find(f"{qn('w:tcPr')}/{qn('w:tcW')}") for cell in cells]
        if not columns or len(columns) != len(cells) or any(width is None for width in widths):
            continue
        whole = sum(int(float(column.get(qn("w:w")))) for column in columns)
        own = [int(float(width.get(qn("w:w")))) for width in widths]
        if sum(own) < whole:
            wider = [width * whole // max(sum(own), 1) for width in own]
            wider[wider.index(max(wider))] += whole - sum(wider)
            _set_widths(rows, columns, wider)


def _set_widths(rows: Sequence[Any], columns: Sequence[Any], widths: Sequence[int]) -> None:
    for column, width in zip(columns, widths, strict=True):
        column.set(qn("w:w"), str(width))
    for row in rows:
        cells = row.findall(qn("w:tc"))
        for cell, width in zip(cells, widths, strict=False):
            held = cell.find(f"{qn('w:tcPr')}/{qn('w:tcW')}")
            if held is not None and len(cells) == len(widths):
                held.set(qn("w:w"), str(width))


def _core(title: str, author: str, moment: dt.datetime) -> str:
    time = f"{moment:%Y-%m-%dT%H:%M:%SZ}"
    spaces = (
        ("cp", "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"),
        ("dc", "http://purl.org/dc/elements/1.1/"),
        ("dcterms", "http://purl.org/dc/terms/"),
        ("xsi", "http://www.w3.org/2001/XMLSchema-instance"),
    )
    declared = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in spaces)
    dated = "".join(
        f'<dcterms:{kind} xsi:type="dcterms:W3CDTF">{time}</dcterms:{kind}>'
        for kind in ("created", "modified")
    )
    who = f"<dc:title>{escape(_texts(title))}</dc:title><dc:creator>{escape(_texts(author))}</dc:creator>"
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return f"{head}<cp:coreProperties {declared}>{who}{dated}</cp:coreProperties>"


def _sealed(data: bytes, core: str) -> bytes:
    """The same package with our properties and without the times of the run."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(made, "w") as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _TIME)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 0, 0
            target.writestr(entry, core.encode() if name == "docProps/core.xml" else source.read(name))
    return made.getvalue()
