"""A folder of wheels from which a computer without a network installs kaohe: ``kaohe bundle``.

pip downloads for another platform but judges conditions such as ``platform_system == "Windows"`` by the
machine it runs on. So the wheels are read afterwards for what the target needs besides, until nothing is
missing.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from email.parser import HeaderParser
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from urllib.parse import urlparse
from urllib.request import url2pathname

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

from kaohe.jobs.common import JobError

OWN = "kaohe"
PLATFORMS = {"win_amd64": "AMD64"}
"""Platform tag → machine. xlwings has its Windows parts for 64-bit Python only; Office may be either."""
PYTHONS = ("3.11", "3.12", "3.13")
INSTRUCTIONS_FILE = "安装说明.txt"
SUMS_FILE = "SHA256SUMS.txt"
_MOST_ROUNDS = 5

INSTRUCTIONS = """\
考核 离线安装包({platform},Python {python})

1. 安装 Python {python}(64 位,官方安装程序;本文件夹里没有它,请另外带去)。
2. 在本文件夹打开“命令提示符”,依次执行(路径只用英文字母和数字):
       py -{python} -m venv C:\\kaohe\\.venv
       C:\\kaohe\\.venv\\Scripts\\python -m pip install --no-index --find-links . kaohe
       C:\\kaohe\\.venv\\Scripts\\kaohe --version
3. 要用 Excel 加载项时再执行:
       C:\\kaohe\\.venv\\Scripts\\kaohe addin install
   然后关闭所有 Excel 窗口再打开。

