"""`kaohe check --return` and `kaohe remind` as typed: what is shown, where things are, the exit code."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from kaohe.faces.cli_check import check_returns, remind_units
from kaohe.jobs.common import JobError
from tests.support.line import Desk

app = typer.Typer()
app.command("check")(check_returns)
app.command("remind")(remind_units)


def typed(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """One wrong form has come back, one is missing."""
    desk = Desk.new(tmp_path)
    desk.issue()
    desk.fill("U1", "指标|完成值\nX1|约80\nX2|95")
    return desk


def test_check_gives_back(desk: Desk) -> None:
    target = desk.folder / "退回"
    done = typed("check", desk.inbox, "-m", desk.master, "--return", target)
    assert done.exit_code == 1
    shown = done.output.replace("\n", "")
    assert "退回单 1 份(原表标注 1)" in shown
    assert [path.name for path in target.iterdir()] == [f"退回-{desk.form('U1').name}"]


def test_nothing_to_give_back(desk: Desk) -> None:
    desk.fill("U1", "指标|完成值\nX1|100\nX2|95")
    done = typed("check", desk.inbox, "-m", desk.master, "--return", desk.folder / "退回")
    assert (done.exit_code, "没有需要退回的表" in done.output) == (0, True)


def test_giving_back_needs_the_master(desk: Desk) -> None:
    done = typed("check", desk.inbox, "--return", desk.folder / "退回")
    assert isinstance(done.exception, JobError)
    assert "--master" in str(done.exception)


def test_remind_shows_the_letters(desk: Desk) -> None:
    done = typed("remind", desk.master)
    assert done.exit_code == 0
    assert "东区" in done.output
    assert "待催 2 个" in done.output


def test_remind_writes_them(desk: Desk) -> None:
    target = desk.folder / "催报"
    done = typed("remind", desk.master, "-o", target, "-p", "2007-H1")
    assert done.exit_code == 0
    assert len(list(target.glob("*.txt"))) == 2
    assert "感谢支持" not in done.output
