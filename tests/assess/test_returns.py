"""Which returns count: several files of one number, superseding on a later run, running again."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest

from kaohe.assess.assessment import Assessment
from kaohe.assess.returns import CONSOLIDATED, DUPLICATE, KNOWN, REFUSED, UNREADABLE
from kaohe.model import Record, Return
from tests.assess.return_cases import CASES, SCHEME, ReturnCase, clean
from tests.support.returns import assess_forms, at_hour, form

OLD, NEW = "指标|完成值\nX1|90\nX2|95", "指标|完成值\nX1|100\nX2|95"


def sent(rows: str, hour: int, name: str = "U1.xlsx", unit: str = "U1") -> Return:
    """U1's form as it came at that hour; other rows or another name are other bytes."""
    return form(unit, rows, scheme=SCHEME, received=at_hour(hour), workbook=name, sha256=f"{unit}{rows}")


def run(returns: Sequence[Return], known: tuple[Record, ...] = ()) -> Assessment:
    return assess_forms(SCHEME, [*returns, *clean("U2")], known=known)


def states(assessment: Assessment) -> dict[str, str]:
    return {item.workbook: item.state for item in assessment.intake.inputs}


def value(assessment: Assessment) -> float | None:
    """What counts as U1's X1."""
    return assessment.intake.live["U1"]["X1"].value


def results(assessment: Assessment) -> list[tuple[object, ...]]:
    return [(s.unit.code, s.total, s.rank, s.state, dict(s.parts)) for s in assessment.standings]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_of_several_versions_the_last_received_counts(order: tuple[int, ...]) -> None:
    """Whatever the names and their order in the folder say."""
    files = [sent(OLD, 9, "b.xlsx"), sent(NEW, 11, "a.xlsx"), sent("指标|完成值\nX1|95\nX2|95", 10, "c.xlsx")]
    assessment = run([files[at] for at in order])
    assert value(assessment) == 100
    assert states(assessment) == {
        "a.xlsx": CONSOLIDATED,
        "b.xlsx": DUPLICATE,
        "c.xlsx": DUPLICATE,
        "U2.xlsx": CONSOLIDATED,
    }
    noted = [(f.location.workbook, str(f.facts["kept"])[:6]) for f in assessment.findings if f.code == "W14"]
    assert sorted(noted) == [("b.xlsx", "a.xlsx"), ("c.xlsx", "a.xlsx")]


def test_what_did_not_count_is_not_recorded() -> None:
    first = run([sent(OLD, 9, "旧.xlsx"), sent(NEW, 10, "新.xlsx")])
    assert {record.workbook for record in first.intake.records if record.unit == "U1"} == {"新.xlsx"}


def test_a_second_run_over_the_same_files_adds_nothing() -> None:
    first = run([sent(NEW, 9)])
    again = run([sent(NEW, 9)], first.intake.records)
    assert again.intake.records == first.intake.records
    assert results(again) == results(first)
    assert set(states(again).values()) == {KNOWN}


@pytest.mark.parametrize("runs", [2, 3])
def test_running_again_over_two_versions_keeps_the_later(runs: int) -> None:
    """The older file, not recorded in the first run, must not come in as news in the second."""
    files = [sent(OLD, 9, "旧.xlsx"), sent(NEW, 10, "新.xlsx")]
    first = again = run(files)
    for _ in range(runs - 1):
        again = run(files, again.intake.records)
    assert value(again) == 100
    assert again.intake.records == first.intake.records
    assert states(again) == {"旧.xlsx": DUPLICATE, "新.xlsx": KNOWN, "U2.xlsx": KNOWN}
    assert [f.message for f in again.findings] == [f.message for f in first.findings]


def test_running_again_over_two_copies_says_the_same() -> None:
    files = [sent(NEW, 9, "甲.xlsx"), sent(NEW, 10, "甲 副本.xlsx")]
    first = run(files)
    again = run(files, first.intake.records)
    assert again.intake.records == first.intake.records
    assert [f.message for f in again.findings] == [f.message for f in first.findings]


