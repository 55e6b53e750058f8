"""Modules have one subject, functions do one thing, and there is one rounding rule."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.house import shape
from tests.house.checkout import ROOT, tracked_under

Complaint = Callable[[str], list[str]]

PRODUCT = tracked_under("src", suffix=".py")
ALL = (*PRODUCT, *tracked_under("tools", "tests", "benchmarks", suffix=".py"))
ROUNDING_RULE = Path("src/kaohe/values/rounding.py")

CASES: tuple[tuple[Complaint, str, str], ...] = (
    (shape.long_module, "x = 1\n" * 400, "x = 1\n" * 401),
    (shape.long_functions, "def f():\n" + " a\n" * 59, "def f():\n" + " a\n" * 60),
    (shape.missing_docstring, '"""Subject."""\nx = 1\n', "x = 1\n"),
    (shape.bare_excepts, "try:\n a\nexcept OSError:\n b\n", "try:\n a\nexcept:\n b\n"),
    (shape.rounding_calls, "round_half_away(x, 2)\n", "round(x, 2)\n"),
    (shape.rounding_calls, "rounding.half_away(x)\n", "np.round(x)\n"),
    (shape.rounding_calls, "column.sum()\n", "column.round(2)\n"),
)


@pytest.mark.parametrize(("complaint", "good", "bad"), CASES)
def test_the_eye_sees(complaint: Complaint, good: str, bad: str) -> None:
    assert complaint(good) == []
    assert len(complaint(bad)) == 1


def complaints(complaint: Complaint, files: tuple[Path, ...]) -> dict[str, list[str]]:
    """What the files give rise to, by file."""
    found = {path.as_posix(): complaint((ROOT / path).read_text(encoding="utf-8")) for path in files}
    return {name: texts for name, texts in found.items() if texts}


def test_modules_are_small() -> None:
    assert complaints(shape.long_module, PRODUCT) == {}


def test_functions_are_small() -> None:
    assert complaints(shape.long_functions, PRODUCT) == {}


def test_modules_say_their_subject() -> None:
    public = tuple(path for path in ALL if path.name != "__init__.py" or path in PRODUCT)
    silent_ok = {path for path in public if not (ROOT / path).read_text(encoding="utf-8").strip()}
    assert complaints(shape.missing_docstring, tuple(path for path in public if path not in silent_ok)) == {}


def test_no_bare_except() -> None:
    assert complaints(shape.bare_excepts, ALL) == {}


def test_one_rounding_rule() -> None:
    assert complaints(shape.rounding_calls, tuple(path for path in PRODUCT if path != ROUNDING_RULE)) == {}
