"""Two tiers of tests: what is left out is listed with its reason; with CI=true nothing is left out."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.checkout import ROOT

TESTS = """
import pytest

def test_plain():
    pass

@pytest.mark.full
def test_full():
    pass

@pytest.mark.corpus
def test_corpus():
    pass

@pytest.mark.soffice
def test_soffice():
    pass

def test_own_skip():
    pytest.skip("its own reason")

@pytest.mark.xfail(reason="known")
def test_known():
    raise AssertionError
"""
WORKERS = [(), pytest.param(("-n", "2", "--dist", "loadfile"), marks=pytest.mark.full)]
FILE_SKIP = 'import pytest\npytest.skip("the whole file", allow_module_level=True)\n'


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """A small suite under our conftest, with no corpus beside it."""
    folder = tmp_path / "checkout" / "tests"
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "tests" / "conftest.py", folder)
    shutil.copy(ROOT / "pyproject.toml", folder.parent)
    (folder / "test_small.py").write_text(TESTS, encoding="utf-8")
    (folder / "test_file.py").write_text(FILE_SKIP, encoding="utf-8")
    return folder.parent


def run(suite: Path, *arguments: str, ci: str) -> subprocess.CompletedProcess[str]:
    """Run it; LibreOffice is out of reach, because PATH leads nowhere."""
    variables = {"PATH": str(suite), "PYTHONPATH": str(ROOT), "CI": ci, "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments],
        cwd=suite,
        env=os.environ | variables,
        capture_output=True,
        encoding="utf-8",
    )


@pytest.mark.parametrize("workers", WORKERS)
def test_the_default_tier_lists_what_it_leaves_out(suite: Path, workers: tuple[str, ...]) -> None:
    done = run(suite, *workers, ci="")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed, 5 skipped, 1 xfailed" in done.stdout
    closing = done.stdout.partition("未运行的测试")[2]
    for reason in (
        "CI=true python start.py test",
        "apt-get install libreoffice-calc",
        "shared/corpus",
        "its own",
    ):
        assert reason in closing
    assert closing.count("1 项:") == 5
    assert closing.count("tests/test_small.py(1)") == 4
    assert "tests/test_file.py(1)" in closing


@pytest.mark.parametrize("workers", WORKERS)
def test_with_ci_nothing_is_left_out(suite: Path, workers: tuple[str, ...]) -> None:
    done = run(suite, *workers, ci="true")
    assert done.returncode != 0
    assert "which CI=true forbids: the whole file" in done.stdout
    assert "未运行的测试" not in done.stdout


def test_with_ci_every_skip_of_a_test_fails(suite: Path) -> None:
    (suite / "tests" / "test_file.py").unlink()
    done = run(suite, ci="true")
    assert done.returncode == 1
    assert "1 failed, 2 passed, 1 xfailed, 2 errors" in done.stdout
    assert "which CI=true forbids: its own reason" in done.stdout


def test_full_tests_can_be_asked_for(suite: Path) -> None:
    done = run(suite, "-m", "full", ci="")
    assert "1 passed" in done.stdout
