"""The offline bundle, with a stand-in for pip that "downloads" wheels made on the spot."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from pathlib import Path

import pytest

from kaohe.faces import addin_bundle
from kaohe.faces.addin_bundle import Target, download_arguments, make_bundle, missing
from kaohe.jobs.common import JobError

TARGET = Target("win_amd64", "3.11")
# What the stand-in's index holds: project → what it requires.
INDEX = {
    "xlwings": ["pywin32>=224 ; platform_system == 'Windows'", "psutil ; platform_system == 'Darwin'"],
    "rich": ["pygments>=2"],
    "pygments": [],
    "pywin32": ["late ; sys_platform == 'win32' and python_version < '3.12'"],
    "late": [],
}
FAKE_PIP = '''
"""Stands for pip: writes down its arguments; "downloads" what applies on this machine."""
import json, os, re, sys, zipfile
from pathlib import Path
from packaging.requirements import Requirement

arguments = sys.argv[1:]
with open(os.environ["FAKE_PIP_LOG"], "a") as log:
    log.write(json.dumps(arguments) + "\\n")
index = json.loads(os.environ["FAKE_PIP_INDEX"])
command = next(one for one in arguments if not one.startswith("-"))

def write(folder, name, requires):
    path = Path(folder, name.replace("-", "_") + "-1.0-py3-none-any.whl")
    lines = ["Metadata-Version: 2.1", "Name: " + name, "Version: 1.0"]
    lines += ["Requires-Dist: " + one for one in requires]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name.replace("-", "_") + "-1.0.dist-info/METADATA", "\\n".join(lines) + "\\n")

def fetch(folder, text):
    requirement = Requirement(text)
    if requirement.name == "kaohe":
        return write(folder, "kaohe", ["xlwings>=0.33", "rich", 'pytest; extra == "dev"'])
    if requirement.name not in index:
        sys.exit("ERROR: No matching distribution found for " + requirement.name)
    write(folder, requirement.name, index[requirement.name])
    for one in index[requirement.name]:
        marker = Requirement(one).marker
        if marker is None or marker.evaluate({"extra": ""}):
            fetch(folder, one)

if command == "download":
    folder = arguments[arguments.index("--dest") + 1]
    options = {"--dest", "--find-links"}
    asked = [one for before, one in zip(["", *arguments], arguments)
             if not one.startswith("-") and one != "download" and before not in options]
    for one in asked:
        fetch(folder, one)
elif command == "wheel":
    assert not Path(arguments[-1], ".git").exists() and not Path(arguments[-1], "build").exists()
    assert Path(arguments[-1], "setup.cfg").is_file()
    fetch(arguments[arguments.index("--wheel-dir") + 1], "kaohe")
'''


@pytest.fixture
def pip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The stand-in, in front of the real one; the log of its calls."""
    package = tmp_path / "fake" / "pip"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(FAKE_PIP, encoding="utf-8")
    log = tmp_path / "pip.log"
    path = os.pathsep.join(filter(None, (str(package.parent), os.environ.get("PYTHONPATH", ""))))
    monkeypatch.setenv("PYTHONPATH", path)
    monkeypatch.setenv("FAKE_PIP_LOG", str(log))
    monkeypatch.setenv("FAKE_PIP_INDEX", json.dumps(INDEX))
    return log


def calls(log: Path) -> list[list[str]]:
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]


def own_wheel(folder: Path) -> Path:
    """A wheel of kaohe that asks for xlwings and rich."""
    path = folder / "kaohe-1.0-py3-none-any.whl"
    requires = "Requires-Dist: xlwings>=0.33\nRequires-Dist: rich\n"
    metadata = f"Metadata-Version: 2.1\nName: kaohe\nVersion: 1.0\n{requires}"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("kaohe-1.0.dist-info/METADATA", metadata)
    return path


def projects(folder: Path) -> set[str]:
    return {path.name.partition("-")[0] for path in folder.glob("*.whl")}


