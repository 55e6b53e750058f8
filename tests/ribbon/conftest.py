"""The example's files, made once, and copied for tests that write."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kaohe.jobs.demo import demo


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the example BH; not to be written into."""
    return demo("BH", tmp_path_factory.mktemp("ribbon") / "演示").folder


@pytest.fixture
def desk(example: Path, tmp_path: Path) -> Path:
    """A copy of the example's folder to work in."""
    return Path(shutil.copytree(example, tmp_path / "考核"))
