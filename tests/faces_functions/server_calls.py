"""Calls of worksheet functions through xlwings' server side, as Office.js sends them: JSON in, JSON out.

Run as a program: ``calls`` on standard input as [[function, [argument, …]], …], the results on standard
output. The process is told to be a server before xlwings is imported.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ENVIRONMENT = {
    "XLWINGS_LICENSE_KEY": "noncommercial",
    "XLWINGS_ON_SERVER": "true",
    "PYTHONIOENCODING": "utf-8",
}


def called_on_server(calls: list[tuple[str, list[object]]]) -> list[Any]:
    """The results of all calls, made in one process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.faces_functions.server_calls"],
        input=json.dumps(calls),
        env=os.environ | ENVIRONMENT,
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    results: list[Any] = json.loads(done.stdout)
    return results


async def _answer(calls: list[Any]) -> list[Any]:
    import xlwings
    from xlwings.server import custom_functions_call

    from kaohe.faces import functions

    data = {
        "client": "Office.js",
        "version": xlwings.__version__,
        "runtime": "1.4",
        "date_format": "yyyy/m/d",
        "culture_info_name": "zh-CN",
        "caller_address": "Sheet1!A1",
    }
    return [
        await custom_functions_call({**data, "func_name": name, "args": arguments}, functions)
        for name, arguments in calls
    ]


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_answer(json.load(sys.stdin)))))
