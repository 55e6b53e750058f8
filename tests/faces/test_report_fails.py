"""A report that cannot be written after all: the master is written, and that is what is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from kaohe.faces.cli_common import FINDINGS
from kaohe.workbooks.package import DiskFull
from tests.support import example
from tests.support.command import kaohe


def test_a_full_disk_after_the_master(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = example.copy(tmp_path)
    before = (folder / example.MASTER).read_bytes()

    def full(*_: object, **__: object) -> None:
        raise DiskFull("磁盘空间不足。", "请清理后重试。")

    monkeypatch.setattr("kaohe.jobs.report_file.write_new", full)
    report = tmp_path / "r.json"
    done = kaohe("consolidate", folder / example.MASTER, "--inbox", folder / example.INBOX, "--json", report)
    assert done.code == FINDINGS
    assert "已写入" in done.text
    assert "没有写成:磁盘空间不足" in done.text
    assert (folder / example.MASTER).read_bytes() != before
    assert not report.exists()
