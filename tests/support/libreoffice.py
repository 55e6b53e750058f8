"""LibreOffice without a window: recalculate workbooks, print them to PDF.

Every process works in a profile of its own, thrown away when the process ends, so that runs beside each
other (pytest-xdist, a person's own LibreOffice) do not meet.
"""

from __future__ import annotations

import atexit
import functools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from enum import IntEnum
from pathlib import Path

import pytest

INSTALL = "apt-get install libreoffice-calc libreoffice-writer python3-uno fonts-noto-cjk poppler-utils"
BATCH = 125
"""Files per call: one call of soffice silently stops after 247 files, with exit code 0."""

_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>{mode}</value></prop>
</item>
</oor:items>
"""


class Recalc(IntEnum):
    """When LibreOffice computes the formulas of a workbook it opens (OOXMLRecalcMode)."""

    ALWAYS = 0
    NEVER = 1


class ConversionError(RuntimeError):
    """soffice ended without making the file that was asked for."""


def find_soffice() -> str | None:
    """Path of the soffice program, or None."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def require_soffice() -> str:
    """Path of soffice. Without it: skip with the install line, but fail where CI=true."""
    program = find_soffice()
    if program is not None:
        return program
    reason = f"LibreOffice (soffice) is not installed; install it with: {INSTALL}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@functools.cache
def profile(mode: Recalc = Recalc.ALWAYS) -> Path:
    """This process's own profile folder for that recalculation mode; removed when the process ends."""
    folder = Path(tempfile.mkdtemp(prefix=f"kaohe-soffice-{mode.name.lower()}-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "user").mkdir()
    (folder / "user" / "registrymodifications.xcu").write_text(
        _PROFILE.format(mode=int(mode)), encoding="utf-8"
    )
    return folder


def recalculate(path: Path, out_dir: Path, *, mode: Recalc = Recalc.ALWAYS) -> Path:
    """Open an .xlsx, compute (or, with ``Recalc.NEVER``, trust) its formulas, save it into out_dir.

    Returns the new file, of the same name. Raises ConversionError when none was made.
    """
    return recalculate_all([path], out_dir, mode=mode)[0]


def recalculate_all(
    paths: Sequence[Path], out_dir: Path, *, mode: Recalc = Recalc.ALWAYS, timeout: float = 300
) -> list[Path]:
    """The same for many workbooks with different names; ``timeout`` is in seconds per 125 files."""
    return _convert(paths, out_dir, "xlsx:Calc MS Excel 2007 XML", "xlsx", mode, timeout)


def to_pdf(path: Path, out_dir: Path, *, timeout: float = 300) -> Path:
    """Print a workbook into out_dir as PDF (formulas computed first) and return that file."""
    return _convert([path], out_dir, "pdf:calc_pdf_Export", "pdf", Recalc.ALWAYS, timeout)[0]


def _convert(
    paths: Sequence[Path], out_dir: Path, filter_name: str, suffix: str, mode: Recalc, timeout: float
) -> list[Path]:
    """One soffice run per batch; checks that every file arrived."""
    made = [out_dir / f"{path.stem}.{suffix}" for path in paths]
    if len(set(made)) != len(made):
        raise ValueError("two of the files would get the same name")
    if set(made) & set(paths):
        raise ValueError(f"{out_dir} holds the originals; give another folder")
    out_dir.mkdir(parents=True, exist_ok=True)
    for file in made:
        file.unlink(missing_ok=True)
    for start in range(0, len(paths), BATCH):
        done = _run(paths[start : start + BATCH], out_dir, filter_name, mode, timeout)
        missing = [file.name for file in made[start : start + BATCH] if not file.is_file()]
        if missing:
            raise ConversionError(f"soffice made no {missing[:5]}: {done.stdout}{done.stderr}")
    return made


def _run(
    paths: Sequence[Path], out_dir: Path, filter_name: str, mode: Recalc, timeout: float
) -> subprocess.CompletedProcess[str]:
    command = [
        require_soffice(),
        f"-env:UserInstallation={profile(mode).as_uri()}",
        "--headless",
        "--norestore",
        "--nolockcheck",
        "--convert-to",
        filter_name,
        "--outdir",
        str(out_dir),
        *map(str, paths),
    ]
    return subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=True)
