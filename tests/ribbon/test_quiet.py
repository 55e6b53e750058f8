"""Excel is left as it was, whatever of its settings it refuses meanwhile."""

from __future__ import annotations

import logging
from types import SimpleNamespace
from typing import Any

import pytest

from kaohe.workbooks.open_book_desktop import quiet, show_status

START = {"screen_updating": True, "enable_events": True, "calculation": "automatic"}


class com_error(Exception):  # noqa: N801, N818 (pywin32's name)
    """What Excel raises while it is busy."""


class App:
    """Excel's settings; ``refused``: (name, value) that it does not take."""

    def __init__(self, *refused: tuple[str, object]) -> None:
        self.__dict__.update(START, cut_copy_mode=True, status_bar=None, refused=refused)

    def __setattr__(self, name: str, value: object) -> None:
        if (name, value) in self.__dict__["refused"]:
            raise com_error(name)
        self.__dict__[name] = value

    def settings(self) -> dict[str, Any]:
        """Those that have to be as they were."""
        return {name: getattr(self, name) for name in START}


REFUSALS = (
    [("screen_updating", True)],
    [("enable_events", True)],
    [("cut_copy_mode", False)],
    [("calculation", "manual")],
    [("screen_updating", False), ("enable_events", False)],
)


@pytest.mark.parametrize("refused", REFUSALS, ids=str)
def test_every_setting_is_restored_by_itself(
    refused: list[tuple[str, object]], caplog: pytest.LogCaptureFixture
) -> None:
    app = App(*refused)
    done = []
    with caplog.at_level(logging.WARNING), quiet(SimpleNamespace(app=app)):
        done.append("written")
    assert done == ["written"]
    lost = {name for name, value in refused if START.get(name) == value}
    assert {name for name, value in app.settings().items() if value != START[name]} == lost
    assert [record.getMessage() for record in caplog.records] == [
        f"the program refused: {name}" for name, _ in refused
    ]


def test_the_error_of_the_work_is_the_one_that_is_told() -> None:
    app = App(("screen_updating", True))
    with pytest.raises(ZeroDivisionError), quiet(SimpleNamespace(app=app)):
        _ = 1 / 0
    assert (app.settings()["enable_events"], app.settings()["calculation"]) == (True, "automatic")


def test_a_status_bar_that_refuses_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    app = App(("status_bar", "读取 1/9"), ("status_bar", False))
    show_status(SimpleNamespace(app=app), "读取 1/9")
    show_status(SimpleNamespace(app=app), "")
    assert [record.getMessage() for record in caplog.records] == ["the program refused: status_bar"] * 2
