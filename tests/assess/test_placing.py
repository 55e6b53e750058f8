"""Rows without their code, name or identity: where they are placed, what is said, when nothing is guessed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from kaohe import terms
from kaohe.assess.few import SHOWN
from kaohe.assess.placing import identified, of_taken, placed
from kaohe.assess.remembered import remembered
from kaohe.assess.returns import CONSOLIDATED, DUPLICATE, KNOWN, REFUSED, UNREADABLE, InputState
from kaohe.assess.typed_names import Names, code_key, titled
from kaohe.findings import Finding
from kaohe.model import Identity, IssueRecord, Location, Record, Return, ReturnedRow
from tests.support.schemes import small_scheme

INDICATORS = """
    指标代码|上级|指标名称|计量单位|权重|计分方法|序时|取值|考评部门
    X1|A|产值(规模以上)|亿元|30|目标完成率|无||
    X2|A|税收|亿元|30|目标完成率|无||
    X3|B|满意率|%|20|目标完成率|无||
    X4|B|重名|%|10|目标完成率|无||
    X5|B|重名|%|5|目标完成率|无||
    X6|B|党建|分|5|评定分|无|考评|组织部
    """
UNITS = "单位代码|单位名称|考核组\nU1|东区|甲组\nU2|西区(新)|甲组\n007|南区|甲组"
TARGETS = "指标代码|单位代码|目标值\n" + "\n".join(f"X{n}|*|10" for n in range(1, 7))
SCHEME = small_scheme(指标=INDICATORS, 单位=UNITS, 目标=TARGETS)
VERSION = SCHEME.version
FORM = IssueRecord("N-1", "2007-H1", "U1", "", VERSION, "东区.xlsx", "2007-07-01 09:00:00", "2007-07-10")
MARKS = FORM._replace(number="N-2", unit="", department="组织部", workbook="组织部.xlsx")
REGISTER = {row.number: row for row in (FORM, MARKS)}
GOOD = {"X1": "产值(规模以上)", "X2": "税收", "X3": "满意率", "X4": "重名", "X5": "重名"}
MEASURES = {"X1": "亿元", "X2": "亿元", "X3": "%", "X4": "%", "X5": "%"}
ALL = tuple(
    (key, letter) for key, letter in zip(("status", "mark", "reason", "measure"), "LPRS", strict=True)
)


def row(code: str, name: str | None = None, value: object = 5.0, at: int = 7, **more: object) -> ReturnedRow:
    """A row of a unit's form as the reader gives it: without a code its name stands in the code's place."""
    name = GOOD.get(code, "") if name is None else name
    found = ReturnedRow(code or name, f"K{at}", value, name=name, unit_of_measure=MEASURES.get(code, ""))
    return found._replace(**more)  # type: ignore[arg-type]


def form(*rows: ReturnedRow, issued: IssueRecord = FORM, **more: object) -> Return:
    purpose = terms.PURPOSE_FORM if issued.unit else terms.PURPOSE_ASSESSOR
    identity = Identity(
        issued.number, "T", issued.version, issued.unit, issued.department, issued.period, purpose
    )
    found = Return("东区.xlsx", "0" * 64, "2007-07-05 09:00:00", "自测表", identity, tuple(rows))
    return found._replace(**more)  # type: ignore[arg-type]


def codes_and(*rows: ReturnedRow, issued: IssueRecord = FORM) -> tuple[list[str], list[tuple[str, str]]]:
    """The codes the rows are read by, and (code, cell) of what is said."""
    (fresh,), found = placed([form(*rows, issued=issued)], SCHEME, REGISTER)
    return [each.indicator for each in fresh.rows], [(f.code, f.location.cell) for f in found]


def said(*rows: ReturnedRow) -> Finding:
    _, (found,) = placed([form(*rows)], SCHEME, REGISTER)
    return found


def test_rows_as_issued_are_left_as_they_are() -> None:
    rows = [row(code, at=7 + at) for at, code in enumerate(GOOD)]
    assert codes_and(*rows) == (list(GOOD), [])


@pytest.mark.parametrize("typed", ["x1", "Ｘ１", " X1 ", "X 1"])
def test_a_code_however_it_is_spelled(typed: str) -> None:
    assert codes_and(row("X1")._replace(indicator=typed)) == (["X1"], [])


def test_noughts_in_front_of_a_number_do_not_tell_codes_apart() -> None:
    assert (code_key("007"), code_key("7"), code_key("000")) == ("7", "7", "000")
    assert Names(SCHEME).units["7"] == "007"


@pytest.mark.parametrize("name", ["产值(规模以上)", "产值（规模以上）", "产值", "产 值", "产值(全部)"])
def test_without_a_code_by_its_name(name: str) -> None:
    """With or without what stands in brackets behind it."""
    assert codes_and(row("", name)) == (["X1"], [("V43", "K7")])


def test_what_is_said_of_a_code_that_is_gone_or_strange() -> None:
    assert "代码空着,按名称归入 X2《税收》" in said(row("", "税收")).message
    assert "代码“Z9”不在方案中,按名称归入 X2" in said(row("Z9", "税收")).message


@pytest.mark.parametrize("value", [5.0, None])
def test_a_name_that_two_indicators_have_is_no_name(value: object) -> None:
    told = [("V42", "K7")] if value else []
    assert codes_and(row("", "重名", value)) == ([], told)


def test_a_name_whose_code_has_a_row_already() -> None:
    assert codes_and(row("X2"), row("", "税收", at=8)) == (["X2"], [("V42", "K8")])


def test_a_name_that_stands_twice_without_a_code() -> None:
    assert codes_and(row("", "税收"), row("", "税收", at=8)) == ([], [("V42", "K7"), ("V42", "K8")])


def test_a_strange_code_with_a_strange_name_stays() -> None:
    """V15 is told of it when the return is taken in."""
    assert codes_and(row("Z9", "不知何物")) == (["Z9"], [])


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ((row("", "不知何物"),), "名称“不知何物”对不上任何指标"),
        ((row("", ""),), "也没有名称"),
        ((row("", "重名"),), "名称“重名”有几个指标(X4、X5)"),
        ((row("X2"), row("", "税收")), "名称“税收”的指标另有一行"),
        ((row("", "税收", None), row("", "税收")), "名称“税收”出现在几行"),
    ],
)
def test_why_a_value_has_no_home(rows: Sequence[ReturnedRow], why: str) -> None:
    assert f"没有指标代码,{why},未读取" in said(*rows).message


def test_codes_that_are_alike_but_for_their_spelling() -> None:
    """Each is exactly one of the scheme's; spelled otherwise it is nobody's."""
    tables = {
        "指标": "指标代码|上级|指标名称|权重|计分方法|序时\n"
        "1|A|甲|60|目标完成率|无\n01|B|乙|40|目标完成率|无",
        "目标": "指标代码|单位代码|目标值\n1|*|1\n01|*|1",
    }
    scheme = small_scheme(**tables)
    rows = [row("1", "甲"), row("01", "", at=8), row("001", "", at=9)]
    (fresh,), found = placed([form(*rows)], scheme, REGISTER)
    assert [each.indicator for each in fresh.rows] == ["1", "01", "001"]
    assert found == []


@pytest.mark.parametrize("value", [None, "", "  "])
def test_a_blank_row_of_nobody_is_not_worth_a_word(value: object) -> None:
    assert codes_and(row("", "不知何物", value)) == ([], [])


@pytest.mark.parametrize("more", [{"error": "#N/A"}, {"uncached": True}])
def test_an_error_is_something(more: dict[str, Any]) -> None:
    assert codes_and(row("", "不知何物", None)._replace(**more)) == ([], [("V42", "K7")])


def test_a_code_beside_anothers_name() -> None:
    """Sorted in part: read by its code for the time being; what is compared besides is nobody's."""
    odd = row("X1", "税收", shown_weight=30.0, shown_target=10.0, shown_score=3.0, unit_of_measure="吨")
    (fresh,), found = placed([form(odd)], SCHEME, REGISTER)
    assert [(f.code, f.location.indicator) for f in found] == [("V44", "X1")]
    (kept,) = fresh.rows
    assert (kept.indicator, kept.value, kept.other_name) == ("X1", 5.0, "税收")
    assert (kept.shown_weight, kept.shown_target, kept.shown_score, kept.unit_of_measure) == (
        *(None, None, None),
        "",
    )