def test_running_again_says_the_same_about_rows_that_were_added() -> None:
    files = [sent("指标|完成值\nX1|100\nX2|95\nX3|1", 9)]
    first = run(files)
    assert [f.code for f in first.findings] == ["V15"]
    assert run(files, first.intake.records).findings == first.findings


def test_a_correction_supersedes_what_it_replaces() -> None:
    first = run([sent(OLD, 9)])
    later = run([sent(NEW, 12, "U1 更正.xlsx")], first.intake.records)
    assert value(later) == 100
    of_unit = [
        (r.value, r.superseded) for r in later.intake.records if r.unit == "U1" and r.indicator == "X1"
    ]
    assert [(number, note[:10]) for number, note in of_unit] == [(90.0, "U1 更正.xlsx"), (100.0, "")]
    assert len(later.intake.records) == len(first.intake.records) + 2


def test_a_correction_beside_what_it_replaces() -> None:
    first = run([sent(OLD, 9, "旧.xlsx")])
    later = run([sent(OLD, 9, "旧.xlsx"), sent(NEW, 12, "新.xlsx")], first.intake.records)
    assert value(later) == 100
    assert states(later)["旧.xlsx"] == DUPLICATE
    third = run([sent(OLD, 9, "旧.xlsx"), sent(NEW, 12, "新.xlsx")], later.intake.records)
    assert third.intake.records == later.intake.records
    assert value(third) == 100


def test_an_older_file_that_turns_up_later_does_not_replace_a_newer() -> None:
    first = run([sent(NEW, 10, "新.xlsx")])
    later = run([sent(OLD, 9, "旧.xlsx")], first.intake.records)
    assert value(later) == 100
    assert states(later)["旧.xlsx"] == DUPLICATE


def test_an_emptied_inbox_keeps_the_results() -> None:
    first = run([sent(OLD, 9)])
    again = assess_forms(SCHEME, [], known=first.intake.records)
    assert again.intake.records == first.intake.records
    assert results(again) == results(first)
    assert [f.message for f in again.findings] == [f.message for f in first.findings]


def test_a_file_taken_in_under_another_name_is_known() -> None:
    first = run([sent(NEW, 9)])
    again = run([sent(NEW, 9, "东区 定稿.xlsx")], first.intake.records)
    assert states(again)["东区 定稿.xlsx"] == KNOWN
    assert again.intake.records == first.intake.records


def test_a_known_file_copied_with_an_earlier_date_is_known() -> None:
    first = run([sent(NEW, 9)])
    again = run([sent(NEW, 8, "东区 定稿.xlsx")], first.intake.records)
    assert states(again)["东区 定稿.xlsx"] == KNOWN


def test_a_replaced_file_does_not_come_back_by_itself() -> None:
    """Old, then new, then only the old one is left in the folder: the new one counts, and W14 says so."""
    first = run([sent(OLD, 9, "旧.xlsx")])
    second = run([sent(NEW, 10, "新.xlsx")], first.intake.records)
    third = run([sent(OLD, 9, "旧.xlsx")], second.intake.records)
    assert value(third) == 100
    assert third.intake.records == second.intake.records
    found = [(f.code, f.facts["kept"]) for f in third.findings]
    assert found == [("W14", "总表中此前汇总的 新.xlsx(2007-07-05 10:00:00)")]


def test_other_periods_rows_are_kept_and_not_counted() -> None:
    first = run([sent(OLD, 9)])
    quarter = tuple(record._replace(period="2007-Q1") for record in first.intake.records)
    later = run([sent(NEW, 9)], quarter)
    assert later.intake.records[: len(quarter)] == quarter
    assert value(later) == 100


@pytest.mark.parametrize("case", [c for c in CASES if c.found[0][0] in ("W01", "W02")], ids=lambda c: c.why)
def test_a_file_nobody_can_read_stops_nobody(case: ReturnCase) -> None:
    assessment = assess_forms(SCHEME, case.returns())
    assert [s.rank for s in assessment.standings] == [1, 1]
    assert states(assessment) == {"U1.xlsx": CONSOLIDATED, "U2.xlsx": CONSOLIDATED, "坏.xlsx": UNREADABLE}


