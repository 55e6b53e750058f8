"""Rules as cell formulas: references, brackets, and that nothing changes its meaning on the way."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaohe.rules import Column, FormulaError, parse, rewrite
from kaohe.rules.column import Plain
from kaohe.rules.methods import METHODS, compile_method, emit_met, emit_rate, emit_score
from kaohe.rules.signatures import ARITY
from tests.rules.random_formulas import NAMES, formula

CELLS = {"完成值": "G5", "目标值": "$F$5", "权重": "D5", "上年值": "'组参数'!C$5", "序时": "0.5"}


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("权重*MIN(1,完成值/(目标值*序时))", "D5*MIN(1,G5/($F$5*0.5))"),
        ("((完成值))", "G5"),
        ("(完成值+1)*2", "(G5+1)*2"),
        ("完成值+(1*2)", "G5+1*2"),
        ("完成值-(1-2)", "G5-(1-2)"),
        ("(完成值-1)-2", "G5-1-2"),
        ("完成值/(1*2)", "G5/(1*2)"),
        ("(完成值^2)^3", "G5^2^3"),
        ("完成值^(2^3)", "G5^(2^3)"),
        ("-完成值^2", "-G5^2"),
        ("-(完成值^2)", "-(G5^2)"),
        ("(-完成值)^2", "-G5^2"),
        ("(完成值+1)%", "(G5+1)%"),
        ("完成值%%", "G5%%"),
        ("-(完成值%)", "-G5%"),
        ("(-完成值)%", "(-G5)%"),
        ("(完成值>1)=(目标值>1)", "(G5>1)=($F$5>1)"),
        ("IFS(完成值>1,1,TRUE,0)", "IF(G5>1,1,IF(TRUE,0,NA()))"),
        ("上年值+0.80", "'组参数'!C$5+0.80"),
        ('IF(完成值="是""否",1,0)', 'IF(G5="是""否",1,0)'),
        ("lookup(完成值，{0；60}，{1；2})", "LOOKUP(G5,{0,60},{1,2})"),
        ("IF(完成值≥60％,1,0)", "IF(G5>=60%,1,0)"),
    ],
)
def test_written(text: str, written: str) -> None:
    assert rewrite(parse(text, CELLS), CELLS) == written


@pytest.mark.parametrize(
    ("reference", "written"),
    [("5", "5^2"), ("-5", "-5^2"), ("G5*2", "(G5*2)^2"), ("年度目标", "年度目标^2"), ("1E-05", "1E-05^2")],
)
def test_references_of_any_shape(reference: str, written: str) -> None:
    assert rewrite(parse("甲^2", ["甲"]), {"甲": reference}) == written


def test_a_name_without_a_reference_is_an_error() -> None:
    with pytest.raises(KeyError, match="完成值"):
        rewrite(parse("完成值+1", CELLS), {})


def test_a_cell_holds_no_more_than_8192_characters() -> None:
    rule = parse("+".join(["甲"] * 200), ["甲"])
    with pytest.raises(FormulaError, match="8192"):
        rewrite(rule, {"甲": f"'{'很长的表名' * 9}'!$A$1"})


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**32))
def test_round_trip(seed: int) -> None:
    """Written with its own names and read again a rule computes the same, and is written the same."""
    rng = random.Random(seed)
    text = formula(rng)
    while len(text) > 1000:
        text = formula(rng, 3)
    rule = parse(text, NAMES)
    written = rewrite(rule, {name: name for name in NAMES})
    again = parse(written, NAMES)
    pool: tuple[Plain, ...] = (None, "无", 0.0, 1.0, 0.5, -3.0, 60.0, 12.34)
    columns = {name: Column.of([rng.choice(pool) for _ in range(8)]) for name in NAMES}
    assert again.evaluate(columns).tolist() == rule.evaluate(columns).tolist()
    assert rewrite(again, {name: name for name in NAMES}) == written
    assert len(written) <= len(text) + 40 * text.count("IFS(")


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_emitted_formulas_use_excel_2010_only(method: object) -> None:
    assert method in METHODS
    compiled = compile_method(METHODS[METHODS.index(method)])
    cells = {name: f"${chr(65 + i)}$7" for i, name in enumerate(sorted(compiled.uses))}
    for text in (emit_score(compiled, cells, 2), emit_rate(compiled, cells), emit_met(compiled, cells)):
        functions = set(re.findall(r"([A-Z.]+)\(", text))
        assert functions <= set(ARITY) - {"IFS"}
        assert "_xlfn" not in text
        assert not set(text) & set("（），；＝")
        assert len(text) < 1000