@pytest.mark.parametrize(
    ("code", "name"),
    [("X1", "不知何物"), ("X1", ""), ("X4", "重名"), ("X1", "产值")],
    ids=["a name of nobody", "none", "a name of several", "the short one"],
)
def test_a_name_that_contradicts_nothing(code: str, name: str) -> None:
    assert codes_and(row(code, name)) == ([code], [])


def test_a_contradiction_without_a_value_harms_nobody() -> None:
    assert codes_and(row("X1", "税收", None)) == (["X1"], [])


def test_a_code_mistyped_into_that_of_another_row() -> None:
    """The other row has its own name beside it, this one that of an indicator without a row."""
    rows = (row("X1"), row("X1", "税收", at=8, unit_of_measure="亿元"))
    assert codes_and(*rows) == (["X1", "X2"], [("V43", "K8")])
    _, (found,) = placed([form(*rows)], SCHEME, REGISTER)
    assert "代码“X1”与另一行重复,按名称归入 X2《税收》" in found.message


@pytest.mark.parametrize(
    "rows",
    [
        (row("X1", "税收"), row("X1", "满意率", at=8)),
        (row("X1"), row("X1", "税收", at=8), row("X2", at=9)),
    ],
    ids=["neither has its own name", "the name has its row"],
)
def test_a_code_twice_that_cannot_be_told_apart(rows: Sequence[ReturnedRow]) -> None:
    codes, found = codes_and(*rows)
    assert codes == [each.indicator for each in rows]
    assert {code for code, _ in found} == {"V44"}


