"""Help and usage errors of the command line in Chinese; the library writes them in English."""

from __future__ import annotations

import re
from typing import Any

from typer.core import TyperCommand, TyperGroup

_HELP = (
    (re.compile(r"^Usage:", re.MULTILINE), "用法:"),
    (re.compile(r"^Options:", re.MULTILINE), "选项:"),
    (re.compile(r"^Commands:", re.MULTILINE), "命令:"),
    (re.compile(r"^Arguments:", re.MULTILINE), "参数:"),
    (re.compile(r"Show this message and exit\."), "显示本说明"),
    (re.compile(r"\[required\]"), "[必填]"),
    (re.compile(r"\[default: ([^\]]*)\]"), r"[默认 \1]"),
    (re.compile(r"\[OPTIONS\]"), "[选项]"),
    (re.compile(r"COMMAND \[ARGS\]\.\.\."), "命令 …"),
)
_ERRORS = (
    (re.compile(r"Missing argument '?([^'.]*(?:\.xlsx)?[^'.]*)'?\."), r"缺少“\1”。"),
    (re.compile(r"Missing option '([^']*)'.*"), r"缺少选项 \1。"),
    (re.compile(r"Missing parameter: (.*)"), r"缺少参数 \1。"),
    (re.compile(r"No such option: (\S+?)\.?(?: Did you mean (.*?)\??)?$"), r"没有选项 \1。"),
    (re.compile(r"No such option '([^']*)'.*"), r"没有选项 \1。"),
    (re.compile(r"No such command '([^']*)'.*"), r"没有命令“\1”。"),
    (re.compile(r"Got unexpected extra argument\S* \((.*)\)"), r"多出了参数:\1。"),
    (re.compile(r"Option '([^']*)' requires an argument\."), r"选项 \1 后面要有内容。"),
    (re.compile(r"Invalid value for (.*?): .*"), r"\1 的内容不对。"),
)


def translated(text: str) -> str:
    """A help page with its fixed words in Chinese."""
    for pattern, chinese in _HELP:
        text = pattern.sub(chinese, text)
    return text


def explained(error: Exception) -> str | None:
    """A usage error of the command line as a Chinese sentence; None for any other exception."""
    if getattr(error, "exit_code", None) != 2 or not hasattr(error, "format_message"):
        return None
    message = str(error.format_message()).strip()
    if message.startswith("用法:"):
        return message
    for pattern, chinese in _ERRORS:
        if pattern.match(message):
            message = pattern.sub(chinese, message)
            break
    command = getattr(getattr(error, "ctx", None), "command_path", "kaohe")
    return f"{message}用法见 {command} --help。"


class Group(TyperGroup):
    """The group of commands, its help in Chinese."""

    def get_help(self, ctx: Any) -> str:
        """The help page."""
        return translated(super().get_help(ctx))


class Command(TyperCommand):
    """One command, its help in Chinese."""

    def get_help(self, ctx: Any) -> str:
        """The help page."""
        return translated(super().get_help(ctx))
