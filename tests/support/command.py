"""The command line run in this process: arguments in, exit code and texts out."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from unittest import mock

from kaohe.faces import cli


@dataclass(frozen=True)
class Done:
    """What a command came to: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def text(self) -> str:
        """Both outputs."""
        return self.out + self.err


def kaohe(*arguments: object) -> Done:
    """``kaohe`` with these arguments, as a pipe would see it."""
    out, err = _stream(), _stream()
    with mock.patch("sys.stdout", out), mock.patch("sys.stderr", err):
        code = _code(str(argument) for argument in arguments)
    return Done(code, _text(out), _text(err))


def _code(arguments: Iterable[str]) -> int:
    try:
        cli.main(list(arguments))
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else 0 if done.code is None else 1
    return 0


def _stream() -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)


def _text(stream: io.TextIOWrapper) -> str:
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode("utf-8")
