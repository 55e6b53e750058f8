"""Where the add-in goes and what is done, on paths of Windows; the commands, off Windows and as if on it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path, PureWindowsPath

import pytest
from typer.testing import CliRunner

from kaohe.faces import addin_cli, addin_install
from kaohe.faces.addin_build import FILE
from kaohe.faces.addin_install import Step, carry_out, install_steps, refusal, start_folder, uninstall_steps
from kaohe.jobs.common import JobError
from kaohe.workbooks.package import NothingWritten

CLERK = {"APPDATA": r"C:\Users\clerk\AppData\Roaming", "USERPROFILE": r"C:\Users\clerk"}
PYTHON = PureWindowsPath(r"C:\kaohe\.venv\Scripts\python.exe")
XLSTART = PureWindowsPath(r"C:\Users\clerk\AppData\Roaming\Microsoft\Excel\XLSTART")
REFUSED: tuple[tuple[str, Mapping[str, str], str], ...] = (
    (r"C:\Users\张三\AppData\Roaming", {}, "英文以外"),
    (r"C:\考核", {}, "英文以外"),
    (r"C:\Users\clerk\OneDrive\kaohe", {}, "OneDrive"),
    (r"C:\Users\clerk\OneDrive - Bureau\kaohe", {}, "OneDrive"),
    (r"D:\synced\kaohe", {"OneDriveCommercial": r"D:\synced"}, "OneDrive"),
    (r"\\server\share\kaohe", {}, "网络位置"),
)


def test_xlstart_from_the_environment() -> None:
    assert start_folder(CLERK) == XLSTART
    assert start_folder({"USERPROFILE": r"C:\Users\clerk"}) == XLSTART
    with pytest.raises(JobError, match="APPDATA"):
        start_folder({})


@pytest.mark.parametrize(("path", "environment", "reason"), REFUSED)
def test_places_where_the_loader_breaks_are_refused(
    path: str, environment: Mapping[str, str], reason: str
) -> None:
    place = PureWindowsPath(path)
    assert reason in refusal(place, environment)
    with pytest.raises(JobError, match=reason):
        install_steps(CLERK | dict(environment), PYTHON, place)
    with pytest.raises(JobError, match=f"Python 装在不能用的位置.*{reason}"):
        install_steps(CLERK | dict(environment), place / "python.exe")


def test_other_places_are_taken() -> None:
    assert refusal(XLSTART, CLERK | {"OneDrive": r"C:\Users\clerk\OneDrive", "ONEDRIVECONSUMER": ""}) == ""


def test_a_clerk_with_a_chinese_name_is_told_how_to_go_on() -> None:
    with pytest.raises(JobError, match=r"--to C:\\kaohe\\xlstart"):
        install_steps({"APPDATA": r"C:\Users\张三\AppData\Roaming"}, PYTHON)


def test_a_relative_folder_is_refused() -> None:
    with pytest.raises(JobError, match="完整的路径"):
        install_steps(CLERK, PYTHON, PureWindowsPath("xlstart"))


def test_the_steps_in_xlstart() -> None:
    steps = install_steps(CLERK, PYTHON)
    assert [(step.action, step.path) for step in steps] == [("folder", XLSTART), ("write", XLSTART / FILE)]
    assert str(PYTHON) in steps[1].text


def test_elsewhere_the_person_has_a_step() -> None:
    folder = PureWindowsPath(r"C:\kaohe\xlstart")
    last = install_steps(CLERK, PYTHON, folder)[-1]
    assert (last.action, last.path) == ("person", folder)
    assert "启动时打开此目录中的所有文件" in last.text
    assert "受信任位置" in last.text


def test_the_steps_of_uninstalling() -> None:
    assert [(step.action, step.path) for step in uninstall_steps(CLERK)] == [("remove", XLSTART / FILE)]
    folder = PureWindowsPath(r"C:\x")
    assert uninstall_steps(CLERK, folder)[0].path == folder / FILE


def local_steps(folder: Path) -> tuple[Step, ...]:
    """The steps with a folder of this machine in the place of Windows'."""
    steps = install_steps(CLERK, PYTHON, PureWindowsPath(r"C:\x"))
    return tuple(
        Step(step.action, PureWindowsPath(folder if step.action != "write" else folder / FILE), step.text)
        for step in steps
    )


@pytest.mark.skipif(sys.platform == "win32", reason="on Windows the installed path is another")
def test_steps_done_and_undone(tmp_path: Path) -> None:
    folder = tmp_path / "XLSTART"
    said = [carry_out(step, str(PYTHON)) for step in local_steps(folder)]
    assert "请在 Excel 中" in said[-1]
    first = (folder / FILE).read_bytes()
    assert str(PYTHON).encode() in first
    for step in local_steps(folder):
        carry_out(step, str(PYTHON))
    assert (folder / FILE).read_bytes() == first
    remove = Step("remove", PureWindowsPath(folder / FILE), "删去")
    assert carry_out(remove, "") == "删去"
    assert not (folder / FILE).exists()
    assert "没有安装" in carry_out(remove, "")


def test_an_addin_that_excel_has_open_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, missing_ok: bool = False) -> None:
        raise PermissionError(13, "in use", str(path))

    (tmp_path / FILE).write_bytes(b"x")
    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(NothingWritten, match="关闭所有 Excel"):
        carry_out(Step("remove", PureWindowsPath(tmp_path / FILE), ""), "")


def invoke(*arguments: str) -> str:
    """Run ``kaohe addin …``; what it printed."""
    done = CliRunner().invoke(addin_cli.addin_app, arguments)
    assert done.exit_code == 0, done.output
    return done.output.replace("\n", "")


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addin_cli, "on_windows", lambda: False)
    monkeypatch.setattr(addin_install, "on_windows", lambda: False)


@pytest.mark.usefixtures("elsewhere")
def test_off_windows_the_steps_are_only_shown() -> None:
    shown = invoke("install")
    assert "没有改动任何文件" in shown
    for step in install_steps(*addin_install.here()):
        assert step.text in shown
    assert r"删去加载项:%APPDATA%\Microsoft\Excel\XLSTART\kaohe.xlam" in invoke("uninstall")


@pytest.mark.skipif(sys.platform == "win32", reason="on Windows it would be installed")
def test_on_windows_the_steps_are_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addin_cli, "on_windows", lambda: True)
    monkeypatch.setattr(addin_cli, "install_steps", lambda *_: local_steps(tmp_path / "X"))
    assert "试运行" in invoke("install", "--dry-run")
    assert not (tmp_path / "X").exists()
    assert "装好了" in invoke("install")
    assert (tmp_path / "X" / FILE).is_file()


def test_build_writes_the_file(tmp_path: Path) -> None:
    assert FILE in invoke("build", "--out", str(tmp_path / "new" / "folder"))
    assert (tmp_path / "new" / "folder" / FILE).read_bytes().startswith(b"PK")


def test_build_refuses_an_interpreter_that_would_not_start(tmp_path: Path) -> None:
    done = CliRunner().invoke(
        addin_cli.addin_app, ("build", "--out", str(tmp_path), "--interpreter", r"C:\考核\python.exe")
    )
    assert isinstance(done.exception, JobError)
    assert not (tmp_path / FILE).exists()
