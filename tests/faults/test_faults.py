"""Whatever fails while a command writes: the master is the old or the new one, and the message says which."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults import campaign, page
from tests.faults.inject import Outcome, Runner, contents, may_trace, running, staged, tracing
from tests.faults.scenes import SCENES, WRITE, Scene, copied

FEWEST = {
    "write": 300,
    "issue": 40,
    "consolidate": 40,
    "decide": 40,
    "restore": 40,
    "beside": 30,
    "publish": 20,
}
"""Faults of each scene in the whole campaign; the numbers of calls differ a little from system to system."""


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    """The server all faults of this file run in."""
    with running() as found:
        yield found


@pytest.fixture
def traced() -> None:
    """Skip, with the reason, where system calls cannot be traced."""
    if reason := may_trace():
        pytest.skip(reason)


def bad(outcomes: list[Outcome]) -> list[Outcome]:
    return [outcome for outcome in outcomes if outcome.wrong]


if sys.platform == "linux":

    @pytest.mark.usefixtures("traced")
    def test_the_writer_disturbed_at_every_change(runner: Runner) -> None:
        stage = staged(runner, WRITE)
        outcomes = campaign.injected(runner, stage, campaign.small(stage))
        outcomes += campaign.full_disk(runner, stage) + campaign.sharing(runner, stage)
        assert bad(outcomes) == []
        assert len(outcomes) > 50
        assert {outcome.new for outcome in outcomes} == {False, True}
        assert any(outcome.killed for outcome in outcomes)

    @pytest.mark.usefixtures("traced")
    def test_two_at_once(runner: Runner, tmp_path: Path) -> None:
        """While one run waits for the disk another one comes: it is refused, the first one ends well."""
        stage = staged(runner, WRITE)
        folder = copied(stage.before, tmp_path / "work")
        results = [tmp_path / "first.json", tmp_path / "second.json"]
        first = runner.ask(run="write", folder=str(folder), result=str(results[0]), wait=True)
        slow = ("-o", "/dev/null", "-e", "trace=fsync", "-e", "inject=fsync:delay_enter=1500000:when=1")
        with tracing(first, slow):
            until = time.monotonic() + 30
            while not (folder / ".总表.xlsx.kaohe-lock").exists() and time.monotonic() < until:
                time.sleep(0.01)
            runner.ask(reap=runner.ask(run="write", folder=str(folder), result=str(results[1])))
        runner.ask(reap=first)
        told = [json.loads(path.read_text(encoding="utf-8")) for path in results]
        assert [each["code"] for each in told] == [0, 3]
        assert "另一次运行正在写" in told[1]["err"]
        assert contents(folder)["总表.xlsx"] == stage.new
        assert len(contents(folder)) == 2

    @pytest.mark.full
    @pytest.mark.usefixtures("traced")
    @pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.key)
    def test_every_command_disturbed_at_every_call(runner: Runner, scene: Scene, tmp_path: Path) -> None:
        stage = staged(runner, scene)
        outcomes = campaign.injected(runner, stage, campaign.whole(stage))
        if scene.key != "publish":
            outcomes += campaign.full_disk(runner, stage) + campaign.sharing(runner, stage)
            outcomes += campaign.read_only(runner, stage)
        print(scene.key, len(outcomes))
        assert bad(outcomes) == []
        assert len(outcomes) >= FEWEST[scene.key]
        assert page.differing(scene, outcomes) == []


def test_at_least_two_hundred() -> None:
    assert sum(FEWEST.values()) >= 200


def test_the_page_lists_every_scene() -> None:
    assert page.scenes_of(page.PAGE.read_text(encoding="utf-8")) == [scene.command for scene in SCENES]
