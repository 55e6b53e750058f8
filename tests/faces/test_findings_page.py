"""docs/findings.md is what the catalogue says, and every line of it can be read."""

from __future__ import annotations

import re
import string
import subprocess
import sys
from pathlib import Path

import pytest

from kaohe.faces.findings_page import FACTS, GROUPS, findings_page
from kaohe.findings import CATALOGUE, SEVERITY_TITLES, Kind


def test_the_page_is_the_generated_one(root: Path) -> None:
    """Mend with: python -m kaohe.faces.findings_page > docs/findings.md"""
    assert (root / "docs" / "findings.md").read_text(encoding="utf-8") == findings_page()


def test_the_command_prints_the_page() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kaohe.faces.findings_page"], capture_output=True, check=True, text=False
    )
    assert done.stdout.decode("utf-8") == findings_page()


@pytest.mark.parametrize("kind", CATALOGUE.values(), ids=lambda kind: kind.code)
def test_every_code_has_its_row(kind: Kind) -> None:
    rows = re.findall(rf"^\| {kind.code} \|.*\|$", findings_page(), re.MULTILINE)
    assert len(rows) == 1
    cells = [cell.strip() for cell in rows[0].strip("|").split(" | ")]
    assert cells[1:3] == [SEVERITY_TITLES[kind.severity], kind.title]
    assert all(cells)
    assert len(cells) == 5


def test_every_code_belongs_to_a_section() -> None:
    assert {code[0] for code in CATALOGUE} == {letter for letter, *_ in GROUPS}


def test_every_fact_has_a_word_and_no_word_is_left_over() -> None:
    texts = [text for kind in CATALOGUE.values() for text in (kind.wording, kind.remedy)]
    names = {name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name}
    assert names == set(FACTS)
    assert not re.search(r"\{[a-z]", findings_page())
