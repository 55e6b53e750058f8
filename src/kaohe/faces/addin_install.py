"""Where the add-in goes on Windows, what putting it there and taking it away means step by step."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath
from typing import Literal

from kaohe.faces.addin_build import FILE, make_folder, write_addin
from kaohe.jobs.common import JobError
from kaohe.workbooks.package import NotWritable

START_FOLDER = PureWindowsPath("Microsoft", "Excel", "XLSTART")
"""Below %APPDATA%: Excel opens what lies there when it starts, and trusts it."""
UNKNOWN = {"APPDATA": "%APPDATA%"}
"""What is shown where the system is not Windows."""
HOW_TO_NAME_FOLDER = "请用 --to 指定一个只含英文字母和数字的本机文件夹,如 --to C:\\kaohe\\xlstart。"


@dataclass(frozen=True)
class Step:
    """One thing that is done: make the folder, write the add-in, remove it, or leave a step to the person."""

    action: Literal["folder", "write", "remove", "person"]
    path: PureWindowsPath
    text: str


def start_folder(environment: Mapping[str, str]) -> PureWindowsPath:
    """The user's own XLSTART, from the environment. Raises JobError without APPDATA and USERPROFILE."""
    roaming = environment.get("APPDATA", "")
    if not roaming and environment.get("USERPROFILE"):
        roaming = str(PureWindowsPath(environment["USERPROFILE"], "AppData", "Roaming"))
    if not roaming:
        raise JobError(f"环境变量 APPDATA 没有设置,不知道 Excel 的启动文件夹在哪里。{HOW_TO_NAME_FOLDER}")
    return PureWindowsPath(roaming) / START_FOLDER


def refusal(path: PureWindowsPath, environment: Mapping[str, str]) -> str:
    """Why the add-in must not lie, or Python not run, below that path; '' when it may.

    xlwings' loader breaks on paths outside ASCII and inside OneDrive; a network path has no drive to go to.
    """
    if not str(path).isascii():
        return f"路径“{path}”中有英文以外的字符,xlwings 的加载程序在这样的路径下不能工作。"
    if path.drive.startswith("\\\\"):
        return f"“{path}”是网络位置,Excel 不一定信任,断网时也打不开。"
    folders = [
        PureWindowsPath(value) for name, value in environment.items() if name.lower().startswith("onedrive")
    ]
    synced = any(part.lower().startswith("onedrive") for part in path.parts)
    if synced or any(path.is_relative_to(folder) for folder in folders if folder.parts):
        return f"“{path}”在 OneDrive 中,Excel 会把它当作网址,xlwings 的加载程序不能工作。"
    return ""


def install_steps(
    environment: Mapping[str, str], interpreter: PureWindowsPath, target: PureWindowsPath | None = None
) -> tuple[Step, ...]:
    """What installing does. Raises JobError for a folder or an interpreter in a place that does not work.

    In a folder other than XLSTART the person has to tell Excel about it, which is the last step.
    """
    folder = target or start_folder(environment)
    if target and not target.is_absolute():
        raise JobError(f"“{target}”不是完整的路径。{HOW_TO_NAME_FOLDER}")
    if why := refusal(folder, environment):
        raise JobError(f"{why}{HOW_TO_NAME_FOLDER}")
    if why := refusal(interpreter, environment):
        raise JobError(f"Python 装在不能用的位置:{why}请把 Python 和本程序装到如 C:\\kaohe 的文件夹后重试。")
    steps = (
        Step("folder", folder, f"建立文件夹(没有时):{folder}"),
        Step("write", folder / FILE, f"写入加载项:{folder / FILE}(由它启动的 Python:{interpreter})"),
    )
    return steps if target is None else (*steps, _tell_excel(folder))


def _tell_excel(folder: PureWindowsPath) -> Step:
    return Step(
        "person",
        folder,
        f"请在 Excel 中:文件 → 选项 → 高级 → 常规 → “启动时打开此目录中的所有文件”填 {folder};"
        f"再到 信任中心 → 受信任位置 添加 {folder}。",
    )


def uninstall_steps(
    environment: Mapping[str, str], target: PureWindowsPath | None = None
) -> tuple[Step, ...]:
    """What uninstalling does."""
    folder = target or start_folder(environment)
    return (Step("remove", folder / FILE, f"删去加载项:{folder / FILE}"),)


def carry_out(step: Step, interpreter: str) -> str:
    """Do a step on this machine; what was done, in Chinese.

    Raises JobError or NothingWritten when Excel has the add-in open or the folder may not be written to.
    """
    path = Path(step.path.as_posix())
    if step.action == "folder":
        make_folder(path)
    elif step.action == "write":
        write_addin(path.parent, interpreter)
    elif step.action == "remove":
        return _remove(path, step.text)
    return step.text


def _remove(path: Path, text: str) -> str:
    if not path.exists():
        return f"没有安装:{path} 不存在。"
    try:
        path.unlink()
    except PermissionError:
        raise NotWritable(f"“{path}”正被使用或没有权限删除。", "请关闭所有 Excel 窗口后重试。") from None
    return text


def on_windows() -> bool:
    """Whether the steps can be carried out here."""
    return os.name == "nt"


def here() -> tuple[Mapping[str, str], PureWindowsPath]:
    """Environment and interpreter; where it is not Windows, names that stand for them."""
    if on_windows():
        return os.environ, PureWindowsPath(sys.executable)
    return UNKNOWN, PureWindowsPath("C:/kaohe/.venv/Scripts/python.exe")
