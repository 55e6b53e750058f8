"""历史 read through 单位沿革: renamed, merged and split units; codes that had another name (WXD5, WXZ3)."""

from __future__ import annotations

from dataclasses import replace

from kaohe.assess.history import read_history
from kaohe.findings import Finding
from kaohe.model import Location, PastResult, Succession, Unit
from tests.support.schemes import small_scheme

SCHEME = small_scheme(
    单位="单位代码|单位名称|考核组\nL|梁溪区|区\nX|新吴区|区\nH|滨湖区|区\nJ|经开区|区\nB|锡山区|区",
)


def past(unit: str, name: str, rank: float | None = 1, year: int = 2015, of: float | None = 9) -> PastResult:
    return PastResult(year, unit, name, group="区", rank=rank, of=of, location=Location(cell=f"A{year}"))


def moved(old: str, name: str, new: str, how: str, date: str = "2016-02-20") -> Succession:
    return Succession(date, old, name, new, how, location=Location(cell="B5"))


MERGER = (
    moved("C1", "崇安区", "L", "合并"),
    moved("C2", "南长区", "L", "合并"),
    moved("C3", "北塘区", "L", "合并"),
)


def found(
    rows: list[PastResult], successions: tuple[Succession, ...], unit: str, year: int = 2015
) -> list[str]:
    history, _ = read_history(SCHEME, rows, successions)
    return [f"{row.name}{row.result.rank:g}{row.origin}" for row in history.of(unit, year)]


def said(rows: list[PastResult], successions: tuple[Succession, ...] = ()) -> tuple[Finding, ...]:
    return read_history(SCHEME, rows, successions)[1]


def test_its_own_result() -> None:
    assert found([past("H", "滨湖区", 3)], (), "H") == ["滨湖区3"]
    assert found([past("H", "", 3)], (), "H") == ["滨湖区3"]
    assert found([], (), "H") == []


def test_wxd5_nine_blocks_in_2015_seven_in_2016() -> None:
    """WXD5: a merged unit has the results of all its predecessors, under their names."""
    rows = [past("C1", "崇安区", 7), past("C2", "南长区", 8), past("C3", "北塘区", 9)]
    assert found(rows, MERGER, "L") == [
        "崇安区7(合并前的崇安区)",
        "南长区8(合并前的南长区)",
        "北塘区9(合并前的北塘区)",
    ]
    assert said(rows, MERGER) == ()


def test_a_renamed_unit() -> None:
    rows = [past("XQ", "新区", 2)]
    assert found(rows, (moved("XQ", "新区", "X", "更名"),), "X") == ["新区2(更名前的新区)"]
    assert found(rows, (moved("XQ", "新区", "X", "更名"),), "X", 2014) == []


def test_a_unit_renamed_under_the_same_code() -> None:
    rows = [past("X", "新区", 2), past("X", "新吴区", 1, year=2016)]
    renamed = (moved("X", "新区", "X", "更名"),)
    assert found(rows, renamed, "X") == ["新区2(更名前的新区)"]
    assert found(rows, renamed, "X", 2016) == ["新吴区1"]
    assert said(rows, renamed) == ()


def test_a_merger_into_the_code_of_one_of_them() -> None:
    rows = [past("L", "崇安区", 7), past("C2", "南长区", 8)]
    into = (moved("L", "崇安区", "L", "合并"), moved("C2", "南长区", "L", "合并"))
    assert found(rows, into, "L") == ["崇安区7(合并前的崇安区)", "南长区8(合并前的南长区)"]
    assert said(rows, into) == ()


def test_a_split_unit_inherits_and_the_whole_keeps_its_own() -> None:
    rows = [past("H", "滨湖区", 9)]
    split = (moved("H", "滨湖区", "J", "拆分"),)
    assert found(rows, split, "J") == ["滨湖区9(拆分前的滨湖区)"]
    assert found(rows, split, "H") == ["滨湖区9"]


