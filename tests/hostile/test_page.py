"""docs/安全.md says what the cases say."""

from __future__ import annotations

import pytest

from tests.hostile import page
from tests.hostile.inbox import CASES


def test_the_page_is_what_the_cases_make_it() -> None:
    text = page.PAGE.read_text(encoding="utf-8")
    assert text == page.made(text), "python -m tests.hostile.page"


@pytest.mark.parametrize("name", ["上限", "结果"])
def test_the_page_has_the_marks(name: str) -> None:
    text = page.PAGE.read_text(encoding="utf-8")
    assert text.count(page.BEGIN.format(name)) == text.count(page.END.format(name)) == 1


def test_every_case_is_a_row() -> None:
    rows = [line for line in page.table().splitlines() if line.startswith("| ")]
    assert len(rows) == len(CASES) + 2  # the heading and the line below it
