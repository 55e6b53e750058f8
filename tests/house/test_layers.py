"""The contracts in setup.cfg bite: each forbidden import, planted in a copy, is reported."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.checkout import ROOT, SOURCE

LINT = "import sys, importlinter.cli as c; sys.exit(c.lint_imports_command())"
PLANTED = (
    ("assess/planted.py", "from kaohe.workbooks import grid\n"),
    ("workbooks/planted.py", "from kaohe import assess\n"),
    ("values/planted.py", "from kaohe import rules\n"),
    ("rules/planted.py", "from kaohe import assess\n"),
    ("jobs/planted.py", "from kaohe import faces\n"),
    ("documents/planted.py", "from kaohe import sheets\n"),
    ("assess/planted.py", "import zipfile\n"),
    ("assess/planted.py", "import openpyxl\n"),
    ("values/planted.py", "import python_calamine\n"),
    ("planted.py", '"""A module that no layer names."""\n'),
)


def lint(copy: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter on a copy of the package."""
    return subprocess.run(
        [sys.executable, "-c", LINT, "--no-cache"],
        cwd=copy,
        env=os.environ | {"PYTHONPATH": str(copy / "src"), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
    )


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of the package and of its contracts."""
    shutil.copytree(SOURCE, tmp_path / "src" / "kaohe", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "setup.cfg", tmp_path)
    return tmp_path


def test_the_package_keeps_them(package: Path) -> None:
    done = lint(package)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("module", "source"), PLANTED)
def test_a_planted_import_is_reported(package: Path, module: str, source: str) -> None:
    (package / "src" / "kaohe" / module).write_text(source, encoding="utf-8")
    done = lint(package)
    assert done.returncode == 1
    assert "planted" in done.stdout