def test_chains_of_names_are_followed_and_circles_end() -> None:
    rows = [past("O", "老区", 5, year=2010)]
    chain = (moved("O", "老区", "M", "更名", "2012-01-01"), moved("M", "中区", "X", "更名", "2014-01-01"))
    assert found(rows, chain, "X", 2010) == ["老区5(更名前的老区)"]
    circle = (moved("X", "甲", "H", "更名"), moved("H", "乙", "X", "更名"))
    assert found([], circle, "X") == []
    assert {finding.code for finding in said([], circle)} == {"G23"}


def test_results_after_the_change_are_not_the_successors() -> None:
    """A block that went on under its own code after a part was split off."""
    rows = [past("H", "滨湖区", 9, year=2017)]
    assert found(rows, (moved("H", "滨湖区", "J", "拆分"),), "J", 2017) == []


def test_a_code_that_had_another_name_is_asked_about_and_not_used() -> None:
    rows = [past("B", "北塘区", 9), replace(past("B", "北塘区", 9), indicator="X1")]
    assert found(rows, (), "B") == []
    (finding,) = said(rows)
    assert (finding.code, finding.location.cell) == ("G22", "A2015")
    assert "代码“B”的名称是“北塘区”,现在是“锡山区”" in finding.what


def test_of_two_results_of_one_year_the_first_counts() -> None:
    rows = [past("H", "滨湖区", 3), past("H", "滨湖区", 4), past("H", "滨湖区", 4, year=2014)]
    assert found(rows, (), "H") == ["滨湖区3"]
    (finding,) = said(rows)
    assert finding.code == "G28"
    assert "2015 年代码“H”的总分有两行" in finding.what


def test_a_code_given_to_another_unit_after_it_was_merged() -> None:
    rows = [past("B", "北塘区", 9)]
    merged = (moved("B", "北塘区", "L", "合并"),)
    assert (found(rows, merged, "L"), found(rows, merged, "B")) == (["北塘区9(合并前的北塘区)"], [])
    assert said(rows, merged) == ()


def test_a_successor_that_is_nobody() -> None:
    (finding,) = said([], (moved("C1", "崇安区", "Q", "合并"),))
    assert (finding.code, finding.location.cell) == ("G23", "B5")


def test_who_was_last() -> None:
    rows = [past("H", "滨湖区", 7, of=7), past("X", "新吴区", 6, of=7), past("L", "梁溪区", 6, of=None)]
    history, _ = read_history(SCHEME, rows, ())
    assert [history.was_last(row) for row in rows] == [True, False, None]
    assert history.was_last(past("J", "经开区", None)) is None


def test_two_tied_at_the_end_were_both_last() -> None:
    rows = [past("H", "滨湖区", 1, of=3), past("X", "新吴区", 2, of=3), past("L", "梁溪区", 2, of=3)]
    history, _ = read_history(SCHEME, rows, ())
    assert [history.was_last(row) for row in rows] == [False, True, True]


def test_persons_are_looked_up_like_units() -> None:
    person = Unit("P1", "张三", kind="个人")
    scheme = small_scheme()
    history, _ = read_history(replace(scheme, units=(person,)), [past("P1", "张三", 4)], ())
    assert [row.result.rank for row in history.of("P1", 2015)] == [4]


def test_a_change_before_the_year_hides_no_later_one() -> None:
    """Of two predecessors the first was merged years earlier: the second one's result is the one of 2015."""
    rows = [past("C1", "崇安区", 7), past("C2", "南长区", 8)]
    merged = (
        moved("C1", "崇安区", "L", "合并", "2012-03-01"),
        moved("C2", "南长区", "L", "合并", "2016-02-20"),
    )
    assert found(rows, merged, "L") == ["南长区8(合并前的南长区)"]


def test_a_code_given_to_another_unit_whatever_the_code_of_the_successor() -> None:
    """The successor's code sorts before the old one; nothing is asked about either way."""
    rows = [past("X", "郊区", 9)]
    merged = (moved("X", "郊区", "B", "合并"),)
    assert (found(rows, merged, "B"), found(rows, merged, "X")) == (["郊区9(合并前的郊区)"], [])
    assert said(rows, merged) == ()
