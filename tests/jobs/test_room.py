"""More rows than a sheet holds: refused in words before anything is written; the results can still be had."""

from __future__ import annotations

from pathlib import Path

import pytest

from kaohe.faces.cli import main
from kaohe.jobs import room
from kaohe.jobs.consolidate import consolidate
from kaohe.jobs.demo import INBOX, MASTER, demo
from kaohe.sheets.detail_rows import DetailRows
from kaohe.sheets.lists import FIRST_ROW as LIST_FIRST_ROW
from kaohe.workbooks.package import NothingWritten, sha256

DETAIL_ROWS = 4 + 9 * 41
"""得分明细 of the example: four rows of heading, nine units of 41 indicators."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demo("BH", tmp_path_factory.mktemp("room") / "demo").folder


def test_a_sheet_too_long_is_refused_and_nothing_is_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "MOST_ROWS", DETAIL_ROWS - 1)
    before = sha256((folder / MASTER).read_bytes())
    with pytest.raises(NothingWritten) as refused:
        consolidate(folder / MASTER, folder / INBOX)
    assert f"《得分明细》要写 {DETAIL_ROWS:,} 行" in str(refused.value)
    assert "--dry-run --json" in refused.value.remedy
    assert sha256((folder / MASTER).read_bytes()) == before


def test_what_just_fits_is_written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MOST_ROWS", DETAIL_ROWS)
    assert consolidate(folder / MASTER, folder / INBOX).backup is not None


def test_the_register_too_long_is_refused_by_its_own_name(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = consolidate(folder / MASTER, folder / INBOX, dry_run=True)
    rows = 2 + len(done.assessment.intake.records)
    monkeypatch.setattr(room, "MOST_ROWS", rows - 1)
    monkeypatch.setattr(DetailRows, "last_row", 0)
    with pytest.raises(NothingWritten, match=f"《填报数据》要写 {rows} 行"):
        consolidate(folder / MASTER, folder / INBOX)


def test_a_list_of_findings_too_long_is_refused_by_its_own_name(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = consolidate(folder / MASTER, folder / INBOX, dry_run=True)
    rows = LIST_FIRST_ROW - 1 + len(done.assessment.findings)
    monkeypatch.setattr(room, "MOST_ROWS", rows - 1)
    monkeypatch.setattr(DetailRows, "last_row", 0)
    monkeypatch.setattr(room, "FIRST_ROW", -100_000)
    with pytest.raises(NothingWritten, match=f"《问题清单》要写 {rows} 行"):
        consolidate(folder / MASTER, folder / INBOX)


def test_the_command_ends_with_3_and_a_trial_run_still_reports(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(room, "MOST_ROWS", 100)
    command = ["consolidate", str(folder / MASTER), "--inbox", str(folder / INBOX)]
    with pytest.raises(SystemExit) as refused:
        main(command)
    assert refused.value.code == 3
    assert "一张工作表最多 100 行" in capsys.readouterr().err.replace("\n", "")
    with pytest.raises(SystemExit) as trial:
        main([*command, "--dry-run", "--json", str(tmp_path / "report.json")])
    assert trial.value.code == 0
    assert "滨湖区" in (tmp_path / "report.json").read_text(encoding="utf-8")


def test_the_limit_is_that_of_a_sheet() -> None:
    assert room.MOST_ROWS == 2**20
