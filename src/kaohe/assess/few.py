"""Of many findings alike about one file, the first ones and how many more there are."""

from __future__ import annotations

from collections.abc import Sequence

from kaohe.findings import Finding

SHOWN = 20
"""Findings of one kind that are told one by one."""


def few(found: Sequence[Finding], fact: str, words: str) -> list[Finding]:
    """The findings; beyond SHOWN the last one stands for the rest.

    ``words`` take the place of its ``fact``: ``{said}`` is what it said, ``{count}`` how many it stands for.
    """
    if len(found) <= SHOWN:
        return list(found)
    last = found[SHOWN - 1]
    said = words.format(said=last.facts[fact], count=f"{len(found) - SHOWN + 1:,}")
    return [*found[: SHOWN - 1], Finding(last.code, last.location, {**last.facts, fact: said})]