@pytest.mark.parametrize(
    "case",
    [
        c
        for c in CASES
        if c.found[0][0] in ("W03", "W04", "W15", "W11") and c.returns()[:2] == clean("U1", "U2")
    ],
    ids=lambda c: c.why,
)
def test_a_file_that_is_not_ours_changes_nothing(case: ReturnCase) -> None:
    assessment = assess_forms(SCHEME, case.returns(), register=case.register())
    without = assess_forms(SCHEME, clean("U1", "U2"))
    assert assessment.intake.records == without.intake.records
    assert [item.state for item in assessment.intake.inputs] == [CONSOLIDATED, CONSOLIDATED, REFUSED]


def test_every_return_has_its_state() -> None:
    """One line of 报送情况 and of report.json per file, in the order they came."""
    for case in CASES:
        returns = case.returns()
        inputs = assess_forms(SCHEME, returns, register=case.register()).intake.inputs
        assert [item.workbook for item in inputs] == [returned.workbook for returned in returns]


def asked(assessment: Assessment) -> list[tuple[str, str]]:
    return [(f.code, f.location.workbook) for f in assessment.findings if f.code in ("W07", "W14")]


def test_two_that_differ_are_asked_about_as_long_as_both_are_there() -> None:
    """Not only in the run in which the second came."""
    old, new = sent(OLD, 9, "旧.xlsx"), sent(NEW, 10, "新.xlsx")
    first = run([old])
    second = run([old, new], first.intake.records)
    third = run([old, new], second.intake.records)
    assert asked(second) == asked(third) == [("W14", "旧.xlsx")]
    (found,) = (f for f in third.findings if f.code == "W14")
    assert found.message.endswith(
        "以 新.xlsx(2007-07-05 10:00:00) 为准,本文件(2007-07-05 09:00:00)未计;"
        "不同之处:X1 完成值“100”(本文件“90”)。"
        "如应以本文件为准,请打开后重新保存(使它的时间最新),再重新汇总。"
    ), found.message
    assert asked(run([old], second.intake.records)) == [("W14", "旧.xlsx")]


def test_many_differences_are_counted() -> None:
    old, new = sent("指标|完成值|原因\nX1|90|停产\nX2|80|", 9, "旧.xlsx"), sent(NEW, 10, "新.xlsx")
    (found,) = (f for f in run([old, new]).findings if f.code == "W14")
    assert found.facts["differs"] == (
        "X1 完成值“100”(本文件“90”)、X1 原因“”(本文件“停产”)、X2 完成值“95”(本文件“80”)"
    )
    short = sent("指标|完成值|原因|措施\nX1|90|停产|追赶", 9, "旧.xlsx")
    (found,) = (f for f in run([short, new]).findings if f.code == "W14")
    assert str(found.facts["differs"]).endswith("X1 措施“”(本文件“追赶”)等 4 处")


def test_of_two_files_of_one_name_each_finding_is_about_its_own() -> None:
    """What counts came before under the same name; the file that lies there now is another."""
    first = run([sent("指标|完成值\nX1|约90\nX2|95", 10)])
    again = run([sent("指标|完成值\nX1|90\nX2|约95", 9)], first.intake.records)
    found = [(f.code, f.location.workbook) for f in again.findings if f.location.unit == "U1"]
    assert sorted(found) == [("V03", "U1.xlsx(此前汇总的)"), ("W14", "U1.xlsx")]
    assert {r.workbook for r in again.intake.records if r.unit == "U1"} == {"U1.xlsx"}


@pytest.mark.parametrize("order", [0, 1])
def test_of_two_of_one_time_the_one_that_was_given_back_counts(order: int) -> None:
    files = [sent(OLD, 9, "U1.xlsx"), sent(NEW, 9, "退回-U1.xlsx")]
    assessment = run(files[::-1] if order else files)
    assert value(assessment) == 100
    assert asked(assessment) == [("W07", "U1.xlsx")]
    assert value(run(files, assessment.intake.records)) == 100
