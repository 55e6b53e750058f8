"""The Word templates are those of their generator, in the fonts and margins of official documents."""

from __future__ import annotations

import pytest
from lxml import etree

from kaohe.jobs.publish_templates import TEMPLATES
from kaohe.workbooks.word import WordTemplate
from tests.documents.docx import W, parts_of
from tools.documents import DOCUMENTS, FOLDER, build
from tools.documents_xml import FALLBACKS

MM = 56.7
"""Twips in a millimetre."""


def test_there_is_one_for_every_kind() -> None:
    assert sorted(path.name for path in FOLDER.iterdir()) == sorted(f"{kind}.docx" for kind in TEMPLATES)
    assert set(DOCUMENTS) == set(TEMPLATES)


@pytest.mark.parametrize("kind", TEMPLATES)
def test_a_template_equals_its_generator(kind: str) -> None:
    """python -m tools.documents"""
    assert (FOLDER / f"{kind}.docx").read_bytes() == build(kind)


@pytest.mark.parametrize("kind", TEMPLATES)
def test_every_style_is_declared_and_the_page_is_an_official_one(kind: str) -> None:
    parts = parts_of(build(kind))
    styles = {
        node.get(f"{W}styleId") for node in etree.fromstring(parts["word/styles.xml"]).iter(f"{W}style")
    }
    body = etree.fromstring(parts["word/document.xml"])
    assert {node.get(f"{W}val") for node in body.iter(f"{W}pStyle")} <= styles
    margins = next(body.iter(f"{W}pgMar"))
    millimetres = [float(str(margins.get(f"{W}{side}"))) / MM for side in ("top", "bottom", "left", "right")]
    assert millimetres == pytest.approx([37, 35, 28, 26], abs=0.05)
    size = next(body.iter(f"{W}pgSz"))
    assert (size.get(f"{W}w"), size.get(f"{W}h")) == ("11906", "16838")


def test_every_font_names_what_stands_in_for_it() -> None:
    fonts = etree.fromstring(parts_of(build("通报"))["word/fontTable.xml"])
    named = {font.get(f"{W}name"): font.find(f"{W}altName").get(f"{W}val") for font in fonts}
    assert named == FALLBACKS


@pytest.mark.parametrize("kind", TEMPLATES)
def test_the_state_stands_in_the_header_of_every_page(kind: str) -> None:
    assert "{{ 状态说明 }}" in WordTemplate(kind, build(kind)).tags
    header = parts_of(build(kind))["word/header1.xml"].decode()
    assert "{{ 状态说明 }}" in header
