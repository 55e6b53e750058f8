"""The private environment in .venv: where its parts are, whether it still fits, making it anew."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path, PurePath

from tools import texts

STAMP = "kaohe-environment.json"
"""Lies in .venv from its first moment (so we know it is ours); names what is installed once all of it is."""


class SetupError(Exception):
    """Set-up cannot go on; the text tells the user why and what to do."""


class Need(Enum):
    """What has to be done before the environment can be used."""

    NOTHING = "nothing"
    INSTALL = "install"
    REMAKE = "remake"


@dataclass(frozen=True)
class Stamp:
    """What an environment was made for. ``project`` is '' while it is being made."""

    python: str
    """Major and minor version, '3.11'."""
    root: str
    """The checkout; an environment does not survive a move."""
    project: str
    """SHA-256 over the files that declare dependencies and packages."""
    development: bool


def venv_python(venv: PurePath, *, windows: bool) -> PurePath:
    """The interpreter of an environment; Windows keeps it in another folder."""
    return venv / "Scripts" / "python.exe" if windows else venv / "bin" / "python"


def wanted_stamp(root: Path, *, development: bool) -> Stamp:
    """What the environment must have been made for to be used now."""
    digest = hashlib.sha256()
    for name in ("setup.cfg", "pyproject.toml"):
        digest.update(name.encode() + b"\0" + (root / name).read_bytes())
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    return Stamp(python, str(root), digest.hexdigest(), development)


def read_stamp(venv: Path) -> Stamp | None:
    """The environment's stamp; None when there is none that can be read."""
    try:
        return Stamp(**json.loads((venv / STAMP).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def write_stamp(venv: Path, stamp: Stamp) -> None:
    """Put the stamp into the environment."""
    (venv / STAMP).write_text(json.dumps(asdict(stamp), ensure_ascii=False, indent=1), encoding="utf-8")


def need(found: Stamp | None, wanted: Stamp, *, usable: bool) -> Need:
    """Compare stamps. ``usable``: the environment has an interpreter of the wanted version."""
    if not usable or (found is not None and not found.project):
        return Need.REMAKE
    if found is None:
        return Need.INSTALL
    if (found.python, found.root) != (wanted.python, wanted.root):
        return Need.REMAKE
    complete = found.project == wanted.project and (found.development or not wanted.development)
    return Need.NOTHING if complete else Need.INSTALL


def is_usable(venv: Path, python: str) -> bool:
    """Whether the environment's interpreter is there and has that version (read from pyvenv.cfg)."""
    try:
        lines = (venv / "pyvenv.cfg").read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return False
    settings = dict(line.split(" = ", 1) for line in lines if " = " in line)
    version = settings.get("version", settings.get("version_info", ""))
    return (
        f"{version}.".startswith(f"{python}.") and Path(venv_python(venv, windows=os.name == "nt")).exists()
    )


def missing_parts(find: Callable[[str], object | None] = importlib.util.find_spec) -> tuple[str, ...]:
    """What this Python lacks for making environments; Debian packs these apart."""
    return tuple(name for name in ("venv", "ensurepip") if find(name) is None)


def missing_parts_message(parts: tuple[str, ...], *, debian: bool) -> str:
    """How to get them."""
    text = texts.NO_VENV_DEBIAN if debian else texts.NO_VENV_OTHER
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return text.format(parts="、".join(parts), version=version)


def remove_environment(venv: Path, python: str) -> None:
    """Delete an environment of ours; what carries no stamp is not ours and stays. Raises SetupError."""
    if not venv.exists():
        return
    if not (venv / STAMP).exists() and not (venv.is_dir() and not any(venv.iterdir())):
        raise SetupError(texts.FOREIGN.format(venv=venv, version=python))
    try:
        shutil.rmtree(venv)
    except OSError as error:
        raise SetupError(texts.NOT_REMOVED.format(venv=venv, detail=error)) from error


def make_environment(venv: Path, wanted: Stamp) -> None:
    """Make .venv, replacing a former one of ours. Raises SetupError."""
    if parts := missing_parts():
        debian = Path("/etc/debian_version").exists()
        raise SetupError(missing_parts_message(parts, debian=debian))
    remove_environment(venv, wanted.python)
    try:
        venv.mkdir()
        write_stamp(venv, Stamp(wanted.python, wanted.root, "", wanted.development))
    except OSError as error:
        raise SetupError(texts.VENV_FAILED.format(venv=venv, detail=error)) from error
    made = subprocess.run(
        [sys.executable, "-m", "venv", str(venv)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
    )
    if made.returncode != 0:
        raise SetupError(texts.VENV_FAILED.format(venv=venv, detail=made.stdout.strip()))
