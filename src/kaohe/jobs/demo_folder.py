"""The folder of an example: what it wrote there, and whether somebody changed anything since."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

MANIFEST = ".kaohe-demo.json"


def free_folder(out: Path) -> Path:
    """``out``, or ``out-2``, ``out-3`` … when somebody changed or added files in it."""
    number = 1
    while True:
        folder = out if number == 1 else out.with_name(f"{out.name}-{number}")
        if not folder.exists() or _untouched(folder):
            return folder
        number += 1


def own_files(folder: Path) -> list[Path]:
    """The files an earlier example wrote there."""
    return [folder / name for name in _read_manifest(folder)]


def _untouched(folder: Path) -> bool:
    """Whether the folder holds just what a demo wrote there."""
    if not folder.is_dir():
        return False
    listed = _read_manifest(folder)
    present = {
        path.relative_to(folder).as_posix(): path
        for path in folder.rglob("*")
        if path.is_file() and path.name != MANIFEST
    }
    if not listed:
        return not present
    return all(name in listed and _digest(path) == listed[name] for name, path in present.items())


def _read_manifest(folder: Path) -> dict[str, str]:
    try:
        content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def write_manifest(folder: Path, paths: list[Path]) -> None:
    """Remember what was written and how it looked, to tell later whether somebody changed it."""
    home = folder.resolve()
    listed = {path.resolve().relative_to(home).as_posix(): _digest(path) for path in paths}
    (folder / MANIFEST).write_text(json.dumps(listed, ensure_ascii=False, indent=1), encoding="utf-8")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
