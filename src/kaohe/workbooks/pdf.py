"""Documents as PDF through LibreOffice, where it is there: a profile of its own, a time limit, no network."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
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
_FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include>
<match target="pattern"><edit name="lang" mode="assign" binding="strong"><string>zh-cn</string></edit></match>
{aliases}
</fontconfig>
"""
_ALIAS = '<alias binding="same"><family>{font}</family><accept><family>{other}</family></accept></alias>'
_SERIF, _SANS = "Noto Serif CJK SC", "Noto Sans CJK SC"
STAND_INS = {
    "方正小标宋简体": _SERIF,
    "仿宋_GB2312": _SERIF,
    "楷体_GB2312": _SERIF,
    "宋体": _SERIF,
    "黑体": _SANS,
}
"""Where fontconfig chooses (Linux): Chinese shapes, not Japanese ones, for fonts the machine lacks."""


def find_soffice() -> str | None:
    """The LibreOffice program: on PATH, else where its installer puts it; None without it."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    usual = [Path(_MAC)] if sys.platform == "darwin" else []
    if os.name == "nt":
        # soffice.com waits for the end, soffice.exe does not.
        roots = (os.environ.get(name) for name in ("ProgramFiles", "ProgramFiles(x86)"))
        usual = [Path(root, "LibreOffice", "program", "soffice.com") for root in roots if root]
    return found or next((str(path) for path in usual if path.is_file()), None)


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
        (profile / "fonts.conf").write_text(_fonts(), encoding="utf-8")
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


def _fonts() -> str:
    aliases = (_ALIAS.format(font=font, other=other) for font, other in STAND_INS.items())
    return _FONTS.replace("{aliases}", "\n".join(aliases))


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
    if sys.platform.startswith("linux"):
        quiet["FONTCONFIG_FILE"] = str(profile / "fonts.conf")
    try:
        done, told = _run(command, limit, quiet)
    except subprocess.TimeoutExpired:
        return f"LibreOffice 在 {limit} 秒内没有转完"
    except OSError as error:
        return f"LibreOffice 启动不了:{error.strerror}"
    if "could not be loaded" in told:
        return "LibreOffice 打不开这种文件(可能没有安装 Writer 或 Calc 组件)"
    return f"LibreOffice 没有写出(退出码 {done})"


def _run(command: Sequence[str], limit: float, variables: dict[str, str]) -> tuple[int, str]:
    """(exit code, what it said); one that does not end is ended with the programs it started."""
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env=variables,
        start_new_session=os.name == "posix",
    ) as running:
        try:
            told, _ = running.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            _end(running)
            raise
        return running.returncode, told


def _end(running: subprocess.Popen[str]) -> None:
    """End the launcher and (where a session of its own holds them) everything it started."""
    if os.name == "posix":
        with contextlib.suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
    running.kill()
