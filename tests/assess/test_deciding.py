"""The steps of 审定: which rows are followed, what a result is then called, what stands in the way (Y8)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from kaohe import terms
from kaohe.assess.assessment import NO_LEDGER, Assessment, assess
from kaohe.assess.deciding import State, course, state_of, steps_of
from kaohe.assess.deciding_blockers import blockers
from kaohe.assess.deciding_lock import content_of, differences, lock_of, rows_to_lock
from kaohe.assess.returns import take_in
from kaohe.model import Adjustment, Appeal, Ledger, Return, Scheme, StateRow
from kaohe.periods import parse_period
from tests.support.returns import form, registered
from tests.support.schemes import small_scheme

H1 = parse_period("2007-H1")
REVIEWED, DECIDED, SHOWN, PUBLISHED = "领导小组审核", "常委会审定", "公示", "公布"
AGAIN = terms.STATE_REOPENED
SCHEME = small_scheme()
FULL = "指标|完成值\nX1|100\nX2|90"
LESS = "指标|完成值\nX1|90\nX2|90"


def row(state: str, day: str = "2007-07-20", **more: str) -> StateRow:
    given = {"basis": "会议纪要", "person": "领导小组", **more}
    return StateRow(given.pop("period", "2007-H1"), state, day, **given)  # type: ignore[arg-type]


def way(*rows: StateRow, scheme: Scheme = SCHEME) -> tuple[str, list[str]]:
    """(the state, the reasons why rows were not followed)."""
    found = course(rows, H1, scheme)
    return found.state.shown, [reason for _, reason in found.refused]


def test_before_the_first_row_a_result_is_preliminary() -> None:
    assert state_of((), H1, SCHEME) == State("初步")
    assert state_of([row(REVIEWED, period="2007")], H1, SCHEME) == State("初步")


def test_the_steps_in_order_end_in_a_final_result() -> None:
    rows = [row(REVIEWED), row(DECIDED), row(SHOWN, "2007-07-21", until="2007-07-25")]
    shown = state_of(rows, H1, SCHEME)
    assert (shown.name, shown.until, shown.decided, shown.final) == (SHOWN, "2007-07-25", True, False)
    last = state_of([*rows, row(PUBLISHED, "2007-07-26", number="〔2007〕第8期")], H1, SCHEME)
    assert (last.name, last.number, last.decided, last.final) == (PUBLISHED, "〔2007〕第8期", True, True)


def test_the_days_of_a_public_notice_count_from_its_date_that_day_among_them() -> None:
    rows = [row(REVIEWED), row(DECIDED), row(SHOWN, "2007-07-21")]
    assert state_of(rows, H1, SCHEME).until == "2007-07-25"
    three = small_scheme(方案="项目|值\n方案代码|T\n考核年度|2007\n公示天数|3")
    assert state_of(rows, H1, three).until == "2007-07-23"


@pytest.mark.parametrize(
    ("rows", "state", "reasons"),
    [
        ([row(DECIDED)], "初步", ["应先登记“领导小组审核”"]),
        ([row(REVIEWED), row(PUBLISHED)], REVIEWED, ["应先登记“常委会审定”"]),
        ([row(REVIEWED), row(REVIEWED)], REVIEWED, ["已经登记过“领导小组审核”;要重来的,先登记“重新开启”"]),
        ([row("拍板")], "初步", ["状态应为 领导小组审核、常委会审定、公示、公布、重新开启 之一"]),
        ([row(REVIEWED, basis="")], "初步", ["没有写依据(会议纪要、文号)"]),
        ([row(REVIEWED, person="")], "初步", ["没有写决定人"]),
        ([row(REVIEWED, "")], "初步", ["没有写日期"]),
        ([row(REVIEWED, "下周")], "初步", ["日期“下周”看不懂"]),
        (
            [row(REVIEWED, "2007-07-20"), row(DECIDED, "2007-07-19")],
            REVIEWED,
            ["日期早于上一步“领导小组审核”(2007-07-20)"],
        ),
        ([row(AGAIN)], "初步", ["还没有审定,不需要重新开启"]),
        ([row(REVIEWED), row(AGAIN)], "初步(重新开启)", []),
        ([row(REVIEWED), row(AGAIN), row(REVIEWED)], REVIEWED, []),
        (
            [row(REVIEWED), row(DECIDED), row(SHOWN, until="2007-07-24"), row(PUBLISHED, "2007-07-24")],
            SHOWN,
            ["公示到 2007-07-24 止,之后才能登记“公布”"],
        ),
        (
            [row(REVIEWED), row(DECIDED), row(SHOWN, "2007-07-20", until="2007-07-19")],
            DECIDED,
            ["公示截止早于日期"],
        ),
        (
            [row(REVIEWED), row(DECIDED), row(SHOWN, "2007-07-20", until="月底")],
            DECIDED,
            ["公示截止“月底”看不懂"],
        ),
        (
            [row(REVIEWED), row(DECIDED), row(SHOWN, "2007-07-20"), row(AGAIN, "2007-07-21")],
            "初步(重新开启)",
            [],
        ),
    ],
)  # fmt: skip
def test_rows_are_followed_only_in_order(rows: list[StateRow], state: str, reasons: list[str]) -> None:
    assert way(*rows) == (state, reasons)


def test_a_step_dated_after_the_day_it_was_locked_can_be_taken_back() -> None:
    """Else a wrong year would be a dead end: no later step, no reopening."""
    late = row(REVIEWED, "2099-01-01", locked="2007-07-20 18:00:00", steps=REVIEWED, days=5)  # type: ignore[arg-type]
    assert way(late, row(AGAIN, "2007-07-21"), row(REVIEWED, "2007-07-21")) == (REVIEWED, [])
    typed = row(REVIEWED, "2007-07-20")
    assert way(typed, row(AGAIN, "2007-07-19"))[1] == ["日期早于上一步“领导小组审核”(2007-07-20)"]


def test_a_round_goes_by_the_procedure_it_was_locked_under() -> None:
    short = small_scheme(方案="项目|值\n方案代码|T\n考核年度|2007\n审定程序|局长办公会\n公示天数|1")
    held = {"steps": f"{REVIEWED}、公示、公布", "days": 5, "locked": "2007-07-20 18:00:00"}
    first = row(REVIEWED, **held)  # type: ignore[arg-type]
    shown = row(SHOWN, "2007-07-21", **held)  # type: ignore[arg-type]
    found = state_of([first, shown], H1, short)
    assert (found.name, found.until, found.final, found.approved) == (SHOWN, "2007-07-25", False, "会议纪要")
    last = state_of([first, shown, row(PUBLISHED, "2007-07-26", basis="通报")], H1, short)
    assert (last.final, last.basis, last.approved, last.ended) == (True, "通报", "会议纪要", "2007-07-25")
    again = [first, row(AGAIN, "2007-07-22")]
    assert course(again, H1, short).steps == ("局长办公会",)
    assert state_of([*again, row("局长办公会", "2007-07-23")], H1, short).final


def test_a_scheme_names_its_own_steps() -> None:
    own = small_scheme(方案="项目|值\n方案代码|T\n考核年度|2007\n审定程序|局长办公会、公布")
    assert steps_of(own) == ("局长办公会", "公布")
    assert state_of([row("局长办公会"), row("公布")], H1, own).final
    for odd in ("初步、重新开启", "*"):
        none = small_scheme(方案=f"项目|值\n方案代码|T\n考核年度|2007\n审定程序|{odd}")
        assert steps_of(none) == (REVIEWED, DECIDED, SHOWN, PUBLISHED)


def assessed(ledger: Ledger = NO_LEDGER, second: str = LESS, scheme: Scheme = SCHEME) -> Assessment:
    """Two units, the second of them with less (or without a form where ``second`` is '')."""
    sent: list[Return] = [form("U1", FULL, scheme=scheme)]
    sent += [form("U2", second, scheme=scheme)] if second else []
    register = registered(scheme, [("U1", ""), ("U2", "")], H1)
    intake = take_in(sent, register, (), scheme.at(H1.end), H1)
    return assess(scheme, H1, intake, register, (), ledger)


TODAY = dt.date(2007, 7, 20)


def test_nothing_stands_in_the_way_of_a_whole_result() -> None:
    assert blockers(assessed(), REVIEWED, TODAY) == ()
    assert blockers(assessed(), DECIDED, TODAY) == ("《审定》:应先登记“领导小组审核”。",)


def test_a_unit_that_has_not_returned_blocks_until_something_is_decided() -> None:
    told = blockers(assessed(second=""), REVIEWED, TODAY)
    assert [text[:8] for text in told] == ["西区结果暂定:西"]
    zero = Ledger(
        adjustments=(Adjustment("2007-H1", "U2", "", terms.ADJUST_ZERO, "", "会议", "组长", "2007-07-19"),)
    )
    assert blockers(assessed(zero, ""), REVIEWED, TODAY) == ()
    later = Ledger(
        adjustments=(
            Adjustment("2007-H1", "U2", "", terms.ADJUST_EXTENDED, "2007-07-25", "函", "组长", "2007-07-19"),
        )
    )
    assert blockers(assessed(later, ""), REVIEWED, dt.date(2007, 7, 25)) == ()
    over = blockers(assessed(later, ""), REVIEWED, dt.date(2007, 7, 26))
    assert [text[:22] for text in over] == ["西区延期到 2007-07-25,到期仍未报"]


def test_an_error_in_a_form_or_in_the_scheme_blocks() -> None:
    wrong = blockers(assessed(second="指标|完成值\nX1|很多\nX2|90"), REVIEWED, TODAY)
    assert len(wrong) == 1
    assert "西区结果暂定:《产值》完成值“很多”" in wrong[0]
    broken = small_scheme(部分="代码|名称|上级|满分\nA|发展||61\nB|民生||40")
    told = blockers(assessed(scheme=broken), REVIEWED, TODAY)
    assert len(told) == 1
    assert "《发展》声明满分 61" in told[0]


def test_open_appeals_block_the_last_step_and_a_notice_that_lasts_any() -> None:
    steps = (row(REVIEWED), row(DECIDED), row(SHOWN, until="2007-07-24"))
    claim = Appeal("2007-H1", "U2", "X1", "数据有误", "2007-07-22", terms.APPEAL_OPEN)
    found = assessed(Ledger(states=steps, appeals=(claim,)))
    early = blockers(found, PUBLISHED, dt.date(2007, 7, 24))
    assert early[0] == "《审定》:公示到 2007-07-24 止,之后才能登记“公布”。"
    assert blockers(found, PUBLISHED, dt.date(2007, 7, 25)) == (
        "《申诉》:西区的申诉“数据有误”还没有答复。请登记状态、答复日期和依据。",
    )
    late = blockers(found, PUBLISHED, dt.date(2007, 8, 2))
    assert late[0].startswith("《申诉》:西区的申诉“数据有误”还没有答复,应在 2007-08-01 前答复,已逾期。")
    closed = replace(claim, state=terms.APPEAL_REFUSED, answered="2007-07-25", basis="复核", person="组长")
    done = replace(found, ledger=replace(found.ledger, appeals=(closed,)))
    assert blockers(done, PUBLISHED, dt.date(2007, 7, 25)) == ()
    assert blockers(found, AGAIN, TODAY) == ()


def test_a_grade_left_to_the_office_blocks_every_step() -> None:
    graded = small_scheme(等次="等次|对象|最低分|比例|名额\n优秀|甲组||0.5|\n良好|甲组|||")
    tied = assessed(second=FULL, scheme=graded)
    assert {row.grade for row in tied.standings} == {terms.PENDING_GRADE}
    told = blockers(tied, REVIEWED, TODAY)
    assert told == ("东区、西区等次待定。请在《人工调整》中逐个登记(项目为等次),重新汇总。",)


def test_the_state_stands_in_the_assessment_and_its_scores() -> None:
    found = assessed(Ledger(states=(row(REVIEWED),)))
    assert (found.state.name, found.scores.stage) == (REVIEWED, REVIEWED)
    again = assessed(Ledger(states=(row(REVIEWED), row(AGAIN))))
    assert (again.state.decided, again.scores.stage) == (False, "初步(重新开启)")


def test_what_is_locked_is_the_whole_result() -> None:
    found = assessed()
    locked = {each.unit: each for each in rows_to_lock(found, row(REVIEWED), "2007-07-20 09:00:00")}
    first = locked["U1"]
    assert (first.total, first.rank, first.of, first.state, first.version) == (
        100,
        1,
        2,
        REVIEWED,
        SCHEME.at(H1.end).version,
    )
    assert differences(found, locked) == ()
    better = assessed(second=FULL)
    assert differences(better, locked) == ("西区:总分 94→100、名次 2→1",)
    assert content_of(better)["U1"] == first.content


def test_another_way_to_the_same_total_is_another_result() -> None:
    """60 + 38 and 58 + 40 are both 98."""
    first = assessed(second="指标|完成值\nX1|100\nX2|85.5")
    locked = {each.unit: each for each in rows_to_lock(first, row(REVIEWED), "t")}
    other = assessed(
        Ledger(adjustments=(Adjustment("2007-H1", "U2", "X1", "得分", "58", "会议", "组长", "2007-07-19"),)),
        FULL,
    )
    assert {row.unit.code: row.total for row in other.standings} == {"U1": 100, "U2": 98}
    assert differences(other, locked) == ("西区:单项得分、权重、加减分或结果运用有变动",)


def test_the_registers_are_held_against_each_other() -> None:
    found = assessed()
    steps = [row(REVIEWED), row(DECIDED, "2007-07-21")]
    first = rows_to_lock(found, steps[0], "2007-07-20 09:00:00")
    second = rows_to_lock(found, steps[1], "2007-07-21 09:00:00")

    def lock(rows: list[StateRow], *locked: tuple) -> tuple[int, list[str], str]:  # type: ignore[type-arg]
        got = lock_of(course(rows, H1, SCHEME), [each for batch in locked for each in batch], H1.code)
        return len(got.rows), [each.state for each in got.pending], got.broken[:12]

    assert lock([]) == (0, [], "")
    assert lock(steps[:1]) == (0, [REVIEWED], "")
    assert lock(steps, first) == (2, [DECIDED], "")
    assert lock(steps, first, second) == (2, [], "")
    assert lock(steps[:1], first, second) == (0, [], "《定稿登记》有“常委会审")
    assert lock([row(REVIEWED, "2007-07-19")], first) == (0, [], "《审定》的“领导小组审核")
    again = [*steps, row(AGAIN, "2007-07-22")]
    assert lock(again, first, second) == (0, [], "")
    assert lock([*again, row(REVIEWED, "2007-07-23")], first, second) == (0, [REVIEWED], "")