def test_what_windows_needs_besides_is_fetched_too(pip: Path, tmp_path: Path) -> None:
    names = make_bundle(tmp_path / "包", TARGET, own_wheel(tmp_path))
    assert projects(tmp_path / "包") == {"kaohe", "xlwings", "rich", "pygments", "pywin32", "late"}
    assert missing(tmp_path / "包", TARGET) == []
    assert {"安装说明.txt", "SHA256SUMS.txt"} < set(names)
    for asked in calls(pip):
        assert {"--only-binary=:all:", "--platform=win_amd64", "--python-version=3.11"} < set(asked)


def test_a_later_python_needs_less(pip: Path, tmp_path: Path) -> None:
    make_bundle(tmp_path / "包", Target("win_amd64", "3.12"), own_wheel(tmp_path))
    assert "late" not in projects(tmp_path / "包")
    assert "--python-version=3.12" in calls(pip)[0]


def test_instructions_and_sums(pip: Path, tmp_path: Path) -> None:
    folder = tmp_path / "包"
    make_bundle(folder, TARGET, own_wheel(tmp_path))
    text = (folder / "安装说明.txt").read_bytes().decode("utf-8-sig")
    assert "--no-index --find-links . kaohe" in text
    assert "\r\n" in text
    assert "py -3.11" in text
    lines = (folder / "SHA256SUMS.txt").read_text(encoding="ascii").splitlines()
    told = {name: digest for digest, name in (line.split("  ") for line in lines)}
    wheels = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.whl")}
    assert told == wheels


def test_from_a_checkout_a_wheel_is_built_from_a_clean_copy(
    pip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout = tmp_path / "checkout"
    for name in (".git", "build", "src"):
        (checkout / name).mkdir(parents=True)
    (checkout / "setup.cfg").touch()
    monkeypatch.setattr(addin_bundle, "_installed_from", lambda: checkout)
    make_bundle(tmp_path / "包", TARGET)
    assert calls(pip)[0][:3] == ["--disable-pip-version-check", "wheel", "--no-deps"]
    assert "kaohe" in projects(tmp_path / "包")
    assert sorted(path.name for path in checkout.iterdir()) == [".git", "build", "setup.cfg", "src"]


def test_without_a_checkout_pip_is_asked_for_this_version(
    pip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(addin_bundle, "_installed_from", lambda: None)
    make_bundle(tmp_path / "包", TARGET)
    assert calls(pip)[0][-1].startswith("kaohe==")


def test_pips_last_words_are_passed_on(pip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_PIP_INDEX", json.dumps({"xlwings": []}))
    with pytest.raises(JobError, match="No matching distribution found for rich"):
        make_bundle(tmp_path / "包", TARGET, own_wheel(tmp_path))


@pytest.mark.parametrize(
    ("target", "message"),
    [(Target("win32", "3.11"), "32 位 Office"), (Target("win_amd64", "3.9"), "3.11、3.12、3.13")],
)
def test_unknown_targets_are_refused(tmp_path: Path, target: Target, message: str) -> None:
    with pytest.raises(JobError, match=message):
        make_bundle(tmp_path / "包", target, own_wheel(tmp_path))


def test_a_folder_that_holds_something_is_refused(tmp_path: Path) -> None:
    (tmp_path / "old.whl").touch()
    with pytest.raises(JobError, match="不是空文件夹"):
        make_bundle(tmp_path, TARGET)


def test_a_missing_own_wheel_is_reported(tmp_path: Path) -> None:
    with pytest.raises(JobError, match="不能取得本程序的安装文件"):
        make_bundle(tmp_path / "包", TARGET, tmp_path / "kaohe-none.whl")


def test_requirements_come_last(tmp_path: Path) -> None:
    arguments = download_arguments(tmp_path, TARGET, ["a>=1", "b"])
    assert arguments[0] == "download"
    assert arguments[-2:] == ["a>=1", "b"]
