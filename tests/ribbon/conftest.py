"""The example's files, made once, and copied for tests that write."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from kaohe.jobs.demo import demo
from tests.faces_functions.desktop import import_desktop
from tests.ribbon.remote import xlwings


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the example BH; not to be written into."""
    return demo("BH", tmp_path_factory.mktemp("ribbon") / "演示").folder


@pytest.fixture
def desk(example: Path, tmp_path: Path) -> Path:
    """A copy of the example's folder to work in."""
    return Path(shutil.copytree(example, tmp_path / "考核"))


@pytest.fixture(scope="module")
def engine() -> Iterator[Any]:
    """xlwings' module for Windows. Bringing Excel's window to the front is left out: there is no window."""
    book = xlwings().main.Book
    with import_desktop(), mock.patch.object(book, "activate", return_value=None):
        yield sys.modules["xlwings._xlwindows"]
