"""`kaohe whatif` on demos: the master is only read; sheet, JSON and screen say the same."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import jsonschema
import pytest

from kaohe.assess.whatif import Firmness
from kaohe.assess.whatif_ranks import bound_by_hand, ranks_under
from kaohe.assess.whatif_weights import drawn, families
from kaohe.faces import cli_whatif
from kaohe.faces.cli import main
from kaohe.jobs.common import JobError
from kaohe.jobs.consolidate import assess_returns
from kaohe.jobs.demo import demo
from kaohe.jobs.master import open_master
from kaohe.jobs.settled import settled
from kaohe.jobs.whatif import NOTHING, Asked, WhatIf, whatif
from kaohe.jobs.whatif_report import whatif_report
from kaohe.workbooks.read import read_book
from tests.support.line import Desk

SCHEMA = Path(__file__).resolve().parents[2] / "docs" / "whatif.schema.json"
DRAWS = 200


@pytest.fixture(scope="module")
def masters(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Masters of demos, consolidated."""
    home = tmp_path_factory.mktemp("demos")
    return {code: demo(code, home / code).folder / "总表.xlsx" for code in ("BH", "WX-J")}


def tried(master: Path, asked: Asked = NOTHING, **more: object) -> WhatIf:
    return whatif(master, asked, **{"draws": DRAWS, **more})  # type: ignore[arg-type]


def ended(arguments: list[str]) -> int:
    with pytest.raises(SystemExit) as exit_:
        main(arguments)
    assert isinstance(exit_.value.code, int)
    return exit_.value.code


def test_the_master_is_never_touched(masters: dict[str, Path], tmp_path: Path) -> None:
    """Neither its bytes nor its time, and nothing is put beside it."""
    master = tmp_path / "总表.xlsx"
    shutil.copy2(masters["BH"], master)
    before, moment = master.read_bytes(), master.stat().st_mtime_ns
    (tmp_path / "出").mkdir()
    sheet, report = tmp_path / "出" / "试算.xlsx", tmp_path / "出" / "试算.json"
    arguments = ["whatif", str(master), "--weight", "A01=6", "--set", "总分小数位=1", "--draws", "50"]
    assert ended([*arguments, "--out", str(sheet), "--json", str(report)]) == 0
    assert master.read_bytes() == before
    assert master.stat().st_mtime_ns == moment
    assert sorted(path.name for path in tmp_path.iterdir()) == ["出", "总表.xlsx"]


def test_a_trial_is_what_the_same_master_with_that_scheme_gives(masters: dict[str, Path]) -> None:
    """Cross-unit methods, grades and all: a true new assessment, not an estimate."""
    found = tried(masters["BH"], Asked(methods=["A02=达标得满分"], settings=["得分小数位=0"]), draws=0)
    book = open_master(masters["BH"])
    rows = tuple(replace(r, method="达标得满分") if r.code == "A02" else r for r in book.scheme.indicators)
    changed = {**book.scheme.settings, "得分小数位": 0.0}
    other = replace(book, scheme=replace(book.scheme, indicators=rows, settings=changed))
    expected = settled(other, None, check=False)
    assert [(s.unit.code, s.total, s.rank, s.grade) for s in found.after.standings] == [
        (s.unit.code, s.total, s.rank, s.grade) for s in expected.standings
    ]
    assert any(move.moved for move in found.moves)


DEMOS = [
    "BH",
    "WX-J",
    *(pytest.param(code, marks=pytest.mark.full) for code in ("GN", "XT", "XN", "WX-D", "WX-Z")),
]


@pytest.mark.parametrize("code", DEMOS)
def test_drawn_ranks_of_demos_are_those_of_true_assessments(
    code: str, masters: dict[str, Path], tmp_path: Path
) -> None:
    """The draws whose ranks lie farthest from today's, each assessed anew with its weights in the scheme."""
    master = masters.get(code) or demo(code, tmp_path / code).folder / "总表.xlsx"
    book = open_master(master)
    found = settled(book, None)
    scores = found.scores
    draws = drawn(families(scores, bound_by_hand(found, 0.3)), 400, 0.3, 11)
    ranks = ranks_under(found, draws.weights, 400)
    today = {row.unit.code: row.rank or 0 for row in found.standings}
    away = (ranks != [today[unit.code] for unit in scores.units]).sum(axis=1)
    for draw in away.argsort(kind="stable")[-5:].tolist():
        weights = {code: float(values[draw]) for code, values in draws.weights.items()}
        in_force = scores.scheme.indicator_by_code
        rows = tuple(
            replace(row, weight=weights[row.code], base_weight=in_force[row.code].base_weight)
            if row.code in weights
            else row
            for row in scores.scheme.indicators
        )
        anew = assess_returns(
            replace(book, scheme=replace(scores.scheme, indicators=rows)), scores.period, ()
        )
        expected = {row.unit.code: row.rank or 0 for row in anew.standings}
        assert ranks[draw].tolist() == [expected[unit.code] for unit in scores.units]


