"""Usage errors in Chinese: what is wrong, what was perhaps meant, where help is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support import example
from tests.support.command import kaohe
from tests.support.example import MASTER

RANGE = "--jobs 的内容不对。应为 1–64 的整数。"
CASES = [
    (["consolidate", "x", "--jsn", "y"], "没有选项 --jsn。是不是 --json?用法见 kaohe consolidate --help。"),
    (["issue", "x", "--uni", "y"], "没有选项 --uni。是不是 --unit?用法见 kaohe issue --help。"),
    (["issue", "x", "-q"], "没有选项 -q。用法见 kaohe issue --help。"),
    (["consolidat", "x"], "没有命令“consolidat”。是不是 consolidate?用法见 kaohe --help。"),
    (["没有"], "没有命令“没有”。用法见 kaohe --help。"),
    (["consolidate", "x", "--jobs", "0"], RANGE + "用法见 kaohe consolidate --help。"),
    (["check", "x", "-j", "65"], RANGE + "用法见 kaohe check --help。"),
    (["check", "x", "-j", "两个"], RANGE + "用法见 kaohe check --help。"),
    (["consolidate", "x", "--dry-run=3"], "选项 --dry-run 后面不要写内容。用法见 kaohe --help。"),
    (["issue", "x", "-p"], "选项 -p 后面要有内容。用法见 kaohe --help。"),
    (["issue", "x"], "缺少选项 --period。用法见 kaohe issue --help。"),
    (["consolidate"], "缺少“总表.xlsx”。用法见 kaohe consolidate --help。"),
    (["schemes", "a", "b"], "多出了参数:a b。用法见 kaohe schemes --help。"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "says"), CASES, ids=[" ".join(words) for words, _ in CASES])
def test_what_is_said(arguments: list[str], says: str) -> None:
    done = kaohe(*arguments)
    assert (done.code, done.err.strip()) == (2, says)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("滨湖", "《单位》中没有“滨湖”。是不是滨湖区?"),
        ("宾湖区", "是不是滨湖区?"),
        ("火星", "请用单位代码或名称,如 U01。"),
    ],
)
def test_the_nearest_unit(typed: str, says: str, tmp_path: Path) -> None:
    master = example.copy(tmp_path) / MASTER
    done = kaohe("issue", master, "-p", "2007-07", "-o", tmp_path / "七月", "-u", typed)
    assert done.code == 2
    assert says in done.err
    assert not re.search(r"[A-Za-z]{6,}", done.err)
