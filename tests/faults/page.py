"""docs/故障.md: the faults that are injected, how many, and what comes of them.

python -m tests.faults.page        # injects them all and writes the table between the marks of the page
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tests.conftest import ROOT
from tests.faults import campaign
from tests.faults.inject import ERRORS, KILL, Outcome, running, staged
from tests.faults.scenes import SCENES, Scene

PAGE = ROOT / "docs" / "故障.md"
BEGIN, END = "<!-- 结果:开始 -->", "<!-- 结果:结束 -->"
FAULTS = {
    KILL: "进程被强行结束(断电)",
    "EIO": "读写出错 EIO",
    "ENOSPC": "磁盘满 ENOSPC",
    "EACCES": "没有权限 EACCES",
    "EINTR": "调用被打断 EINTR",
    "EROFS": "只读磁盘 EROFS",
    "EDQUOT": "配额用完 EDQUOT",
    campaign.FULL_DISK: campaign.FULL_DISK,
    campaign.SHARING: campaign.SHARING,
    campaign.READ_ONLY: campaign.READ_ONLY,
}
OLD, NEW, EITHER = "旧总表", "新总表", "旧总表或新总表"


def of_scene(scene: Scene, outcomes: Sequence[Outcome]) -> list[str]:
    """The rows of one scene: by fault how many, how many left the old master, what else is told."""
    rows = []
    for fault, words in FAULTS.items():
        found = [outcome for outcome in outcomes if outcome.fault == fault]
        if found:
            new = sum(outcome.new for outcome in found)
            rows.append(
                f"| {scene.command} | {words} | {len(found)} | {len(found) - new} | {new} | {_told(found)} |"
            )
    return rows


def _told(found: Sequence[Outcome]) -> str:
    """How the runs that were not killed ended."""
    if all(outcome.killed for outcome in found):
        return "—"
    failed = [outcome for outcome in found if outcome.said]
    if not failed:
        return "照常完成"
    kinds = ["说明没有写成"] if failed else []
    if len(failed) < len([outcome for outcome in found if not outcome.killed]):
        kinds.append("照常完成")
    return "或".join(kinds)


def table(rows: Sequence[str], count: int) -> str:
    """The rows under their headings."""
    return "\n".join(
        [
            f"共 {count} 次。",
            "",
            "| 命令 | 故障 | 次数 | 其后是旧总表 | 其后是新总表 | 屏幕上 |",
            "| --- | --- | --- | --- | --- | --- |",
            *rows,
        ]
    )


def scenes_of(text: str) -> list[str]:
    """The commands in the table of the page, in order."""
    found = re.findall(r"^\| ([^|]+) \| [^|]+ \| \d+ \|", text, re.MULTILINE)
    return list(dict.fromkeys(found))


def differing(scene: Scene, outcomes: Sequence[Outcome]) -> list[str]:
    """Kinds of fault the page does not name with this scene, or names though they are not injected."""
    text = PAGE.read_text(encoding="utf-8")
    named = set(re.findall(rf"^\| {re.escape(scene.command)} \| ([^|]+) \| \d+ \|", text, re.MULTILINE))
    there = {FAULTS[outcome.fault] for outcome in outcomes}
    return sorted(named ^ there)


def made(text: str, content: str) -> str:
    """The page with the table as it should be."""
    before, _, rest = text.partition(BEGIN)
    return f"{before}{BEGIN}\n\n{content}\n\n{END}{rest.partition(END)[2]}"


def main() -> None:
    """Inject everything and write the table into the page."""
    rows: list[str] = []
    count = 0
    for scene in SCENES:
        with running() as runner:
            stage = staged(runner, scene)
            outcomes = campaign.injected(runner, stage, campaign.whole(stage))
            if scene.key != "publish":
                outcomes += campaign.full_disk(runner, stage) + campaign.sharing(runner, stage)
                outcomes += campaign.read_only(runner, stage)
        wrong = [outcome for outcome in outcomes if outcome.wrong]
        print(scene.key, len(outcomes), *wrong, sep="\n", flush=True)
        rows += of_scene(scene, outcomes)
        count += len(outcomes)
        PAGE.write_text(made(PAGE.read_text(encoding="utf-8"), table(rows, count)), encoding="utf-8")


assert set(FAULTS) >= {KILL, *ERRORS}

if __name__ == "__main__":
    main()