def test_without_changes_before_is_after(masters: dict[str, Path]) -> None:
    found = tried(masters["WX-J"])
    assert found.before is found.after
    assert not any(move.moved for move in found.moves)
    assert found.firmness.draws is not None
    assert set(found.firmness.draws.held) == {"M03", "D03", "D04"}
    assert any("由人按满分打分" in note for note in found.notes)


def firm(found: Firmness) -> dict[str, tuple[float, int, int]]:
    return {code: (hold.kept, hold.best, hold.worst) for code, hold in found.holds.items()}


def test_the_same_seed_gives_the_same_another_another(masters: dict[str, Path]) -> None:
    first, again = tried(masters["WX-J"], seed=3), tried(masters["WX-J"], seed=3)
    assert firm(first.firmness) == firm(again.firmness)
    assert firm(first.firmness) != firm(tried(masters["WX-J"], seed=4).firmness)


def test_a_part_of_the_scheme_may_weigh_more(masters: dict[str, Path]) -> None:
    """WXJ1: 60 instead of 50 for 目标管理; marks given out of the weight stay, nobody loses a rank."""
    found = tried(masters["WX-J"], Asked(weights=["目标管理=60"]), draws=0)
    weights = {row.code: row.weight for row in found.after.scores.scheme.indicators}
    assert (weights["M01"], weights["M02"], weights["M03"], weights["P01"]) == (25, 18.75, 10, 20)
    assert all(row.rank for row in found.after.standings)
    assert sum(move.moved for move in found.moves) > 10


def test_a_cap_of_the_bonus_part(masters: dict[str, Path]) -> None:
    """WXJ2: at most 2 instead of 8."""
    found = tried(masters["WX-J"], Asked(caps=["J=2"]), draws=0)
    assert max(row.bonus for row in found.after.standings) == 2
    assert max(row.bonus for row in found.before.standings) > 2
    assert {c.what for c in found.trial.changes} == {"上限"}


def test_json_keeps_to_its_schema(masters: dict[str, Path]) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    for asked, draws in ((Asked(), DRAWS), (Asked(settings=["排名依据=得分率"]), 0)):
        content = json.loads(
            json.dumps(whatif_report(tried(masters["WX-J"], asked, draws=draws)), allow_nan=False)
        )
        jsonschema.validate(content, schema)
        assert len(content["units"]) == 125


def test_the_sheet_says_what_the_trial_says(masters: dict[str, Path], tmp_path: Path) -> None:
    sheet = tmp_path / "试算.xlsx"
    arguments = [
        "whatif",
        str(masters["WX-J"]),
        "--weight",
        "M=60",
        "--draws",
        str(DRAWS),
        "--out",
        str(sheet),
    ]
    assert ended(arguments) == 0
    found = tried(masters["WX-J"], Asked(weights=["M=60"]))
    grid = read_book(sheet.read_bytes(), sheet.name).sheets["试算"]
    titles = [str(value).replace("\n", "") for value in grid.rows[3]]
    at = {title: number for number, title in enumerate(titles)}
    rows = {str(row[at["单位"]]): row for row in grid.rows[4:]}
    for move in found.moves:
        assert move.before is not None
        assert move.after is not None
        row, hold = rows[move.unit.name], found.firmness.holds[move.unit.code]
        assert (row[at["名次"]], row[at["原名次"]]) == (move.after.rank, move.before.rank)
        assert (row[at["得分"]], row[at["名次不变"]]) == (move.after.total, hold.kept)
        need = found.firmness.needs.get(move.unit.code)
        assert row[at["进一名还差(分)"]] == (need.points if need else None)
    told = " ".join(
        str(cell) for row in read_book(sheet.read_bytes(), "").sheets["试算说明"].rows for cell in row
    )
    assert "目标管理" in told
    assert "种子 1" in told


def test_the_same_sheet_byte_for_byte_and_never_over_another(
    masters: dict[str, Path], tmp_path: Path
) -> None:
    first, second = tmp_path / "一.xlsx", tmp_path / "二.xlsx"
    for path in (first, second):
        assert ended(["whatif", str(masters["BH"]), "--draws", "50", "--out", str(path)]) == 0
    assert first.read_bytes() == second.read_bytes()
    assert ended(["whatif", str(masters["BH"]), "--draws", "60", "--out", str(first)]) == 2
    assert first.read_bytes() == second.read_bytes()
    assert ended(["whatif", str(masters["BH"]), "--draws", "60", "--out", str(first), "--overwrite"]) == 0
    assert first.read_bytes() != second.read_bytes()


