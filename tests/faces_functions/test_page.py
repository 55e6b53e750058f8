"""docs/函数.md, the wizard's texts and the examples in them."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from kaohe.faces import functions
from kaohe.faces.functions_page import Described, describe, page
from kaohe.version import __version__
from tests.faces_functions.formula import read_call, read_value
from tests.support import example

PAGE = Path(__file__).resolve().parents[2] / "docs" / "函数.md"
LONGEST_HELP = 255
"""xlwings cuts descriptions after this many characters, as Excel's wizard does."""
RESERVED = """
and as base boolean byref byte byval call case close const currency date debug declare dim do double
each else end enum eqv erase error event exit false for friend function get global gosub goto if imp
implements in input integer is let lib like line lock long loop lset me mid mod name new next not
nothing null object on open option optional or paramarray preserve print private property public put
raiseevent redim rem resume return rset seek select set single static step stop string sub then to
true type unlock until variant wend while with write xor
"""
"""Words VBA does not take as argument names (and some it takes unwillingly)."""

DESCRIBED = [describe(function) for function in functions.FUNCTIONS]


def test_the_page_is_what_the_functions_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


def test_all_functions_are_listed() -> None:
    defined = {name for name in vars(functions) if name.startswith("KH_")}
    assert defined == {function.__name__ for function in functions.FUNCTIONS}


@pytest.mark.parametrize(
    "one", [one for one in DESCRIBED if one.name != "KH_EXPLAIN"], ids=lambda one: str(one.name)
)
def test_the_example_gives_what_it_says(one: Described) -> None:
    name, arguments = read_call(one.example)
    assert name == one.name
    given = getattr(functions, name)(*arguments)
    assert _plain(given) == (f"kaohe {__version__}" if name == "KH_VERSION" else _said(one.result))


def test_the_example_of_an_explanation_explains_that_score() -> None:
    """Its first argument is a formula over cells: here the text Excel puts in its place."""
    [one] = [one for one in DESCRIBED if one.name == "KH_EXPLAIN"]
    master = example.made().folder
    formula = 'CELL("filename",排名!A1)'
    assert formula in one.example
    _, arguments = read_call(one.example.replace(formula, f'"{master}/[总表.xlsx]排名"'))
    label, headline, score, place = functions.KH_EXPLAIN(*arguments)[0]
    assert (label, place) == ("得分", "")
    assert str(headline).startswith(f"{arguments[2]}《")
    assert isinstance(score, float)


def _plain(given: Any) -> Any:
    return given.to_numpy().tolist() if isinstance(given, pd.DataFrame) else given


def _said(result: str) -> Any:
    """The documented result: an array constant, a number, or bare text."""
    if result.startswith("{") or re.fullmatch(r"-?[\d.]+", result):
        return read_value(result)
    return result


@pytest.mark.parametrize("function", functions.FUNCTIONS, ids=lambda function: str(function.__name__))
def test_the_wizard_shows_whole_texts(function: Any) -> None:
    assert 10 < len(function.__doc__) <= LONGEST_HELP
    hints = inspect.get_annotations(function, eval_str=True)
    for name in inspect.signature(function).parameters:
        options = hints[name].__metadata__[0]
        assert 5 < len(options["doc"]) <= LONGEST_HELP
        assert (options["ndim"], options["err_to_str"]) == (2, True)


@pytest.mark.parametrize("function", functions.FUNCTIONS, ids=lambda function: str(function.__name__))
def test_vba_takes_the_names(function: Any) -> None:
    for name in (function.__name__, *inspect.signature(function).parameters):
        assert re.fullmatch(r"[A-Za-z][A-Za-z_]*", name)
        assert name.lower() not in RESERVED.split()
