"""A desk whose forms are issued, and the watch over its inbox."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.line import Desk
from tests.watch.desk import Guard


@pytest.fixture
def guard(tmp_path: Path) -> Guard:
    """Both units' forms issued, nothing returned."""
    desk = Desk.new(tmp_path)
    desk.issue()
    return Guard(desk)
