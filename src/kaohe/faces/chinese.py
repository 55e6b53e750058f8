"""Help and usage errors of the command line in Chinese; the library writes them in English."""

from __future__ import annotations

import difflib
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
    (re.compile(r"Missing argument '?([^'.]*(?:\.xlsx)?[^'.]*)'?\..*"), r"缺少“\1”。"),
    (re.compile(r"Missing option '([^']*)'.*"), r"缺少选项 \1。"),
    (re.compile(r"Missing parameter: (.*)"), r"缺少参数 \1。"),
    (re.compile(r"No such option:? '?([^\s'.]+)'?.*"), r"没有选项 \1。"),
    (re.compile(r"No such command '([^']*)'.*"), r"没有命令“\1”。"),
    (re.compile(r"Got unexpected extra argument\S* \((.*)\)"), r"多出了参数:\1。"),
    (re.compile(r"Option '([^']*)' requires an argument\."), r"选项 \1 后面要有内容。"),
    (re.compile(r"Option '([^']*)' does not take a value\."), r"选项 \1 后面不要写内容。"),
    (re.compile(r"Invalid value for '([^']*)'.*?: .*"), r"\1 的内容不对。"),
)
_NEAR = re.compile(r"(?:Possible options: |Did you mean (?:one of: )?)([^?)]*)")
_BOUNDS = re.compile(r"\d+–\d+")


def translated(text: str) -> str:
    """A help page with its fixed words in Chinese."""
    for pattern, chinese in _HELP:
        text = pattern.sub(chinese, text)
    return text


def explained(error: Exception) -> str | None:
    """A usage error of the command line as a Chinese sentence; None for any other exception."""
    if getattr(error, "exit_code", None) != 2 or not hasattr(error, "format_message"):
        return None
    message = " ".join(str(error.format_message()).split())
    if message.startswith("用法:"):
        return str(error.format_message()).strip()
    command = getattr(getattr(error, "ctx", None), "command_path", "kaohe")
    return f"{_sentence(message)}{_nearest(error, message)}{_range(error)}用法见 {command} --help。"


def _sentence(message: str) -> str:
    for pattern, chinese in _ERRORS:
        if pattern.fullmatch(message):
            return pattern.sub(chinese, message)
    return f"命令写得不对({message.rstrip('.')})。"


def _nearest(error: Exception, message: str) -> str:
    """是不是 --json? The name most like the one that was typed, of those the library proposes."""
    named = _NEAR.search(message)
    known = re.findall(r"[^\s',]+", named[1]) if named else []
    typed = str(getattr(error, "option_name", ""))
    near = difflib.get_close_matches(typed, known, n=1, cutoff=0.0) if typed else known[:1]
    return f"是不是 {near[0]}?" if near else ""


def _range(error: Exception) -> str:
    """应为 1–64 的整数。 For an option whose metavar is its range."""
    metavar = str(getattr(getattr(error, "param", None), "metavar", ""))
    return f"应为 {metavar} 的整数。" if _BOUNDS.fullmatch(metavar) else ""


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
