"""A vbaProject.bin that holds source only, from modules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from kaohe.vba.compound import Storage, Stream, compound_file
from kaohe.vba.compression import compress
from kaohe.vba.directory import dir_stream
from kaohe.vba.errors import VbaError
from kaohe.vba.project_text import names_stream, project_stream
from kaohe.vba.source import Module

SOURCE_ONLY = bytes.fromhex("CC61FFFF000100")
"""The _VBA_PROJECT stream: a version no program has, so that everyone compiles the source."""


def vba_project(name: str, modules: Sequence[Module]) -> bytes:
    """The file's bytes, the same for the same modules in the same order.

    Raises VbaError when two modules have the same name (case does not count), or one has the project's.
    """
    _check_names(name, modules)
    streams = (Stream(module.name, compress(module.text.encode("ascii"))) for module in modules)
    vba = Storage(
        "VBA",
        (
            Stream("_VBA_PROJECT", SOURCE_ONLY),
            Stream("dir", compress(dir_stream(name, modules))),
            *streams,
        ),
    )
    project = Stream("PROJECT", project_stream(name, modules))
    return compound_file((vba, project, Stream("PROJECTwm", names_stream(modules))))


def _check_names(name: str, modules: Sequence[Module]) -> None:
    counted = Counter(module.name.lower() for module in modules) + Counter([name.lower()])
    twice = sorted(found for found, count in counted.items() if count > 1)
    if twice:
        raise VbaError(f"VBA 项目中名称重复(不分大小写):{'、'.join(twice)}。")
