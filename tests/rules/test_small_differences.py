"""Small differences of the rule language: depth given back, which bracket is meant, a mean of two."""

from __future__ import annotations

import pytest

from kaohe.rules import Column, FormulaError, parse

NAMES = frozenset({"甲", "乙", "丙"})


def value(text: str) -> object:
    columns = {"甲": Column.of([4.0]), "乙": Column.of([8.0]), "丙": Column.of([None])}
    rule = parse(text, NAMES)
    [found] = rule.evaluate({name: columns[name] for name in rule.names} or {"甲": columns["甲"]}).tolist()
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [("AVERAGE(甲,乙)", 6.0), ("AVERAGE(甲,丙,乙)", 6.0), ("AVERAGE(甲,丙)", 4.0), ("SUM(甲,丙,乙)", 12.0)],
)
def test_a_mean_is_that_of_the_cells_that_hold_numbers(text: str, expected: float) -> None:
    assert value(text) == expected


@pytest.mark.parametrize("piece", ["(1)", "ABS(1)", "(+1)", "--1", "((1))"])
def test_what_stands_side_by_side_is_not_deep(piece: str) -> None:
    """Forty-one pieces, one behind the other, are no deeper than one."""
    assert value("+".join([piece] * 41)) == 41.0


@pytest.mark.parametrize("before", ["-1+", "(1)+", "ABS(1)+", "--1+"])
def test_what_stands_before_buys_no_depth(before: str) -> None:
    """40 levels are the limit, whatever was opened and closed before."""
    assert value(before + "(" * 40 + "1" + ")" * 40) in (0.0, 2.0)
    with pytest.raises(FormulaError, match="40层"):
        parse(before + "(" * 41 + "1" + ")" * 41, NAMES)


def test_of_two_open_brackets_the_inner_one_is_named() -> None:
    with pytest.raises(FormulaError) as found:
        parse("MIN(1,(2+甲", NAMES)
    assert (found.value.token, found.value.position) == ("(", 7)
