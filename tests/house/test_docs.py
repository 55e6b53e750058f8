"""What the documents point at exists: files, pictures, headings."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.house.checkout import ROOT, tracked

DOCUMENTS = tuple(path for path in tracked() if path.suffix == ".md")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)[^)]*\)")
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
EXPECTED = ("CONTRIBUTING.md", "SECURITY.md", "README.md", "CHANGELOG.md", "docs/decisions.md")


def anchors(text: str) -> set[str]:
    """The anchors of a document's headings, as code hosts make them."""
    headings = re.findall(r"^#+\s+(.*?)\s*#*$", FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def leads_nowhere(document: Path, link: str) -> bool:
    """Whether a relative link of a document (a path in the checkout) misses its file or its heading."""
    path, _, anchor = unquote(link).partition("#")
    target = (ROOT / document).parent / path if path else ROOT / document
    if not target.exists():
        return True
    return bool(anchor) and anchor not in anchors(target.read_text(encoding="utf-8"))


def broken_links(document: Path, text: str) -> list[str]:
    """The relative links in a document's text that lead nowhere."""
    links = (link for link in LINK.findall(FENCE.sub("", text)) if not re.match(r"[a-z]+:", link))
    return [link for link in links if leads_nowhere(document, link)]


def test_the_eye_sees() -> None:
    good = "[好](start.py) [好](SECURITY.md#信任边界)\n```\n[不看](y)\n```\n"
    bad = "[坏](none.md) [坏](SECURITY.md#没有) ![坏](x.png)"
    assert broken_links(Path("CONTRIBUTING.md"), good + bad) == ["none.md", "SECURITY.md#没有", "x.png"]


def test_links_lead_somewhere() -> None:
    found = {path: broken_links(path, (ROOT / path).read_text(encoding="utf-8")) for path in DOCUMENTS}
    assert {path: links for path, links in found.items() if links} == {}


@pytest.mark.parametrize("name", EXPECTED)
def test_the_documents_of_the_house_are_there(name: str) -> None:
    assert Path(name) in tracked()