def test_two_mistyped_into_the_same_name() -> None:
    """Which of them is meant nobody knows: both stay with their code."""
    rows = (row("X1"), row("X1", "税收", 6.0, 8), row("X1", "税收", 7.0, 9))
    assert codes_and(*rows)[0] == ["X1", "X1", "X1"]


def test_another_unit_of_measure() -> None:
    odd = row("X2", unit_of_measure="万元")
    (fresh,), (found,) = placed([form(odd)], SCHEME, REGISTER)
    assert (found.code, found.location.cell, found.facts["shown"]) == ("V45", "K7", "万元")
    assert (fresh.rows[0].other_measure, fresh.rows[0].value) == ("万元", 5.0)


@pytest.mark.parametrize(
    ("odd", "version"),
    [
        (row("X2", unit_of_measure=""), VERSION),
        (row("X2", unit_of_measure="亿 元"), VERSION),
        (row("X2", value=None, unit_of_measure="万元"), VERSION),
        (row("X2", unit_of_measure="万元"), "0000000000"),
        (row("X6", "党建", unit_of_measure="万元"), VERSION),
    ],
    ids=["gone", "spaced", "no value", "an older version", "not the unit's to give"],
)
def test_a_unit_of_measure_that_is_nothing_to_speak_of(odd: ReturnedRow, version: str) -> None:
    issued = FORM._replace(version=version)
    _, found = placed([form(odd, issued=issued)], SCHEME, {issued.number: issued})
    assert found == []