SHA256SUMS.txt 是各文件的校验值:certutil -hashfile 文件名 SHA256
"""


@dataclass(frozen=True)
class Target:
    """The computer the bundle is for: a platform tag of wheels, a Python version such as 3.11."""

    platform: str
    python: str

    @property
    def markers(self) -> dict[str, str]:
        """What conditions of requirements are judged by there."""
        return {
            "implementation_name": "cpython",
            "implementation_version": f"{self.python}.0",
            "os_name": "nt",
            "platform_machine": PLATFORMS[self.platform],
            "platform_python_implementation": "CPython",
            "platform_release": "10",
            "platform_system": "Windows",
            "platform_version": "10",
            "python_full_version": f"{self.python}.0",
            "python_version": self.python,
            "sys_platform": "win32",
            "extra": "",
        }


def make_bundle(folder: Path, target: Target, wheel: Path | None = None) -> tuple[str, ...]:
    """Fill the folder (new, or empty) with kaohe's wheel, every dependency, instructions and hashes.

    ``wheel``: kaohe's own wheel; without it, it is made from or found by how kaohe was installed here.
    Returns the names of the files. Raises JobError for an unknown target, a folder that holds something, or
    when pip does not bring what is needed.
    """
    _check(folder, target)
    folder.mkdir(parents=True, exist_ok=True)
    _own_wheel(folder, wheel)
    _dependencies(folder, target)
    text = INSTRUCTIONS.format(platform=target.platform, python=target.python)
    (folder / INSTRUCTIONS_FILE).write_text(text, encoding="utf-8-sig", newline="\r\n")
    sums = "".join(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in _wheels(folder)
    )
    (folder / SUMS_FILE).write_text(sums, encoding="ascii", newline="\r\n")
    return tuple(sorted(path.name for path in folder.iterdir()))


def _check(folder: Path, target: Target) -> None:
    if target.platform not in PLATFORMS:
        raise JobError(
            f"不支持平台“{target.platform}”,可用:{'、'.join(PLATFORMS)}。"
            "xlwings 只为 64 位 Python 提供 Windows 组件;32 位 Office 同样配 64 位 Python。"
        )
    if target.python not in PYTHONS:
        raise JobError(f"不支持 Python“{target.python}”,可用:{'、'.join(PYTHONS)}。")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise JobError(f"“{folder}”不是空文件夹。请用一个新的文件夹,以免新旧版本混在一起。")


def _own_wheel(folder: Path, wheel: Path | None) -> None:
    """kaohe's own wheel into the folder: the one given, a build of the checkout, or pip's."""
    source = wheel or _installed_from()
    if source is None:
        _pip(
            "download", "--no-deps", "--only-binary=:all:", "--dest", str(folder), f"{OWN}=={_own_version()}"
        )
    elif source.suffix == ".whl":
        try:
            shutil.copy2(source, folder)
        except OSError as error:
            raise JobError(f"不能取得本程序的安装文件“{source}”:{error.strerror}。") from None
    else:
        _build_wheel(folder, source)
    if OWN not in _names(folder):
        raise JobError("没有得到本程序的 .whl。请用 --wheel 指定 kaohe-….whl。")


def _build_wheel(folder: Path, checkout: Path) -> None:
    """Build in a copy: a build in place would leave its folders there, and take up what older ones left."""
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place, OWN)
        ignored = shutil.ignore_patterns(".*", "build", "dist", "__pycache__", "*.egg-info")
        shutil.copytree(checkout, copy, ignore=ignored)
        _pip("wheel", "--no-deps", "--wheel-dir", str(folder), str(copy))


def _installed_from() -> Path | None:
    """The checkout or wheel file kaohe was installed from here, if it is still there."""
    try:
        said = distribution(OWN).read_text("direct_url.json")
    except PackageNotFoundError:
        return None
    url = urlparse(json.loads(said)["url"]) if said else None
    if url is None or url.scheme != "file":
        return None
    path = Path(url2pathname(url.path))
    return path if path.exists() else None


def _own_version() -> str:
    from kaohe.version import __version__

    return __version__


def _dependencies(folder: Path, target: Target) -> None:
    """Everything kaohe needs there, directly and indirectly."""
    wanted = missing(folder, target)
    for _ in range(_MOST_ROUNDS):
        _pip(*download_arguments(folder, target, wanted))
        left = [text for text in missing(folder, target) if text not in wanted]
        if not left:
            break
        wanted = [*wanted, *left]
    if still := missing(folder, target):
        raise JobError(f"离线安装包不完整,还缺:{'、'.join(still)}。")


def download_arguments(folder: Path, target: Target, requirements: Sequence[str]) -> list[str]:
    """What pip is asked: wheels only, for the target's platform and Python."""
    return [
        "download",
        "--only-binary=:all:",
        f"--platform={target.platform}",
        f"--python-version={target.python}",
        "--implementation=cp",
        "--dest",
        str(folder),
        "--find-links",
        str(folder),
        *requirements,
    ]


def missing(folder: Path, target: Target) -> list[str]:
    """Requirements of the folder's wheels that apply on the target and that no wheel there meets by name."""
    there = _names(folder)
    found = {
        str(requirement).partition(";")[0].strip(): canonicalize_name(requirement.name)
        for path in _wheels(folder)
        for requirement in requirements_of(path, target)
    }
    return sorted(text for text, name in found.items() if name not in there)


def requirements_of(wheel: Path, target: Target) -> list[Requirement]:
    """What a wheel's metadata asks for on the target, extras left out."""
    with zipfile.ZipFile(wheel) as archive:
        name = next(entry for entry in archive.namelist() if entry.endswith(".dist-info/METADATA"))
        metadata = HeaderParser().parsestr(archive.read(name).decode("utf-8"))
    asked = map(Requirement, metadata.get_all("Requires-Dist") or ())
    return [one for one in asked if one.marker is None or one.marker.evaluate(target.markers)]


def _wheels(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.whl"))


def _names(folder: Path) -> set[str]:
    """The projects whose wheels are there."""
    return {parse_wheel_filename(path.name)[0] for path in _wheels(folder)}


def _pip(*arguments: str) -> None:
    """Run pip in this environment; a JobError with its last words when it fails."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments]
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", errors="replace"
    )
    if done.returncode:
        last = "\n".join(done.stdout.strip().splitlines()[-5:])
        raise JobError(f"pip {arguments[0]} 没有成功(本机要能上网,或已设置内部镜像):\n{last}")
