"""Issuing: who gets which form under which number, and that issuing again changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from kaohe.jobs.common import JobError
from kaohe.jobs.issue import issue, random_number
from kaohe.jobs.master import open_master
from kaohe.sheets.form_layout import FORM_TITLE
from kaohe.sheets.form_read import read_return
from kaohe.workbooks.package import fill
from tests.support import bh, example
from tests.support.line import Desk, filled, table_rows


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk.new(tmp_path)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_every_unit_gets_its_form_and_its_row(desk: Desk) -> None:
    done = desk.issue()
    assert [path.name for path in done.written] == [
        "东区-自测完成情况表-2007-H1.xlsx",
        "西区-自测完成情况表-2007-H1.xlsx",
    ]
    register = table_rows(desk.master, "下发登记")
    assert [(row["单位代码"], row["文件"], row["报送截止"]) for row in register] == [
        ("U1", done.written[0].name, "2007-07-10"),
        ("U2", done.written[1].name, "2007-07-10"),
    ]


def test_the_hidden_identity_is_what_the_register_says(desk: Desk) -> None:
    desk.issue(by_department=True)
    for (unit, department), row in desk.issued.items():
        returned = read_return(desk.form(unit, department).read_bytes(), row.workbook, "")
        assert returned.problem == ""
        identity = returned.identity
        assert (identity.number, identity.unit, identity.department) == (row.number, unit, department)
        assert (identity.period, identity.version) == ("2007-H1", row.version)


def test_issuing_twice_keeps_numbers_and_bytes(desk: Desk) -> None:
    first = desk.issue()
    before, register = contents(desk.out), dict(desk.issued)
    master = desk.master.read_bytes()
    again = desk.issue()
    assert (len(first.written), len(again.written), len(again.unchanged)) == (2, 0, 2)
    assert contents(desk.out) == before
    assert desk.issued == register
    assert desk.master.read_bytes() == master


def test_issuing_again_into_another_folder_gives_the_same_files(desk: Desk, tmp_path: Path) -> None:
    desk.issue()
    issue(desk.master, "2007-H1", tmp_path / "另存")
    assert contents(tmp_path / "另存") == contents(desk.out)


def test_a_form_somebody_edited_is_left_alone(desk: Desk) -> None:
    desk.issue()
    form = desk.form("U1")
    form.write_bytes(form.read_bytes() + b" ")
    edited = form.read_bytes()
    again = desk.issue()
    assert again.kept == (form,)
    assert form.read_bytes() == edited
    assert [path.name for path in again.unchanged] == [desk.form("U2").name]


def test_overwriting_is_asked_for(desk: Desk) -> None:
    desk.issue()
    form = desk.form("U1")
    original = form.read_bytes()
    form.write_bytes(b"x")
    done = issue(desk.master, "2007-H1", desk.out, overwrite=True)
    assert (done.written, done.kept) == ((form,), ())
    assert form.read_bytes() == original


TYPED = [
    "完成值\nX1|5",
    "完成值\nX2|较好",
    "数据状态\nX1|预计",
    "标记\nX2|未达标",
    "原因\nX1|停产",
    "措施\nX1|追赶",
]


@pytest.mark.parametrize("overwrite", [False, True], ids=["", "overwrite"])
@pytest.mark.parametrize("typed", TYPED, ids=lambda text: text.replace("\n", " "))
def test_a_form_somebody_filled_in_is_never_replaced(typed: str, overwrite: bool, desk: Desk) -> None:
    desk.issue()
    form = desk.form("U1")
    form.write_bytes(filled(form.read_bytes(), f"指标|{typed}"))
    theirs = form.read_bytes()
    done = issue(desk.master, "2007-H1", desk.out, overwrite=overwrite)
    assert (done.kept, done.typed, done.written) == ((form,), (form,), ())
    assert form.read_bytes() == theirs


def test_a_blank_form_of_an_older_scheme_is_replaced(desk: Desk) -> None:
    desk.issue()
    desk.master.write_bytes(fill(desk.master.read_bytes(), "目标", {(4, 3): 120.0}))
    forms = tuple(desk.form(unit) for unit in ("U1", "U2"))
    kept = issue(desk.master, "2007-H1", desk.out)
    assert (kept.kept, kept.typed, kept.written) == (forms, (), ())
    done = issue(desk.master, "2007-H1", desk.out, overwrite=True)
    assert (done.kept, done.typed, done.written) == ((), (), forms)


def test_the_value_of_a_composite_is_nobodys(tmp_path: Path) -> None:
    """Its cell holds the form's own formula, and what a spreadsheet program kept of it."""
    folder = example.copy(tmp_path)
    form = next(path for path in (folder / "下发").iterdir() if "环境保护局" in path.name)
    rows = read_return(form.read_bytes(), "", "").rows
    at = next(int(row.cell[1:]) for row in rows if row.indicator == "D01")
    form.write_bytes(fill(form.read_bytes(), FORM_TITLE, {(at, 11): 100.0}))
    done = issue(folder / "总表.xlsx", "2007-H1", folder / "下发", overwrite=True)
    assert (done.kept, done.written) == ((), (form,))