@pytest.mark.parametrize(
    ("gone", "shown"), [(("status",), "数据状态"), (("reason", "measure"), "原因”“措施")]
)
def test_columns_that_are_gone(gone: tuple[str, ...], shown: str) -> None:
    kept = tuple(pair for pair in ALL if pair[0] not in gone)
    _, (found,) = placed([form(row("X1", columns=kept))], SCHEME, REGISTER)
    assert (found.code, found.location.cell) == ("V47", "")
    assert f"没有“{shown}”一列" in found.message
    assert placed([form(row("X1", columns=ALL))], SCHEME, REGISTER)[1] == []


def test_many_alike_are_summed_up() -> None:
    rows = [row("", "不知何物", float(at), at) for at in range(7, 7 + SHOWN + 5)]
    _, found = placed([form(*rows)], SCHEME, REGISTER)
    assert [f.code for f in found] == ["V42"] * SHOWN
    assert "26 起共 6 行" in found[-1].message
    assert len(placed([form(*rows[:SHOWN])], SCHEME, REGISTER)[1]) == SHOWN


def cell(indicator: str, unit: str, name: str, at: str = "D7", value: object = 4.0) -> ReturnedRow:
    return ReturnedRow(indicator, at, value, name=name, unit=unit)


CELLS = {
    "as issued": (cell("X6", "U1", "党建(东区)"), ("X6", "U1"), []),
    "a unit's name with brackets": (cell("X6", "U2", "党建(西区(新))"), ("X6", "U2"), []),
    "no name beside it": (cell("X6", "U1", "党建"), ("X6", "U1"), []),
    "no code of the unit": (cell("X6", "东区", "党建(东区)"), ("X6", "U1"), ["V43"]),
    "no code of the indicator": (cell("党建", "U1", "党建(东区)"), ("X6", "U1"), ["V43"]),
    "neither": (cell("党建", "东区", "党建(东区)"), ("X6", "U1"), ["V43", "V43"]),
    "strange ones": (cell("Z9", "U9", "不知(何物)"), ("Z9", "U9"), []),
    "another unit's name": (cell("X6", "U1", "党建(南区)"), ("X6", "U1"), ["V44"]),
    "another indicator's name": (cell("X6", "U1", "税收(东区)"), ("X6", "U1"), ["V44"]),
}


@pytest.mark.parametrize(("given", "where", "codes"), CELLS.values(), ids=CELLS)
def test_a_cell_of_a_table_of_marks(given: ReturnedRow, where: tuple[str, str], codes: list[str]) -> None:
    (fresh,), found = placed([form(given, issued=MARKS)], SCHEME, REGISTER)
    assert [(each.indicator, each.unit) for each in fresh.rows] == [where]
    assert [f.code for f in found] == codes
    assert bool(fresh.rows[0].other_name) == ("V44" in codes)


def test_a_unit_is_told_of_once() -> None:
    """At the first of its cells."""
    cells = (cell("X6", "东区", "党建(东区)"), cell("X2", "东区", "税收(东区)", "E7"))
    _, found = placed([form(*cells, issued=MARKS)], SCHEME, REGISTER)
    assert [(f.code, f.location.cell) for f in found] == [("V43", "D7")]


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("党建", ("党建", "")),
        ("党建(东区)", ("党建", "东区")),
        ("产值(规模以上)(东区)", ("产值(规模以上)", "东区")),
        ("党建(西区(新))", ("党建", "西区(新)")),
        ("党建(何处)", ("党建", "何处")),
        (")", (")", "")),
    ],
)
def test_a_cells_name_in_its_two_parts(name: str, parts: tuple[str, str]) -> None:
    assert titled(name, Names(SCHEME)) == parts


def copied(number: str, purpose: str = terms.PURPOSE_FORM) -> Return:
    """A form copied out of its workbook: no hidden identity, the number on its face."""
    facts = (("shown", f"表面的下发编号是 {number}"),)
    identity = Identity(number=number, purpose=purpose)
    return form(row("X1"), problem="W17", identity=identity, facts=facts)


