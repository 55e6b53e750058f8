"""The files of this checkout, as a clone would bring them."""

from __future__ import annotations

import functools
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "kaohe"


@functools.cache
def tracked() -> tuple[Path, ...]:
    """Every file a clone holds, relative to the checkout; outside git, every file not in a dotted folder."""
    if not (ROOT / ".git").exists():
        found = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
        return tuple(sorted(path for path in found if not _made_here(path)))
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    names = listed.decode("utf-8").split("\0")
    return tuple(Path(name) for name in sorted(names) if name and (ROOT / name).is_file())


def tracked_under(*folders: str, suffix: str = "") -> tuple[Path, ...]:
    """Those below one of the folders, with that suffix."""
    return tuple(
        path
        for path in tracked()
        if path.as_posix().startswith(tuple(f"{folder}/" for folder in folders))
        and path.name.endswith(suffix)
    )


def copy_checkout(target: Path) -> Path:
    """Copy every tracked file to ``target``, as a clone would; returns it."""
    for path in tracked():
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / path, target / path)
    return target


def _made_here(path: Path) -> bool:
    """Whether a file is the product of set-up or of running something."""
    hidden = any(part.startswith(".") and part not in (".ci", ".github", ".gitignore") for part in path.parts)
    return hidden or "__pycache__" in path.parts or any(part.endswith(".egg-info") for part in path.parts)
