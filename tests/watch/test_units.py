"""The units of docs/服务器.md: systemd takes them; what the page promises of limits and waits is so."""

from __future__ import annotations

import re
import shutil
import subprocess
from configparser import ConfigParser
from pathlib import Path

import pytest

from kaohe.faces.cli_watch import watch_inbox
from kaohe.jobs.inbox import UNFINISHED
from kaohe.jobs.watch import LONGEST_BATCH, LONGEST_PAUSE
from kaohe.jobs.watch_files import GIVEN_UP, SETTLED
from tests.conftest import ROOT

TEXT = (ROOT / "docs" / "服务器.md").read_text(encoding="utf-8")
SERVICE, TIMER = re.findall(r"```ini\n(.*?)```", TEXT, re.DOTALL)


def unit(text: str) -> ConfigParser:
    parser = ConfigParser(strict=True, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(text)
    return parser


def test_the_service_is_confined() -> None:
    service = dict(unit(SERVICE)["Service"])
    expected = {"NoNewPrivileges": "yes", "ProtectSystem": "strict", "KillMode": "mixed", "PrivateTmp": "yes"}
    assert expected.items() <= service.items()
    assert {"MemoryMax", "TimeoutStopSec", "ReadWritePaths", "SystemCallFilter"} <= service.keys()
    assert service["RestartPreventExitStatus"] == "2"
    assert " watch " in service["ExecStart"]


def test_the_timer_starts_the_run_that_ends() -> None:
    assert unit(TIMER)["Timer"]["Unit"] == "kaohe-once.service"
    assert "--once" in TEXT
    assert watch_inbox.__doc__


def test_the_page_names_the_numbers_of_the_program() -> None:
    for words in (
        f"{SETTLED:g} 秒不变",
        f"最多等 {LONGEST_BATCH:g} 秒",
        f"等 {GIVEN_UP / 60:g} 分钟",
        f"最多 {LONGEST_PAUSE / 60:g} 分钟再试",
    ):
        assert words in TEXT
    assert {".part", ".tmp", ".crdownload"} <= set(UNFINISHED)


def test_systemd_takes_both_units(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("没有 systemd-analyze:apt-get install systemd")
    runnable = SERVICE.replace("/opt/kaohe/.venv/bin/kaohe", "/bin/true")
    (tmp_path / "kaohe.service").write_text(runnable, encoding="utf-8")
    once = runnable.replace("Type=exec", "Type=oneshot").replace("Restart=on-failure", "SuccessExitStatus=1")
    (tmp_path / "kaohe-once.service").write_text(once, encoding="utf-8")
    (tmp_path / "kaohe-once.timer").write_text(TIMER, encoding="utf-8")
    for name in ("kaohe.service", "kaohe-once.timer"):
        done = subprocess.run(
            [program, "verify", str(tmp_path / name)], capture_output=True, text=True, timeout=60
        )
        assert (done.returncode, done.stderr) == (0, "")