def test_a_form_without_identity_has_that_of_the_number_on_its_face() -> None:
    (fresh,), (found,) = placed([copied("N-1")], SCHEME, REGISTER)
    assert (fresh.problem, fresh.facts, fresh.identity.unit, fresh.identity.period) == (
        "",
        (),
        "U1",
        "2007-H1",
    )
    assert (found.code, found.facts["unit"], found.location.unit) == ("W18", "东区", "U1")


def test_a_table_of_marks_without_identity() -> None:
    (fresh,), (found,) = placed([copied("N-2", terms.PURPOSE_ASSESSOR)], SCHEME, REGISTER)
    assert (fresh.problem, fresh.identity.department, found.facts["unit"]) == ("", "组织部", "组织部")


@pytest.mark.parametrize(
    "lost",
    [copied("N-9"), copied("N-1", terms.PURPOSE_ASSESSOR), copied("N-2"), copied("")],
    ids=["a number nobody gave out", "a form's number on marks", "the other way", "none"],
)
def test_a_number_that_does_not_help(lost: Return) -> None:
    assert identified([lost], REGISTER) == [lost]
    assert placed([lost], SCHEME, REGISTER) == ([lost], [])


def test_a_unit_that_is_no_longer_in_the_scheme_is_called_by_its_code() -> None:
    issued = FORM._replace(unit="U9")
    _, (found,) = placed([copied("N-1")], SCHEME, {"N-1": issued})
    assert found.facts["unit"] == "U9"


@pytest.mark.parametrize("problem", ["W01", "W02", "W19", "W20"])
def test_what_cannot_be_read_is_left_alone(problem: str) -> None:
    given = form(row("", "税收"), problem=problem)
    assert placed([given], SCHEME, REGISTER) == ([given], [])


def test_a_number_that_is_not_registered_is_left_alone() -> None:
    """W03 is told when the return is taken in."""
    given = form(row("", "税收"), issued=FORM._replace(number="N-9"))
    assert placed([given], SCHEME, REGISTER) == ([given], [])


@pytest.mark.parametrize(
    ("state", "counts"),
    [(CONSOLIDATED, True), (KNOWN, True), (DUPLICATE, False), (REFUSED, False), (UNREADABLE, False)],
)
def test_only_what_is_about_files_that_count_is_told(state: str, counts: bool) -> None:
    found = Finding("V42", Location("东区.xlsx"))
    inputs = [InputState("东区.xlsx", "0" * 64, "U1", "", "N-1", "", state)]
    assert of_taken([found], inputs) == ([found] if counts else [])


def record(**more: object) -> Record:
    given = Record("2007-H1", "U1", "X1", "", VERSION, "N-1", "5", 5.0, sha256="a", cell="K7")
    return given._replace(**more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        (record(), []),
        (record(other_name="税收"), ["V44"]),
        (record(other_measure="万元"), ["V45"]),
        (record(other_name="税收", sha256="read"), []),
        (record(indicator="Z9", other_name="税收"), []),
    ],
    ids=["nothing", "a name", "a unit of measure", "told from the file", "no longer in the scheme"],
)
def test_what_is_remembered(given: Record, codes: list[str]) -> None:
    found = remembered([given], {"read"}, SCHEME)
    assert [(f.code, f.location.cell) for f in found] == [(code, "K7") for code in codes]
    assert all(f.message for f in found)


def test_a_mark_beside_another_units_name_is_remembered_as_such() -> None:
    (found,) = remembered([record(indicator="X6", source="考评", other_name="南区")], (), SCHEME)
    assert (found.facts["code"], found.facts["name"], found.facts["shown"]) == ("U1", "东区", "南区")
    (found,) = remembered([record(indicator="X6", source="考评", other_name="税收")], (), SCHEME)
    assert (found.facts["code"], found.facts["shown"]) == ("X6", "税收")
