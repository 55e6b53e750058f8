"""Filling Word templates: text stays text, a broken tag is named, the same bytes come out."""

from __future__ import annotations

import datetime as dt

import pytest
from lxml import etree

from kaohe.workbooks.word import BrokenTemplateError, WordTemplate
from tests.documents.docx import W, drawn, parts_of, texts
from tools.documents_xml import cell, document, para, row, table

MOMENT = dt.datetime(2017, 1, 20, 9)
NAME = "通报.docx"


def filled(data: bytes, **context: object) -> bytes:
    """The template filled."""
    return WordTemplate(NAME, data).fill(context, "标题", "考核办", MOMENT)


@pytest.mark.parametrize(
    "typed",
    [
        "{{ 7*7 }}",
        "{% for x in y %}",
        "{%p if 1 %}",
        "{# 批注 #}",
        "<w:p><w:r><w:t>假</w:t></w:r></w:p>",
        "</w:t></w:r></w:p>",
        "甲&乙 &amp; &#60;",
        "=cmd|' /C calc'!A0",
        '{ HYPERLINK "http://a" }',
        "]]><!-- ",
        "'\"“”",
        "第一行\n第二行",
        "{{{{}}}}",
    ],
)
def test_what_was_typed_comes_out_as_it_was_typed(typed: str) -> None:
    made = filled(drawn("前{{ 内容 }}后", header="{{ 内容 }}"), 内容=typed)
    assert texts(made) == [f"前{typed}后"]
    assert texts(made, "word/header1.xml") == [typed]
    root = etree.fromstring(parts_of(made)["word/document.xml"])
    assert not list(root.iter(f"{W}instrText", f"{W}fldSimple", f"{W}hyperlink"))


def test_signs_that_xml_cannot_hold_are_left_out() -> None:
    made = filled(drawn("{{ 内容 }}"), 内容="甲\x00乙\x07丙\x0c丁\ud800戊\r\n己")
    assert texts(made) == ["甲乙丙丁戊\n己"]


def test_a_tag_that_word_split_into_runs_is_filled() -> None:
    split = "</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>"
    data = document("试", [para("a", "{{ 内容 }}").replace("内容", f"内{split}容")], "")
    assert texts(filled(data, 内容="好")) == ["好"]


def test_same_content_same_bytes_whatever_the_day() -> None:
    data = drawn("{{ 内容 }}")
    made = filled(data, 内容="好")
    assert made == filled(data, 内容="好")
    core = parts_of(made)["docProps/core.xml"].decode()
    assert "2017-01-20T09:00:00Z" in core
    assert "考核办" in core


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("{{ 没有这项 }}", "{{ 没有这项 }}"),
        ("甲{{ 组.没有 }}乙", "{{ 组.没有 }}"),
        ("{{ 内容 ", "{{ 内容"),
        ("{{ 内容 + }}", "{{ 内容 + }}"),
        ("{{ 内容 | 没有的过滤 }}", "{{ 内容 | 没有的过滤 }}"),
        ("{% if 内容 %}没有结束", ""),
        ("{% 不认识 %}", "{% 不认识 %}"),
        ("{{ 1/0 }}", ""),
        ("{{ ().__class__.__bases__ }}", "__class__"),
        ("{% for x in range(999999999) %}{% endfor %}", ""),
        ("{{ 内容.format.__globals__ }}", "__globals__"),
    ],
)
def test_a_broken_tag_is_named_with_its_template(text: str, tag: str) -> None:
    with pytest.raises(BrokenTemplateError) as refused:
        filled(drawn("好的一段", text), 内容="好", 组={"名称": "甲"})
    assert NAME in str(refused.value)
    assert tag in str(refused.value)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"no document", b"\xd0\xcf\x11\xe0"])
def test_what_is_no_document_is_refused(data: bytes) -> None:
    with pytest.raises(BrokenTemplateError, match="不是可用的 Word 文档"):
        WordTemplate(NAME, data)


def test_columns_left_out_give_their_room_to_the_others() -> None:
    cells = [
        cell(1000, "{%tc if 名次 %}"),
        cell(1000, "名次"),
        cell(1000, "{%tc endif %}"),
        cell(5000, "单位"),
        cell(2844, "得分"),
    ]
    data = document("试", [table((1000, 5000, 2844), [row(cells)])], "")
    root = etree.fromstring(parts_of(filled(data, 名次=False))["word/document.xml"])
    assert [column.get(f"{W}w") for column in root.iter(f"{W}gridCol")] == ["5638", "3206"]
    assert [width.get(f"{W}w") for width in root.iter(f"{W}tcW")] == ["5638", "3206"]
