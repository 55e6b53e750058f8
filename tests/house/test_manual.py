"""The manual tells what the program does: settings, columns and methods equal, pictures made and in use."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from kaohe.settings import SETTINGS
from tests.house.checkout import ROOT, tracked_under
from tools import manual

PICTURES = ROOT / "docs" / "图"
MOST_BYTES = 200_000


@pytest.fixture(scope="module")
def text() -> str:
    """The manual."""
    return manual.MANUAL.read_text(encoding="utf-8")


def test_the_eye_sees() -> None:
    old = "a\n<!-- 生成:设置 -->\n\n| 项目 |\n\n<!-- 生成完 -->\nb\n"
    assert manual.blocks_in(old) == ["设置"]
    assert manual.renewed(old) != old
    assert manual.renewed(manual.renewed(old)) == manual.renewed(old)
    assert f"| {SETTINGS[-1].name} |" in manual.renewed(old)


def test_generated_tables_are_up_to_date(text: str) -> None:
    assert text == manual.renewed(text), "python tools/manual.py writes them anew"


def test_every_table_of_the_program_is_there(text: str) -> None:
    assert sorted(manual.blocks_in(text)) == sorted(manual.BLOCKS)


def picture_names() -> list[str]:
    """What tools/pictures.py makes, read from its source (it needs LibreOffice to run)."""
    tree = ast.parse((ROOT / "tools" / "pictures.py").read_text(encoding="utf-8"))
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return [
        f"{ast.literal_eval(node.args[0])}.png"
        for node in calls
        if isinstance(node.func, ast.Name) and node.func.id == "Picture"
    ]


def test_pictures_are_those_the_tool_makes() -> None:
    there = [path.name for path in tracked_under("docs", suffix=".png")]
    assert len(there) >= 10
    assert sorted(there) == sorted(picture_names())


def test_pictures_are_shown_and_small() -> None:
    documents = (ROOT / path for path in (Path("README.md"), *tracked_under("docs", suffix=".md")))
    shown = {name for path in documents for name in re.findall(r"图/([^)]+\.png)", path.read_text("utf-8"))}
    there = [path for path in PICTURES.iterdir() if path.suffix == ".png"]
    assert sorted(path.name for path in there) == sorted(shown)
    assert [path.name for path in there if path.stat().st_size > MOST_BYTES] == []
