"""What every job shares: errors a person can act on, progress, the clock, safe file names."""

from __future__ import annotations

import datetime as dt
import gc
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

Progress = Callable[[str, int, int], None]
"""Called with (what is being done, done so far, of how many)."""
Clock = Callable[[], dt.datetime]


class JobError(Exception):
    """Wrong use, or something no cell can mend: the message says what and how to go on (exit code 2)."""


def silent(stage: str, done: int, total: int) -> None:
    """Progress for those who do not look."""


def now() -> dt.datetime:
    """The wall clock, to the second."""
    return dt.datetime.now().replace(microsecond=0)


def stamp(moment: dt.datetime) -> str:
    """A time as it stands in registers."""
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def read_bytes(path: Path, what: str) -> bytes:
    """The file's bytes, or a JobError that says why not."""
    try:
        if path.is_dir():
            raise JobError(f"“{path}”是文件夹,这里需要{what}的文件名。")
        return path.read_bytes()
    except FileNotFoundError:
        raise JobError(f"找不到{what}“{path}”。请核对文件名和所在文件夹。") from None
    except PermissionError:
        raise JobError(
            f"没有权限读取{what}“{path}”,或它正被其他程序独占。请关闭后重试,或检查权限。"
        ) from None
    except OSError as error:
        raise JobError(f"读取{what}“{path}”时出错:{error.strerror}。") from None


@contextmanager
def without_collector() -> Iterator[None]:
    """Without Python's search for cycles while a job runs; also a decorator.

    A job on thousands of forms keeps millions of tuples, none of them in a cycle, and the collector would
    walk over all of them again and again. Memory is freed as always.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def make_folder(path: Path) -> None:
    """Make a folder to write into; JobError when that cannot be."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise JobError(f"“{path}”是一个文件,不是文件夹。请换一个名称,或先移走该文件。") from None
    except OSError as error:
        raise JobError(f"不能建立文件夹“{path}”:{error.strerror}。请检查路径和权限。") from None


def safe_name(text: str) -> str:
    """A name that Windows, Linux and e-mail all take: no \\ / : * ? " < > |, no leading or trailing dots."""
    name = re.sub(r'[\\/:*?"<>|\x00-\x1f]', "_", text).strip(" .")
    return name or "_"
