"""考核纪实档案: one workbook per unit, in the scheme's tree, with the published scores (WXD-O, GN-O, XN1)."""

from __future__ import annotations

from pathlib import Path

import pytest

from kaohe.faces.cli import main
from kaohe.jobs.common import JobError
from kaohe.jobs.demo import Demo, demo
from kaohe.jobs.dossier import dossiers
from kaohe.workbooks.read import Book, read_book

TREE, REGISTERS, TOLD = "考核纪实", "决定与登记", "得分说明"
CODE, NAME, WANTED, ACTUAL, HAND, SCORE, SAID = 0, 1, 2, 8, 9, 11, 13


@pytest.fixture(scope="module", params=["GN", "XN", "WX-D"])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """Three demos."""
    return demo(request.param, tmp_path_factory.mktemp(request.param) / "演示")


def opened(path: Path) -> Book:
    return read_book(path.read_bytes(), path.name)


def test_every_unit_has_its_total_and_every_score(made: Demo, tmp_path: Path) -> None:
    done = dossiers(made.folder / "总表.xlsx", tmp_path / "档案")
    assessment = made.result.assessment
    whom = [row for row in assessment.standings if row.measured_indicators]
    assert len(done.written) == len(whom)
    for standing, path in zip(whom, done.written, strict=True):
        rows = opened(path).sheets[TREE].rows[4:]
        at = next(n for n, unit in enumerate(assessment.scores.units) if unit == standing.unit)
        found = {str(row[CODE]): row for row in rows if row[CODE]}
        for code, result in assessment.scores.results.items():
            if result.applies[at] and result.scored[at]:
                assert found[code][SCORE] == int(result.points[at]) / 10**assessment.scores.places
            elif not result.indicator.applies(standing.unit):
                assert code not in found
        assert rows[-1][SCORE] == standing.total


def test_parts_are_the_sums_below_them_at_every_depth(tmp_path: Path) -> None:
    """GN1: the tree of uneven depth, its text evidence beside the numbers (GN2)."""
    made = demo("GN", tmp_path / "演示")
    done = dossiers(made.folder / "总表.xlsx", tmp_path / "档案", units=["县发展和改革委员会"])
    rows = {str(row[CODE]): row for row in opened(done.written[0]).sheets[TREE].rows[4:] if row[CODE]}
    assert rows["Q"][SCORE] == pytest.approx(sum(float(str(rows[c][SCORE])) for c in ("Q1", "Q2", "Q3")))
    assert [str(rows[code][NAME]).count("  ") for code in ("Q", "Q1", "Q11", "Q121")] == [0, 1, 2, 3]
    assert "39.9亿元" in str(rows["Q11"][SAID])
    assert rows["Q301"][HAND] == "考评"


def test_what_was_decided_and_what_it_leads_to(tmp_path: Path) -> None:
    """WXD5: the barred unit's veto stands in its record; WXD-O."""
    made = demo("WX-D", tmp_path / "演示")
    done = dossiers(made.folder / "总表.xlsx", tmp_path / "档案", units=["江阴"])
    words = [
        " ".join(str(cell) for cell in row if cell) for row in opened(done.written[0]).sheets[REGISTERS].rows
    ]
    assert any(line.startswith("一票否决") for line in words)
    assert any(line.startswith("结果运用") and "因否决不予" in line for line in words)
    assert TOLD in opened(done.written[0]).sheets


def test_an_item_shows_by_when_and_who(tmp_path: Path) -> None:
    """XN1: 目标任务, 进度要求, 责任领导, 时限."""
    made = demo("XN", tmp_path / "演示")
    done = dossiers(made.folder / "总表.xlsx", tmp_path / "档案", units=["农村水利科"])
    wanted = " ".join(str(row[WANTED]) for row in opened(done.written[0]).sheets[TREE].rows[4:])
    assert all(word in wanted for word in ("进度要求:", "时限:", "责任领导:"))


def test_again_nothing_changes_and_a_changed_file_stays(made: Demo, tmp_path: Path) -> None:
    master = made.folder / "总表.xlsx"
    first = dossiers(master, tmp_path / "档案")
    again = dossiers(master, tmp_path / "档案")
    assert (again.written, again.unchanged) == ((), first.written)
    first.written[0].write_bytes(b"x")
    kept = dossiers(master, tmp_path / "档案")
    assert kept.kept == (first.written[0],)
    assert first.written[0].read_bytes() == b"x"
    assert dossiers(master, tmp_path / "档案", overwrite=True).written == (first.written[0],)


def test_an_unknown_unit_is_named(made: Demo, tmp_path: Path) -> None:
    with pytest.raises(JobError, match="没有这个单位"):
        dossiers(made.folder / "总表.xlsx", tmp_path, units=["没有这个单位"])


def test_the_command(made: Demo, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["dossier", str(made.folder / "总表.xlsx"), "--out", str(tmp_path / "档案")])
    assert ended.value.code == 0
    assert "份考核纪实档案" in capsys.readouterr().out
