"""Characters by number: a master saved by a program that writes every Chinese character as a reference."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

from kaohe.jobs.consolidate import consolidate
from kaohe.jobs.demo import demo
from kaohe.workbooks.package.xmltext import unescaped
from tests.package.books import rebuilt

_CHINESE = re.compile(r"[^\x00-\x7f]")


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("&#21517;&#27425;", "名次"),
        ("&#x540D;&lt;A&gt; &amp;amp; &quot;&apos;", "名<A> &amp; \"'"),
        ("&#9999999;&nbsp;", "&#9999999;&nbsp;"),
        ("名次", "名次"),
    ],
)
def test_references_become_characters(written: str, text: str) -> None:
    assert unescaped(written) == text


def test_notes_follow_their_unit_in_a_master_written_with_references(tmp_path: Path) -> None:
    """Sheets and shared strings as such a program saves them: nothing is lost, nothing is told as lost."""
    made = demo("BH", tmp_path / "演示")
    master = made.folder / "总表.xlsx"
    with zipfile.ZipFile(master) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name, content in parts.items():
        if name.startswith("xl/worksheets/sheet") or name == "xl/sharedStrings.xml":
            text = content.decode()
            head, declared, body = text.partition("?>") if text.startswith("<?xml") else ("", "", text)
            plain = _CHINESE.sub(lambda sign: f"&#{ord(sign[0])};", body)
            parts[name] = f"{head}{declared}{plain}".encode()
    master.write_bytes(rebuilt(parts))
    again = consolidate(master, made.folder / "回收", period_code="2007-H1")
    assert again.notes == made.result.notes
    assert [row.rank for row in again.assessment.standings] == [
        row.rank for row in made.result.assessment.standings
    ]
