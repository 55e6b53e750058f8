"""Commands that the documents name exist, with these options, and can be given just so."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer.main

from kaohe.faces.cli import app
from kaohe.jobs.demo import demo
from kaohe.jobs.explain import explain
from kaohe.sheets.explain_sheet import sections
from tests.house.checkout import ROOT, tracked

DOCUMENTS = tuple(path for path in tracked() if path.suffix == ".md")
FENCE = re.compile(r"^( *)(?:```|~~~)[^\n]*\n(.*?)^\1(?:```|~~~)", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
CALL = re.compile(r"(?:^|[\s/\\])kaohe(?:\.exe)?(?:\s+([^\n>]*))?(?:>>.*)?$")
GROUP: Any = typer.main.get_command(app)


def called(text: str) -> list[str]:
    """Every way of calling kaohe that a document shows: in code spans and in fenced lines."""
    lines = [line.strip() for _, block in FENCE.findall(text) for line in block.splitlines()]
    spans = SPAN.findall(FENCE.sub("", text))
    # A system's own commands about a user, a group or a folder named kaohe are none of ours.
    ours = (line for line in lines if not line.startswith("sudo "))
    found = (CALL.search(code.partition("  #")[0].rstrip()) for code in (*ours, *spans))
    return [match[1].strip() for match in found if match and match[1] and "…" not in match[1]]


def fault(arguments: str) -> str:
    """What is wrong with a call; '' when the command line would take it."""
    words = shlex.split(arguments)
    if words[0] in GROUP.commands:
        return _fault_of(GROUP.commands[words[0]], words)
    known = {option for parameter in GROUP.params for option in parameter.opts} | {"--help", "-h"}
    return "" if words[0] in known else f"no command {words[0]}"


def _fault_of(command: Any, words: list[str]) -> str:
    """A command named alone is only a name; with arguments it must be complete."""
    if len(words) == 1 or words[1:] == ["--help"]:
        return ""
    try:
        command.make_context(words[0], list(words[1:]))
    except Exception as error:  # noqa: BLE001  (whatever the parser says against it is the fault)
        return f"{type(error).__name__}: {error}"
    return ""


@pytest.mark.parametrize(
    ("arguments", "right"),
    [
        ("issue 总表.xlsx --period 2007-H1 --out 下发", True),
        ("issue", True),
        ("--version", True),
        ("issue 总表.xlsx", False),
        ("issue 总表.xlsx --perod 2007-H1", False),
        ("pubilsh 总表.xlsx", False),
    ],
)
def test_the_eye_sees(arguments: str, right: bool) -> None:
    assert (fault(arguments) == "") is right


def test_calls_are_found() -> None:
    fenced = "```\nkaohe demo\n/x/bin/kaohe check 回收 >> log 2>&1\n```\n"
    text = f"`kaohe new` 和 `kaohe …`\n{fenced} 包 `kaohe.addin`"
    assert called(text) == ["demo", "check 回收", "new"]


def test_enough_is_looked_at() -> None:
    manual = called((ROOT / "docs" / "操作手册.md").read_text(encoding="utf-8"))
    assert {call.split()[0] for call in manual} >= set(GROUP.commands)


@pytest.mark.parametrize("path", DOCUMENTS, ids=str)
def test_commands_exist(path: Path) -> None:
    calls = called((ROOT / path).read_text(encoding="utf-8"))
    assert {call: said for call in calls if (said := fault(call))} == {}


USER_DOCUMENTS = ("README.md", "CHANGELOG.md", "docs/操作手册.md", "docs/findings.md")
OPTION = re.compile(r"`(--[a-z][a-z-]*)(?:[ =][^`]*)?`")


@pytest.mark.parametrize("name", USER_DOCUMENTS)
def test_options_exist(name: str) -> None:
    known = {option for command in GROUP.commands.values() for p in command.params for option in p.opts}
    named = set(OPTION.findall((ROOT / name).read_text(encoding="utf-8")))
    assert named - known - {"--help"} == set()


EXPLAINED = re.compile(r"^kaohe explain \S+ (\S+) (\S+)\n```\n\n```text\n(.*?)^```", re.MULTILINE | re.DOTALL)


def test_the_explanation_in_the_readme_is_a_real_one(tmp_path: Path) -> None:
    """The lines the program writes, without the places beside them."""
    found = EXPLAINED.search((ROOT / "README.md").read_text(encoding="utf-8"))
    assert found is not None
    unit, indicator, text = found.groups()
    explained = explain(demo("WX-J", tmp_path / "演示").folder / "总表.xlsx", unit, indicator)
    (section,) = sections(explained.period, explained.total, explained.indicators)
    told = [section.headline, *(f"{step.label} {step.text}" for step in section.steps)]
    assert [" ".join(line.split()) for line in text.splitlines()] == [" ".join(line.split()) for line in told]
