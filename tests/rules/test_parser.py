"""What the rule language reads, and what it refuses with which words."""

from __future__ import annotations

import pickle

import pytest

from kaohe.rules import FormulaError, parse
from kaohe.rules.signatures import ARITY

NAMES = ("完成值", "目标值", "权重", "序时", "封顶")


def value(text: str, **inputs: float) -> object:
    return parse(text, NAMES).evaluate(inputs).tolist()[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-2^2", 4.0),  # the sign binds tighter than the power
        ("2^3^2", 64.0),  # from left to right
        ("2^-1", 0.5),
        ("10%", 0.1),
        ("200%%", 0.02),
        ("-5%", -0.05),
        ("10%^2", 0.1**2),
        ("2+3*4", 14.0),
        ("(2+3)*4", 20.0),
        ("7-2-1", 4.0),
        ("24/4/2", 3.0),
        ("2*-3", -6.0),
        ("--3", 3.0),
        ("+3", 3.0),
        ("1+1=2", True),
        ("2*3>=5+1", True),
        ("1.5E+3", 1500.0),
        (".5", 0.5),
        ("if(true,1,2)", 1.0),
        ("=1+1", 2.0),
        (" = 1 + 1 ", 2.0),
        ("IF(1>2,\n  3,\n  4)", 4.0),
        ("IFS(1>2,3,TRUE,4)", 4.0),
        ("LOOKUP(70,{0,60,80},{1,2,3})", 2.0),
        ("LOOKUP(-3,{-5,0})", -5.0),
        ("LOOKUP(LOOKUP(70,{0,60}),{0,60},{1,2})", 2.0),
        ('"说""明"=""', False),
    ],
)
def test_precedence_and_literals(text: str, expected: object) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("权重＊ＭＩＮ（１，完成值／目标值）", "权重*MIN(1,完成值/目标值)"),
        ("ＩＦ（完成值＞＝目标值；权重；０）", "IF(完成值>=目标值,权重,0)"),
        ("权重×（完成值÷目标值）", "权重*(完成值/目标值)"),
        ("IF(完成值≥目标值，权重，０．５％)", "IF(完成值>=目标值,权重,0.5%)"),
        ("IF(完成值≤１，1，IF(完成值≠2,3,4))", "IF(完成值<=1,1,IF(完成值<>2,3,4))"),
        ("＝1＋2－3", "1+2-3"),
        ("MIN(完成值、目标值)", "MIN(完成值,目标值)"),
        ("LOOKUP(完成值,｛0，60，80｝,{1;2;3})", "LOOKUP(完成值,{0,60,80},{1,2,3})"),
        ("完成值\u3000*\u00a02\t+1", "完成值*2+1"),
        ("IF(完成值＝“是”，1，0)", 'IF(完成值="是",1,0)'),
        ("IF(完成值=＂是＂,1,0)", 'IF(完成值="是",1,0)'),
    ],
)
def test_what_chinese_input_methods_type(typed: str, plain: str) -> None:
    assert parse(typed, NAMES).node == parse(plain, NAMES).node


def test_quoted_text_is_left_alone() -> None:
    rule = parse('IF(完成值="（是），×",1,0)', NAMES)
    assert rule == parse("IF(完成值=“（是），×”,1,0)", NAMES).__class__(rule.text, rule.names, rule.node)
    assert parse("IF(完成值=“（是），×”,1,0)", NAMES).node == rule.node


def test_a_rule_knows_its_text_and_names() -> None:
    rule = parse(" 权重*完成值/目标值 ", NAMES)
    assert rule.text == "权重*完成值/目标值"
    assert rule.names == {"权重", "完成值", "目标值"}


