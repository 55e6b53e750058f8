"""Programs outside Python that only the full suite needs, and how to get them."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess

INSTALL = "apt-get install libreoffice-calc libreoffice-writer python3-uno fonts-noto-cjk poppler-utils"
UNO_PYTHON = "/usr/bin/python3"
"""The only interpreter that can import uno where LibreOffice comes from Debian's packages."""


@functools.cache
def missing_office() -> tuple[str, ...]:
    """What of LibreOffice and its companions is not there; empty when tests can drive it."""
    missing = []
    if not (shutil.which("soffice") or shutil.which("libreoffice")):
        missing.append("LibreOffice (soffice)")
    elif not (shutil.which("lowriter") or shutil.which("swriter")):
        missing.append("LibreOffice Writer")
    if not _succeeds(UNO_PYTHON, "-c", "import uno"):
        missing.append("python3-uno")
    if not _succeeds("fc-list", ":lang=zh-cn", prints=True):
        missing.append("CJK fonts")
    if not shutil.which("pdftoppm"):
        missing.append("poppler (pdftoppm)")
    return tuple(missing)


def office_reason(missing: tuple[str, ...]) -> str:
    """Why a test that needs them does not run, with the install line."""
    return f"缺少 {'、'.join(missing)};安装:{INSTALL}"


def in_ci() -> bool:
    """Whether everything must run (CI=true)."""
    return os.environ.get("CI", "").strip().lower() in {"true", "1"}


def _succeeds(*command: str, prints: bool = False) -> bool:
    """Whether the command runs with exit code 0 (and, with ``prints``, says something)."""
    try:
        done = subprocess.run(command, capture_output=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and (not prints or bool(done.stdout.strip()))