def test_another_year_than_the_schemes(desk: Desk) -> None:
    before = desk.master.read_bytes()
    with pytest.raises(JobError, match=r"2008-H1.*考核年度 2007"):
        desk.issue("2008-H1")
    assert desk.master.read_bytes() == before
    assert not desk.out.exists()


def test_a_scheme_that_names_no_year(tmp_path: Path) -> None:
    desk = Desk.new(tmp_path, 方案="项目|值\n方案代码|T\n方案名称|小方案")
    assert len(desk.issue("2008-H1").written) == 2


@pytest.mark.parametrize("wanted", [["U2"], ["西区"], ["U2", "西区"]])
def test_one_unit_by_code_or_name(wanted: list[str], desk: Desk) -> None:
    done = desk.issue(units=wanted)
    assert [path.name for path in done.written] == ["西区-自测完成情况表-2007-H1.xlsx"]
    assert set(desk.issued) == {("U2", "")}


def test_an_unknown_unit_issues_nothing(desk: Desk) -> None:
    before = desk.master.read_bytes()
    with pytest.raises(JobError, match="南区"):
        desk.issue(units=["U1", "南区"])
    assert desk.master.read_bytes() == before
    assert not desk.out.exists()


def test_by_department_every_indicator_goes_to_its_department(desk: Desk) -> None:
    done = desk.issue(by_department=True)
    assert len(done.written) == 4
    for (unit, department), row in desk.issued.items():
        rows = read_return(desk.form(unit, department).read_bytes(), "", "").rows
        assert [r.indicator for r in rows] == {"发改局": ["X1"], "民政局": ["X2"]}[department]
        assert (
            row.workbook == f"{'东区' if unit == 'U1' else '西区'}-{department}-自测完成情况表-2007-H1.xlsx"
        )


def test_bh11_the_example_is_issued_in_parts_that_make_the_whole() -> None:
    """BH11: 滨湖区 in eleven parts; components go with their composite; nothing twice, nothing left out."""
    forms = sorted((example.made().folder / "下发").glob("滨湖区-*.xlsx"))
    assert len(forms) == 11
    listed = [row.indicator for form in forms for row in read_return(form.read_bytes(), "", "").rows]
    assert sorted(listed) == sorted(row.code for row in bh.scheme().at(bh.H1.end).indicators)
    environment = next(form for form in forms if "环境保护局" in form.name)
    assert {"D01", "D011", "D012", "D013"} <= {
        row.indicator for row in read_return(environment.read_bytes(), "", "").rows
    }


def test_a_changed_scheme_gives_new_numbers(desk: Desk) -> None:
    """BH7: the old number stays in the register, so that what went out under it can still come back."""
    desk.issue()
    old = {row.number for row in desk.issued.values()}
    desk.master.write_bytes(fill(desk.master.read_bytes(), "目标", {(4, 3): 120.0}))
    again = issue(desk.master, "2007-H1", desk.folder / "再发")
    register = open_master(desk.master).issues
    assert len(again.written) == 2
    assert old < set(register)
    assert len(register) == 4
    assert len({row.version for row in register.values()}) == 2


def test_two_periods_side_by_side(desk: Desk) -> None:
    desk.issue("2007-H1")
    desk.issue("2007-07")
    register = open_master(desk.master).issues.values()
    assert [(row.period, row.deadline) for row in register] == [
        ("2007-H1", "2007-07-10"),
        ("2007-H1", "2007-07-10"),
        ("2007-07", "2007-08-10"),
        ("2007-07", "2007-08-10"),
    ]


def test_names_no_system_refuses(tmp_path: Path) -> None:
    """Two units of one name, and a name with signs that Windows does not take."""
    units = "单位代码|单位名称|考核组\nU1|新区|甲组\nU2|新区|甲组\nU3|A/B:“区”?|甲组\nU4|=1+1|甲组"
    desk = Desk.new(tmp_path, 单位=units)
    names = [path.name for path in desk.issue().written]
    assert len({name.casefold() for name in names}) == 4
    assert not any(sign in name for name in names for sign in '\\/:*?"<>|')
    assert {row.workbook for row in desk.issued.values()} == set(names)


def test_the_versions_register_keeps_every_row(desk: Desk) -> None:
    desk.issue()
    rows = table_rows(desk.master, "方案版本")
    assert {row["表"] for row in rows} >= {"方案", "部分", "指标", "目标"}
    assert any("产值" in str(row["内容"]) for row in rows)
    desk.issue("2007-07")
    assert table_rows(desk.master, "方案版本") == rows


def test_numbers_cannot_be_guessed_nor_mistaken_on_the_telephone() -> None:
    numbers = {random_number() for _ in range(200)}
    assert len(numbers) == 200
    assert all(len(number) == 10 for number in numbers)
    assert not set("".join(numbers)) & set("01IOL")