@pytest.mark.parametrize(
    ("text", "token", "position", "words"),
    [
        ("MIN(1,A1)", "A1", 7, "不能引用单元格,请写指标名称"),
        ("完成值/$B$2", "$B$2", 5, "不能引用单元格"),
        ("SUM(A1:B2)", "A1:B2", 5, "不能引用单元格"),
        ("Sheet1!A1+1", "Sheet1!A1", 1, "不能引用其他工作表"),
        ("'自测 表'!A1", "'自测", 1, "单引号"),
        ("1+[别的.xlsx]表!A1", "[别的.xlsx]表!A1", 3, "不能引用其他工作簿"),
        ("R1C1+1", "R1C1", 1, "不能引用单元格"),
        ("完成/目标值", "完成", 1, "没有这个名称,请改正;是不是“完成值”?"),
        ("得分+1", "得分", 1, "可以用:"),
        ("NOW()", "NOW", 1, "每次打开都可能变化"),
        ("RAND()*权重", "RAND", 1, "每次打开都可能变化"),
        ("VLOOKUP(1,2,3)", "VLOOKUP", 1, "不能用;分档请用"),
        ("RANK(完成值,1)", "RANK", 1, "组名次"),
        ("MAXX(1,2)", "MAXX", 1, "是不是 MAX?"),
        ("HYPERLINK(1)", "HYPERLINK", 1, "不支持这个函数"),
        ("1+", "", 3, "公式没有写完"),
        ("", "", 1, "公式是空的"),
        ("  =", "", 1, "公式是空的"),
        ("MIN(1,2", "(", 4, "没有配对的右括号"),
        ("1+2)", ")", 4, "没有与之配对的左括号"),
        ("(1+2}", "}", 5, "没有与之配对"),
        ("IF(完成值=“是,1,0)", "“是,1,0)", 8, "引号没有配对"),
        ("1 2", "2", 3, "前面缺少运算符或逗号"),
        ("完成值 目标值", "目标值", 5, "前面缺少运算符或逗号"),
        ('完成值"是"', '"', 4, "前面缺少运算符或逗号"),
        ("IF(1,,2)", ",", 6, "前面缺少数、名称或参数"),
        ("*2", "*", 1, "前面缺少数"),
        ("IF(完成值=>1,1,0)", "=>", 7, "请写成“>=”"),
        ("IF(完成值=<1,1,0)", "=<", 7, "请写成“<=”"),
        ("60<=完成值<80", "<", 8, "不能连着比较"),
        ("IF(1)", "IF", 1, "应有2至3个参数,现有1个"),
        ("ROUND(1)", "ROUND", 1, "应有2个参数"),
        ("IFS(1,2,3)", "IFS", 1, "成对"),
        ("{1,2}", "{", 1, "只能用在 LOOKUP"),
        ("SUM({1,2})", "{", 5, "只能用在 LOOKUP"),
        ("LOOKUP(1,2)", "LOOKUP", 1, "大括号常数"),
        ("LOOKUP({1},{0,1})", "LOOKUP", 1, "大括号常数"),
        ("LOOKUP(1,{0,60},{1})", "LOOKUP", 1, "个数不同"),
        ("LOOKUP(1,{60,0},{1,2})", "LOOKUP", 1, "从小到大"),
        ("LOOKUP(1,{0,60;80})", "{", 10, "不要混用"),
        ("LOOKUP(1,{0,完成值})", "完成值", 13, "只能写数字"),
        ("1&2", "1&2", 1, "不能连接文字"),
        ("#N/A", "#N", 1, "不能直接写错误值"),
        ("@完成值", "@完成值", 1, "请删去"),
        ("0.12345678901234567", "0.12345678901234567", 1, "15位"),
        ("1E+999", "1E+999", 1, "太大"),
        ("nan+1", "nan", 1, "没有这个名称"),
        ("１＋完成", "完成", 3, "没有这个名称"),
        ("完成值≥目标", "目标", 5, "没有这个名称"),
    ],
)
def test_refusals_name_token_place_and_remedy(text: str, token: str, position: int, words: str) -> None:
    with pytest.raises(FormulaError) as caught:
        parse(text, NAMES)
    error = caught.value
    assert (error.token, error.position) == (token, position), str(error)
    assert words in error.reason
    assert str(error).startswith(f"公式第{position}个字符")


def test_the_message_of_a_cell_reference() -> None:
    with pytest.raises(FormulaError) as caught:
        parse("权重*MIN(A1,1)", NAMES)
    assert str(caught.value) == "公式第8个字符“A1”:不能引用单元格,请写指标名称(如 完成值)"
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1+" * 500 + "1", "1000个字符"),
        ("+".join(["1"] * 201), "400个部分"),
        ("(" * 41 + "1" + ")" * 41, "40层"),
        ("-" * 41 + "1", "40层"),
        ("ABS(" * 41 + "1" + ")" * 41, "40层"),
        ("IF(1>2," * 41 + "1" + ")" * 41, "40层"),
        (f'IF(完成值="{"长" * 300}",1,0)', "255字"),
    ],
)
def test_limits(text: str, words: str) -> None:
    with pytest.raises(FormulaError, match=words):
        parse(text, NAMES)


def test_just_inside_the_limits() -> None:
    assert value("(" * 40 + "1" + ")" * 40) == 1.0
    assert value("+".join(["1"] * 200)) == 200.0
    pairs = ",".join(f"完成值>{bound},{bound}" for bound in range(29, 0, -1))
    assert value(f"IFS({pairs})", 完成值=7.5) == 7.0


def test_every_function_can_be_called() -> None:
    """Each function of the table parses with its least arguments and computes something."""
    for name, (least, _) in ARITY.items():
        arguments = ",".join(["1", "{0,1}"] if name == "LOOKUP" else ["1"] * least)
        assert parse(f"{name}({arguments})", ()).evaluate({}).tolist() != []
