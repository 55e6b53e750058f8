"""What is disturbed: every command that writes, on a small year, with a clock that stands still.

A scene has a folder as it is before the command, and the command. Afterwards the master is byte for byte the
one before or the one the undisturbed command makes.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kaohe.jobs.consolidate import consolidate
from kaohe.jobs.decide import decide
from kaohe.jobs.decide_row import Asked
from kaohe.jobs.issue import issue
from kaohe.jobs.publish import publish
from kaohe.jobs.restore import restore
from kaohe.workbooks.package import KeptBeside, apply
from tests.package.books import master
from tests.package.plans import just, ranking
from tests.support.line import Desk

MOMENT = dt.datetime(2007, 7, 20, 18)
LATER = MOMENT + dt.timedelta(hours=1)
FULL, LESS = "指标|完成值\nX1|100\nX2|90", "指标|完成值\nX1|90\nX2|90"
OWNER_FILE = "~$总表.xlsx"


def moment() -> dt.datetime:
    """The time of the disturbed run."""
    return MOMENT


def later() -> dt.datetime:
    """The time of the run after it."""
    return LATER


@dataclass(frozen=True)
class Scene:
    """A command that writes. ``run`` says what did not come about although the command ended well."""

    key: str
    command: str
    before: Callable[[Path], None]
    run: Callable[[Path], str]
    after: Callable[[Path], str]
    """The run after a disturbed one."""


def _alone(folder: Path) -> None:
    (folder / "总表.xlsx").write_bytes(master())


def _write(folder: Path) -> str:
    apply(folder / "总表.xlsx", just(ranking(12)), clock=MOMENT)
    return ""


def _write_again(folder: Path) -> str:
    apply(folder / "总表.xlsx", just(ranking(3)), clock=LATER)
    return ""


def _received(folder: Path) -> Desk:
    desk = Desk.new(folder)
    desk.issue()
    desk.fill("U1", FULL)
    desk.fill("U2", LESS)
    return desk


def _new(folder: Path) -> None:
    Desk.new(folder)


def _to_consolidate(folder: Path) -> None:
    _received(folder)


def _consolidated(folder: Path) -> None:
    _received(folder).consolidate()


def _open_elsewhere(folder: Path) -> None:
    _received(folder)
    (folder / OWNER_FILE).write_bytes(b"")


def _issue(folder: Path) -> str:
    numbers = iter(range(1, 1000))
    done = issue(
        folder / "总表.xlsx",
        "2007-H1",
        folder / "下发",
        clock=moment,
        number=lambda: f"7{next(numbers):03}",
    )
    return f"{len(done.failed)} 份没有写成" if done.failed else ""


def _consolidate(folder: Path) -> str:
    consolidate(folder / "总表.xlsx", folder / "回收", clock=moment)
    return ""


def _keep_beside(folder: Path) -> str:
    try:
        return _consolidate(folder)
    except KeptBeside as told:
        return f"另存:{told.beside.name}"


def _decide(folder: Path) -> str:
    asked = Asked("领导小组审核", basis="纪要", person="组长", date="2007-07-20")
    decide(folder / "总表.xlsx", asked, clock=moment)
    return ""


def _restore(folder: Path) -> str:
    restore(folder / "总表.xlsx", "1", clock=moment)
    return ""


def _publish(folder: Path) -> str:
    publish(folder / "总表.xlsx", folder / "文书", kinds=("通报",), pdf=False, clock=moment)
    return ""


def _go_on(folder: Path) -> str:
    """Issue and consolidate: it has to go through, and leaves nothing of the disturbed run behind."""
    (folder / OWNER_FILE).unlink(missing_ok=True)
    numbers = iter(range(1, 1000))
    issue(
        folder / "总表.xlsx",
        "2007-H1",
        folder / "下发",
        overwrite=True,
        clock=later,
        number=lambda: f"8{next(numbers):03}",
    )
    consolidate(folder / "总表.xlsx", folder / "回收", period_code="2007-H1", clock=later)
    return ""


WRITE = Scene("write", "写入(任一命令的写)", _alone, _write, _write_again)
SCENES = (
    WRITE,
    Scene("issue", "下发", _new, _issue, _go_on),
    Scene("consolidate", "汇总", _to_consolidate, _consolidate, _go_on),
    Scene("decide", "审定", _consolidated, _decide, _go_on),
    Scene("restore", "恢复", _consolidated, _restore, _go_on),
    Scene("beside", "汇总(总表开着)", _open_elsewhere, _keep_beside, _go_on),
    Scene("publish", "出文书", _consolidated, _publish, _go_on),
)
BY_KEY = {scene.key: scene for scene in SCENES}


def prepared(scene: Scene, folder: Path) -> Path:
    """The folder as it is before the command."""
    folder.mkdir(parents=True)
    scene.before(folder)
    return folder


def copied(source: Path, target: Path) -> Path:
    """A folder to disturb."""
    return Path(shutil.copytree(source, target))