def test_units_asked_for_are_the_ones_listed(masters: dict[str, Path], tmp_path: Path) -> None:
    report = tmp_path / "t.json"
    arguments = ["whatif", str(masters["BH"]), "--draws", "50", "--unit", "滨湖区", "--json", str(report)]
    assert ended(arguments) == 0
    content = json.loads(report.read_text(encoding="utf-8"))
    assert [row["name"] for row in content["units"]] == ["滨湖区"]
    assert ended(arguments) == 0  # its own earlier result may be replaced
    report.write_text("[1]", encoding="utf-8")
    assert ended(arguments) == 2
    assert report.read_text(encoding="utf-8") == "[1]"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--weight", "A01"], "名称=值"),
        (["--weight", "A01=多"], "不小于 0 的数"),
        (["--weight", "A01=-1"], "不小于 0 的数"),
        (["--weight", "没有=1"], "没有“没有”"),
        (["--weight", "A01=5", "--weight", "A01=6"], "写了两次"),
        (["--method", "A01=目标完成律"], "没有计分方法"),
        (["--set", "总分小数位=9"], "0 到 4"),
        (["--cap", "A=9"], "--weight A=9"),
        (["--spread", "很多"], "--spread"),
        (["--spread", "95%"], "--spread"),
        (["--draws", "200000"], "--draws"),
        (["--period", "2007-Q1"], "没有汇总过"),
        (["--out", "试算.txt"], ".xlsx"),
    ],
)
def test_wrong_use_is_told(
    masters: dict[str, Path],
    arguments: list[str],
    told: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert ended(["whatif", str(masters["BH"]), *arguments]) == 2
    assert told in capsys.readouterr().err.replace("\n", "")


def test_weights_that_nothing_gives_way_to_say_that_the_sum_is_another(tmp_path: Path) -> None:
    """X1 is alone beneath its part: with 100 the full marks become 140, and totals with them."""
    desk = Desk.new(tmp_path)
    desk.issue()
    desk.fill("U1", "指标|完成值\nX1|100\nX2|90")
    desk.fill("U2", "指标|完成值\nX1|90\nX2|90")
    desk.consolidate()
    (note,) = tried(desk.master, Asked(weights=["X1=100"]), draws=0).notes
    assert "没有同级的指标可让,2 个单位的权重合计变了" in note
    assert "由 100 分变为 140 分" in note
    assert not tried(desk.master, Asked(weights=["A=50"]), draws=0).notes


def test_what_moved_is_listed_first(masters: dict[str, Path]) -> None:
    """Of 125 units the screen shows 40: all that moved are among them."""
    found = tried(masters["WX-J"], Asked(weights=["P=30"]), draws=0)
    moved = [move.unit.name for move in found.moves if move.moved]
    stayed = [move.unit.name for move in found.moves if not move.moved]
    assert 0 < len(moved) < cli_whatif.SHOWN
    assert [move.unit.name for move in found.moves][: len(moved)] != moved
    shown = list(cli_whatif._table(found).columns[2].cells)
    assert shown == (moved + stayed)[: cli_whatif.SHOWN]


def test_what_rounding_decided_is_a_sentence() -> None:
    def said(gap: float, rounding: str) -> str:
        ahead, behind = (SimpleNamespace(unit=SimpleNamespace(name=name)) for name in ("甲局", "乙局"))
        pair = SimpleNamespace(ahead=ahead, behind=behind, exact_gap=gap, rounding=rounding)
        return cli_whatif._rounded_words(cast("Any", pair))

    assert said(-0.001574113, "颠倒") == "甲局 排在 乙局 前只因舍入:舍入前 甲局 反而低 0.001574。"
    assert said(-0.002, "并列") == "甲局 与 乙局 并列只因舍入:舍入前 乙局 高 0.002。"
    assert said(0.0, "分出先后") == "甲局 排在 乙局 前只因舍入:舍入前两家相同。"


def test_results_never_go_over_the_master(
    masters: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    master = masters["BH"]
    assert ended(["whatif", str(master), "--out", str(master), "--overwrite"]) == 2
    assert "就是总表" in capsys.readouterr().err


def test_a_method_that_lacks_something_says_who_has_no_rank(masters: dict[str, Path]) -> None:
    found = tried(masters["BH"], Asked(methods=["A01=功效系数"]), draws=0)
    assert any("没有名次" in note for note in found.notes)
    with pytest.raises(JobError, match="相近的有"):
        tried(masters["BH"], Asked(methods=["A01=功效"]))
