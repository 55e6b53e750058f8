"""How much may stand around a number before it is no longer read as one."""

from __future__ import annotations

import pytest

from kaohe.values.typed import read_typed


@pytest.mark.parametrize("text", ["预计全年累计约95", "全年累计共完成约95", "全年累计完成不少于约95"])
def test_four_words_before_a_number_are_understood(text: str) -> None:
    found = read_typed(text)
    assert (found.number, found.approximate) == (95.0, True)
