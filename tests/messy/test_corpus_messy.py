"""Real files nobody here wrote, thrown among the returns: a finding for each, and nobody else is hurt."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kaohe.jobs.check import check
from kaohe.jobs.consolidate import consolidate
from tests.conftest import SHARED
from tests.support import example

pytestmark = pytest.mark.corpus

EXPECTED = {"12843-1.xlsx": ["W02"], "44235.xls": ["W02"]}
"""File of the corpus → the codes of what is said about it: both are read, neither is a form of ours."""
MASTERS = SHARED / "corpus" / "masters"
STRANGERS = sorted(MASTERS.glob("*.xlsx")) if MASTERS.is_dir() else []


def test_every_file_is_expected(corpus: Path) -> None:
    assert sorted(path.name for path in (corpus / "messy").iterdir()) == sorted(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_alone(name: str, corpus: Path) -> None:
    """`kaohe check` without a master."""
    found = check([corpus / "messy" / name]).findings
    assert [(f.code, f.location.workbook) for f in found] == [(code, name) for code in EXPECTED[name]]
    assert all(f.message for f in found)


def test_against_a_master(corpus: Path) -> None:
    found = check([corpus / "messy"], master_path=example.made().folder / "总表.xlsx").findings
    assert {f.location.workbook: [f.code] for f in found} == EXPECTED


def test_thrown_among_the_returns_of_the_example(corpus: Path, tmp_path: Path) -> None:
    """Every unit's total, rank and findings are those of the example without them."""
    folder = example.copy(tmp_path)
    inbox = folder / "回收"
    before = consolidate(folder / "总表.xlsx", inbox, dry_run=True).assessment
    for path in (*(corpus / "messy").iterdir(), *STRANGERS):
        shutil.copyfile(path, inbox / path.name)
    after = consolidate(folder / "总表.xlsx", inbox).assessment
    assert after.standings == before.standings
    strangers = {name: codes[0] for name, codes in EXPECTED.items()} | {p.name: "W02" for p in STRANGERS}
    more = [f for f in after.findings if f.location.workbook in strangers]
    assert {f.location.workbook: f.code for f in more} == strangers
    assert [f for f in after.findings if f not in more] == list(before.findings)
