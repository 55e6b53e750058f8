"""Runs scenes in processes of their own, quickly: everything is imported once, each run is a fork of that.

    python -m tests.faults.server

One JSON request a line: ``{"run": SCENE, "folder": …, "result": …, "wait": true}`` starts a run and answers
with its process number; with ``wait`` the run begins when it gets SIGUSR1, so that it can be traced first.
``{"warm": SCENE, "folder": …}`` runs one in the server itself: what it imports then, no run imports again.
``{"reap": NUMBER}`` waits for its end and answers with its status. The run leaves what the command line
showed and its exit code in the file ``result``.
"""

from __future__ import annotations

import contextlib
import ctypes
import io
import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kaohe.faces import cli
from kaohe.faces.cli_common import DONE
from kaohe.workbooks.package import save
from tests.faults import scenes

_MAY_BE_TRACED_BY_ALL = 0x59616D61, ctypes.c_ulong(-1)


def main() -> None:
    """Answer requests until there are no more."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
    for line in sys.stdin:
        request = json.loads(line)
        if "warm" in request:
            answer = _warmed(scenes.BY_KEY[request["warm"]], Path(request["folder"]))
        elif "reap" in request:
            _, status = os.waitpid(request["reap"], 0)
            answer = status
        else:
            answer = os.fork()
            if answer == 0:
                _child(request)
        print(answer, flush=True)


def _warmed(scene: scenes.Scene, folder: Path) -> int:
    """The exit code of the scene and of the run after it, run here."""
    return int(as_typed(lambda: scene.run(folder) + scene.after(folder))["code"] or 0)


def _child(request: dict[str, Any]) -> None:
    """Run the scene and leave; never returns."""
    try:
        if request.get("wait"):
            ctypes.CDLL(None).prctl(*_MAY_BE_TRACED_BY_ALL)
            signal.sigwait({signal.SIGUSR1})
        save._REPLACED.clear()
        _limit(request)
        _patch(request)
        folder, scene = Path(request["folder"]), scenes.BY_KEY[request["run"]]
        job = scene.after if request.get("after") else scene.run
        told = as_typed(lambda: job(folder))
    except BaseException as error:  # noqa: BLE001  (a fork must not go on as a second server)
        told = {"code": -1, "err": repr(error), "left": ""}
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    Path(request["result"]).write_text(json.dumps(told), encoding="utf-8")
    os._exit(0)


def _limit(request: dict[str, Any]) -> None:
    """The largest file in bytes this run may write, and as whom it runs."""
    if "largest" in request:
        hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        resource.setrlimit(resource.RLIMIT_FSIZE, (request["largest"], hard))
    if "user" in request:
        os.setuid(request["user"])


def _patch(request: dict[str, Any]) -> None:
    """Let one call into the file module fail as Windows fails when another program has the file."""
    if "sharing" not in request:
        return
    from kaohe.workbooks.package import fs

    name, at = request["sharing"]
    setattr(fs, name, _sharing(getattr(fs, name), at))


def _sharing(real: Callable[..., Any], at: int) -> Callable[..., Any]:
    made = 0

    def call(*given: Any) -> Any:
        nonlocal made
        made += 1
        if made == at:
            error = PermissionError(13, "The process cannot access the file", str(given[0]))
            error.winerror = 32  # type: ignore[attr-defined,unused-ignore]
            raise error
        return real(*given)

    return call


def as_typed(job: Callable[[], str]) -> dict[str, Any]:
    """The job as the command line runs it: exit code, what it says, what the job itself left undone."""
    left = ""

    def command(**_: Any) -> int:
        nonlocal left
        left = job()
        return DONE

    cli.app = command  # type: ignore[assignment]
    said = io.StringIO()
    code: Any = 0
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
        try:
            cli.main([])
        except SystemExit as done:
            code = done.code
    return {"code": code, "err": said.getvalue(), "left": left}


if __name__ == "__main__":
    main()
