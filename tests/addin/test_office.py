"""LibreOffice, which also takes VBA from its source, opens the add-in and lists its modules."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from kaohe.faces.addin_build import HELP_SHEET, SETTINGS_SHEET
from tests.addin.conftest import Built
from tests.support.libreoffice import require_soffice
from tools.programs import UNO_PYTHON

pytestmark = pytest.mark.soffice
SCRIPT = Path(__file__).with_name("list_modules.py")
START_SECONDS = 60


def listed(path: Path, folder: Path) -> dict[str, Any]:
    """What a LibreOffice with a profile of its own finds in the file."""
    pipe = f"kaohe-{folder.name}-{path.stat().st_mtime_ns}"
    office = subprocess.Popen(
        (
            require_soffice(),
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            *("--headless", "--norestore", "--nologo", f"--accept=pipe,name={pipe};urp;"),
        ),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        return json.loads(asked(pipe, path))  # type: ignore[no-any-return]
    finally:
        office.terminate()
        office.wait(30)


def asked(pipe: str, path: Path) -> str:
    """The script's answer, asked again until the office listens."""
    until = time.monotonic() + START_SECONDS
    while True:
        command = (UNO_PYTHON, str(SCRIPT), pipe, str(path))
        done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=120)
        if done.returncode == 0:
            return done.stdout
        if time.monotonic() > until or "NoConnectException" not in done.stderr:
            raise AssertionError(done.stderr)
        time.sleep(0.5)


def procedures(text: str) -> list[str]:
    """The lines that open a procedure."""
    return [
        line.strip()
        for line in text.splitlines()
        if line.lstrip("'Rem ").startswith(("Public Sub", "Function KH_"))
    ]


def test_libreoffice_lists_every_module(built: Built, tmp_path: Path) -> None:
    found = listed(built.path, tmp_path)
    assert found["sheets"] == [SETTINGS_SHEET, HELP_SHEET]
    (modules,) = [modules for modules in found["modules"].values() if "KaoheRibbon" in modules]
    assert set(modules) == {module.name for module in built.modules}
    for module in built.modules:
        for line in procedures(module.text):
            assert line in modules[module.name], f"{module.name}: {line}"
