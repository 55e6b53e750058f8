"""What Windows needs, emulated: a console in code page 936, and processes that start by importing."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.house.checkout import ROOT
from tools import texts

TEXTS = {name: value for name, value in vars(texts).items() if name.isupper()}
WALK = """
import importlib, pkgutil
import kaohe
for module in pkgutil.walk_packages(kaohe.__path__, "kaohe."):
    importlib.import_module(module.name)
"""


def run(*arguments: str, encoding: str = "cp936") -> subprocess.CompletedProcess[str]:
    """Run Python in the checkout with a console of that encoding, where a character it lacks is an error."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=os.environ | {"PYTHONIOENCODING": encoding, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding=encoding,
    )


def test_there_are_messages() -> None:
    assert len(TEXTS) > 15


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_messages_survive_code_page_936(name: str) -> None:
    assert TEXTS[name].encode("cp936").decode("cp936") == TEXTS[name]


def test_start_speaks_code_page_936() -> None:
    done = run("start.py", "--help")
    assert (done.returncode, done.stdout) == (0, texts.USAGE)


def test_a_character_the_console_lacks_does_not_end_the_program() -> None:
    speak = "import sys; from tools.commands import soften; soften(sys.stdout); print('\\u2713 好')"
    done = run("-c", speak)
    assert (done.returncode, done.stdout) == (0, "? 好\n")


def test_kaohe_helps_in_code_page_936() -> None:
    done = run("-m", "kaohe.faces.cli", "--help")
    assert done.returncode == 0, done.stderr
    assert "consolidate" in done.stdout


@pytest.mark.parametrize(
    "again",
    [
        "run_path('start.py', run_name='__mp_main__')",
        "run_module('tools.check', run_name='__mp_main__', alter_sys=True)",
        "run_module('kaohe.faces.cli', run_name='__mp_main__', alter_sys=True)",
    ],
)
def test_a_spawned_process_may_import_the_program(again: str) -> None:
    """multiprocessing's spawn imports the parent's main module under the name __mp_main__."""
    done = run("-c", f"import runpy; runpy.{again}")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_importing_any_module_is_silent() -> None:
    done = run("-c", WALK)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
