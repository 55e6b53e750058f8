"""LibreOffice without a window as a calculator: every formula of a workbook computed anew, where it is there.

It works on copies, in a profile of its own that is thrown away: macros off, links to other files and to the
net never followed, formulas always computed (OOXMLRecalcMode 0). A control workbook whose kept value is
wrong goes along each time; where it comes back wrong, LibreOffice has trusted what it should have checked,
and its opinion is not taken.
"""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from kaohe.workbooks.pdf import find_soffice as find_soffice
from kaohe.workbooks.read import read_book

RECALCULATED = "xlsx:Calc MS Excel 2007 XML"
SECONDS = 300
"""For one workbook; LibreOffice needs about a second for ten thousand formulas."""
_CONTROL, _RIGHT, _POISONED = "control", 3, 987.65
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop>
</item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update">
<prop oor:name="Link" oor:op="fuse"><value>2</value></prop>
</item>
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
</oor:items>
"""


class LibreOfficeError(RuntimeError):
    """No opinion of LibreOffice could be had; the text is a Chinese reason."""


def recalculate(data: bytes, folder: Path, *, program: str, seconds: float = SECONDS) -> bytes:
    """The workbook with every formula computed anew by LibreOffice, as it saves it (an .xlsx).

    ``folder``: an empty folder to work in. Raises LibreOfficeError when LibreOffice does not start, does not
    end in time, writes nothing, or has not recalculated (control test).
    """
    given, made, profile = (folder / name for name in ("in", "out", "profile"))
    for place in (given, made, profile / "user"):
        place.mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
    paths = [given / "master.xlsx", given / f"{_CONTROL}.xlsx"]
    paths[0].write_bytes(data)
    paths[1].write_bytes(_control())
    convert(paths, made, RECALCULATED, profile=profile, program=program, seconds=seconds)
    missing = [path.name for path in paths if not (made / path.name).is_file()]
    if missing:
        raise LibreOfficeError("LibreOffice 没有写出重新计算的工作簿(可能没有安装 Calc 组件)")
    _expect_recalculated((made / paths[1].name).read_bytes())
    return (made / paths[0].name).read_bytes()


def convert(
    paths: Sequence[Path], out: Path, kind: str, *, profile: Path, program: str, seconds: float
) -> None:
    """One call of soffice; ``kind`` is what ``--convert-to`` takes. Raises LibreOfficeError."""
    command = [
        program,
        f"-env:UserInstallation={profile.resolve().as_uri()}",
        "--headless",
        "--norestore",
        "--nolockcheck",
        "--nodefault",
        "--convert-to",
        kind,
        "--outdir",
        str(out),
        *map(str, paths),
    ]
    quiet = {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")}
    try:
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=quiet, start_new_session=True
        )
    except OSError as error:
        raise LibreOfficeError(f"LibreOffice 启动不了({error.strerror})") from None
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        raise LibreOfficeError(f"LibreOffice 在 {seconds:g} 秒内没有算完") from None
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End it with all it started: soffice is a script that starts the program proper."""
    if process.poll() is not None:
        return
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


def _control() -> bytes:
    """A workbook in which the value kept for 1+2 is wrong."""
    import xlsxwriter

    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet(_CONTROL)
        sheet.write_row("A1", (1, 2))
        sheet.write_formula("C1", "=A1+B1", value=_POISONED)
    return target.getvalue()


def _expect_recalculated(data: bytes) -> None:
    book = read_book(data, f"{_CONTROL}.xlsx")
    grid = book.sheets.get(_CONTROL)
    if grid is None or grid.at(1, 3) != _RIGHT:
        raise LibreOfficeError("LibreOffice 没有重新计算(对照试验:写错的缓存值原样回来了)")
