"""One LibreOffice and one example for all tests here; each test works on a copy of the example."""

from __future__ import annotations

import shutil
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import pytest

from kaohe.assess.assessment import Assessment
from kaohe.jobs.demo import INBOX, ISSUED, MASTER, Demo, demo
from tests.office.desk import Desk


@dataclass(frozen=True)
class Example:
    """A copy of the example's folder that a test may change."""

    folder: Path
    assessment: Assessment
    """What the example's own consolidation came to."""

    @property
    def master(self) -> Path:
        """The master, consolidated."""
        return self.folder / MASTER

    @property
    def issued(self) -> Path:
        """The forms as issued, blank."""
        return self.folder / ISSUED

    @property
    def inbox(self) -> Path:
        """The forms filled in."""
        return self.folder / INBOX

    @property
    def unconsolidated(self) -> Path:
        """A copy of the master with everything issued and nothing consolidated, under the same name."""
        folder = self.folder / "汇总前"
        folder.mkdir(exist_ok=True)
        return Path(shutil.copy2(max((self.folder / "备份").glob("总表.*.xlsx")), folder / MASTER))


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Generator[Desk, None, None]:
    """A LibreOffice with a clerk at it."""
    with Desk(tmp_path_factory.mktemp("desk")) as running:
        yield running


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The example BH, made once; not to be changed."""
    return demo("BH", tmp_path_factory.mktemp("example") / "演示")


@pytest.fixture
def example(made: Demo, tmp_path: Path) -> Example:
    """A copy of the example."""
    return Example(shutil.copytree(made.folder, tmp_path / "演示"), made.result.assessment)
