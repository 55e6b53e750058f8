"""start.py: what it decides from what it finds, and what it says when set-up cannot go on."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from tests.house.checkout import ROOT, copy_checkout
from tools import environment, texts
from tools.commands import warning
from tools.environment import Need, SetupError, Stamp
from tools.install import failure_message

WANTED = Stamp("3.11", "/x", "abc", True)
NEEDS = (
    (WANTED, True, Need.NOTHING),
    (WANTED, False, Need.REMAKE),
    (None, False, Need.REMAKE),
    (None, True, Need.INSTALL),
    (Stamp("3.12", "/x", "abc", True), True, Need.REMAKE),
    (Stamp("3.11", "/y", "abc", True), True, Need.REMAKE),
    (Stamp("3.11", "/x", "", True), True, Need.REMAKE),
    (Stamp("3.11", "/x", "old", True), True, Need.INSTALL),
    (Stamp("3.11", "/x", "abc", False), True, Need.INSTALL),
)
PIP_SAYS = (
    ("ERROR: Could not install packages: [Errno 28] No space left on device", "磁盘空间不足"),
    ("ERROR: [Errno 13] Permission denied: 'x'", "没有写入权限"),
    (
        "WARNING: Retrying ... NewConnectionError('Temporary failure in name resolution')",
        "连不上软件包服务器",
    ),
    ("ERROR: No matching distribution found for numpy", "连不上软件包服务器"),
    ("Building\nerror: metadata-generation-failed\n", "error: metadata-generation-failed"),
)


@pytest.mark.parametrize(("found", "usable", "expected"), NEEDS)
def test_what_has_to_be_done(found: Stamp | None, usable: bool, expected: Need) -> None:
    assert environment.need(found, WANTED, usable=usable) is expected


def test_the_developers_environment_serves_the_demo() -> None:
    demo = Stamp("3.11", "/x", "abc", False)
    assert environment.need(WANTED, demo, usable=True) is Need.NOTHING


def test_the_stamp_follows_what_declares_dependencies(tmp_path: Path) -> None:
    for name in ("setup.cfg", "pyproject.toml"):
        (tmp_path / name).write_text("a", encoding="utf-8")
    first = environment.wanted_stamp(tmp_path, development=False)
    environment.write_stamp(tmp_path, first)
    assert environment.read_stamp(tmp_path) == first == environment.wanted_stamp(tmp_path, development=False)
    (tmp_path / "setup.cfg").write_text("b", encoding="utf-8")
    assert environment.wanted_stamp(tmp_path, development=False).project != first.project


@pytest.mark.parametrize("content", ["", "{", "[]", '{"python": "3.11"}'])
def test_an_unreadable_stamp_is_none(tmp_path: Path, content: str) -> None:
    (tmp_path / environment.STAMP).write_text(content, encoding="utf-8")
    assert environment.read_stamp(tmp_path) is None


@pytest.mark.parametrize(("version", "usable"), [("3.11.7", True), ("3.1.1", False), ("3.12.0", False)])
def test_usable_is_an_interpreter_of_that_version(tmp_path: Path, version: str, usable: bool) -> None:
    (tmp_path / "pyvenv.cfg").write_text(f"home = x\nversion = {version}\n", encoding="utf-8")
    assert not environment.is_usable(tmp_path, "3.11")
    python = Path(environment.venv_python(tmp_path, windows=os.name == "nt"))
    python.parent.mkdir()
    python.touch()
    assert environment.is_usable(tmp_path, "3.11") is usable


def test_only_an_environment_of_ours_is_removed(tmp_path: Path) -> None:
    venv = tmp_path / ".venv"
    environment.remove_environment(venv, "3.11")
    venv.mkdir()
    (venv / "kept.txt").touch()
    with pytest.raises(SetupError, match="不是本程序建立的"):
        environment.remove_environment(venv, "3.11")
    assert (venv / "kept.txt").exists()
    environment.write_stamp(venv, WANTED)
    environment.remove_environment(venv, "3.11")
    assert not venv.exists()


def test_interpreter_paths_on_both_systems() -> None:
    windows = environment.venv_python(PureWindowsPath(r"D:\考核 资料\kaohe\.venv"), windows=True)
    assert str(windows) == r"D:\考核 资料\kaohe\.venv\Scripts\python.exe"
    posix = environment.venv_python(PurePosixPath("/srv/考核 资料/.venv"), windows=False)
    assert str(posix) == "/srv/考核 资料/.venv/bin/python"


def test_a_python_without_ensurepip_is_told_apart() -> None:
    parts = environment.missing_parts(lambda name: None if name == "ensurepip" else object())
    assert parts == ("ensurepip",)
    debian = environment.missing_parts_message(parts, debian=True)
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert f"sudo apt-get install python3-venv python{version}-venv" in debian
    assert "apt-get" not in environment.missing_parts_message(parts, debian=False)
    assert environment.missing_parts() == ()


@pytest.mark.parametrize(("output", "expected"), PIP_SAYS)
def test_pip_failures_say_what_to_do(output: str, expected: str) -> None:
    message = failure_message(output, Path("x.log"), development=True)
    assert expected in message
    assert "x.log" in message


def test_start_can_be_read_by_an_old_python() -> None:
    source = (ROOT / "start.py").read_text(encoding="utf-8")
    tree = ast.parse(source, feature_version=(3, 4))
    newer = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.Match, ast.FunctionDef)
    assert [type(node).__name__ for node in ast.walk(tree) if isinstance(node, newer)] == []


@pytest.mark.parametrize(("version", "warned"), [((3, 11), False), ((3, 13), False), ((3, 14), True)])
def test_a_newer_python_is_warned_about_and_used(version: tuple[int, int], warned: bool) -> None:
    assert ("尚未试过" in warning(version)) is warned


def start(checkout: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a checkout's start.py as its user would."""
    return subprocess.run(
        [sys.executable, str(checkout / "start.py"), *arguments],
        cwd=checkout.parent,
        env=os.environ | {"PYTHONIOENCODING": "utf-8"} | variables,
        capture_output=True,
        encoding="utf-8",
    )


def test_help_and_wrong_use() -> None:
    helped, wrong = start(ROOT, "--help"), start(ROOT, "tset")
    assert (helped.returncode, helped.stdout, helped.stderr) == (0, texts.USAGE, "")
    assert (wrong.returncode, wrong.stdout, wrong.stderr) == (2, "", texts.USAGE)


@pytest.mark.full
def test_offline_is_said_and_a_half_made_environment_is_made_anew(tmp_path: Path) -> None:
    checkout = copy_checkout(tmp_path / "考核 资料")
    (checkout / "wheels").mkdir()
    first, second = (start(checkout, "setup", PIP_CONFIG_FILE=os.devnull) for _ in range(2))
    assert (first.returncode, second.returncode) == (3, 3)
    assert "连不上软件包服务器" in first.stderr
    assert "重新建立" not in first.stdout
    assert "重新建立" in second.stdout
