"""Documents as PDF through LibreOffice, where it is there: a profile of its own, a time limit, no network."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

BATCH = 100
"""Files per call: one call of soffice silently stops after 247, with exit code 0."""
SECONDS_PER_FILE, SECONDS_TO_START = 20, 60
_MAC = "/Applications/LibreOffice.app/Contents/MacOS/soffice"
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop>
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
</item>
<item oor:path="/org.openoffice.Inet/Settings">
<prop oor:name="ooInetProxyType" oor:op="fuse"><value>2</value></prop>
<prop oor:name="ooInetHTTPProxyName" oor:op="fuse"><value>127.0.0.1</value></prop>
<prop oor:name="ooInetHTTPProxyPort" oor:op="fuse"><value>9</value></prop>
<prop oor:name="ooInetHTTPSProxyName" oor:op="fuse"><value>127.0.0.1</value></prop>
<prop oor:name="ooInetHTTPSProxyPort" oor:op="fuse"><value>9</value></prop>
</item>
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>1</value></prop>
</item>
</oor:items>
"""
"""Macros off, links to the net led to a port where nobody listens, values shown as they were written."""


def find_soffice() -> str | None:
    """The LibreOffice program, or None."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or (_MAC if sys.platform == "darwin" and Path(_MAC).is_file() else None)


def to_pdf(
    paths: Sequence[Path],
    out: Path,
    *,
    program: str,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[list[Path], list[tuple[Path, str]]]:
    """Print each file (all with different stems) into the folder ``out``.

    Returns (the PDFs made, the files of which none came with the reason). Nothing is raised for a file that
    LibreOffice cannot open, for a LibreOffice without Writer, or one that does not end.
    """
    made: list[Path] = []
    failed: list[tuple[Path, str]] = []
    with tempfile.TemporaryDirectory(prefix="kaohe-soffice-", ignore_cleanup_errors=True) as scratch:
        profile = Path(scratch)
        (profile / "user").mkdir()
        (profile / "user" / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
        for start in range(0, len(paths), BATCH):
            progress(start, len(paths))
            batch = paths[start : start + BATCH]
            told = _convert(program, profile, batch, out)
            for path in batch:
                target = out / f"{path.stem}.pdf"
                if target.is_file():
                    made.append(target)
                else:
                    failed.append((path, told))
    progress(len(paths), len(paths))
    return made, failed


def _convert(program: str, profile: Path, batch: Sequence[Path], out: Path) -> str:
    """One call; why files may be missing after it."""
    command = [
        program,
        f"-env:UserInstallation={profile.resolve().as_uri()}",
        "--headless",
        "--norestore",
        "--nolockcheck",
        "--nodefault",
        "--convert-to",
        "pdf",
        "--outdir",
        str(out),
        *map(str, batch),
    ]
    limit = SECONDS_TO_START + SECONDS_PER_FILE * len(batch)
    quiet = {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")}
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=limit, env=quiet, check=False
        )
    except subprocess.TimeoutExpired:
        return f"LibreOffice 在 {limit} 秒内没有转完"
    except OSError as error:
        return f"LibreOffice 启动不了:{error.strerror}"
    if "could not be loaded" in done.stderr:
        return "LibreOffice 打不开这种文件(可能没有安装 Writer 或 Calc 组件)"
    return f"LibreOffice 没有写出(退出码 {done.returncode})"
