"""setup.cfg's explicit lists equal what is on disk: every package, every file that ships with one."""

from __future__ import annotations

import configparser
from pathlib import Path, PurePosixPath

import pytest

from tests.house.checkout import ROOT, SOURCE, tracked, tracked_under

DATA_FOLDERS = {"kaohe.templates": "templates", "kaohe.examples": "workbooks"}


def lines(section: str, option: str) -> list[str]:
    """A list in setup.cfg."""
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    return [line.strip() for line in config[section][option].splitlines() if line.strip()]


def package_folders() -> dict[str, Path]:
    """Package name → folder in the checkout, for the roots that setup.cfg maps."""
    return {
        name: Path(folder) for name, folder in (line.split(" = ") for line in lines("options", "package_dir"))
    }


def packages_on_disk() -> set[str]:
    """The dotted name of every tracked folder that holds an __init__.py."""
    found = set()
    for name, root in package_folders().items():
        for path in tracked_under(root.as_posix(), suffix="__init__.py"):
            found.add(".".join((name, *path.parent.relative_to(root).parts)))
    return found


def test_every_package_is_listed() -> None:
    assert set(lines("options", "packages")) == packages_on_disk()


def test_no_module_lies_outside_a_package() -> None:
    folders = {path.parent for path in tracked_under(SOURCE.relative_to(ROOT).as_posix(), suffix=".py")}
    assert [folder for folder in sorted(folders) if not (ROOT / folder / "__init__.py").is_file()] == []


@pytest.mark.parametrize(("package", "folder"), DATA_FOLDERS.items())
def test_every_data_file_ships(package: str, folder: str) -> None:
    root = ROOT / folder
    patterns = [part.strip() for part in ",".join(lines("options.package_data", package)).split(",")]
    shipped = {path for pattern in patterns for path in root.glob(pattern)}
    there = {ROOT / path for path in tracked_under(folder) if path.suffix != ".py"}
    assert sorted(there - shipped) == []


def test_tracked_names_are_portable() -> None:
    """Windows refuses these characters and names, and cannot tell two cases apart."""
    names = [path.as_posix() for path in tracked()]
    assert [name for name in names if set(name) & set('<>:"|?*\\')] == []
    reserved = {"con", "prn", "aux", "nul"}
    assert [
        name for name in names if {PurePosixPath(part).stem.lower() for part in Path(name).parts} & reserved
    ] == []
    assert len({name.lower() for name in names}) == len(names)
