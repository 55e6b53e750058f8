"""A watch on a drawn scheme's desk, with a clock that the test moves."""

from __future__ import annotations

from dataclasses import dataclass, field

from kaohe.jobs.watch import Options, Watch
from tests.support.line import Desk

FULL = "指标|完成值\nX1|100\nX2|95"
OTHER = "指标|完成值\nX1|90\nX2|92"


@dataclass
class Guard:
    """``look(seconds)``: time passes and the watch looks; ``said``: (level, text) since the last call."""

    desk: Desk
    watch: Watch = field(init=False)
    heard: list[tuple[int, str]] = field(default_factory=list)
    now: float = 1000.0

    def __post_init__(self) -> None:
        self.begin()

    def begin(self, period: str | None = None) -> None:
        """A new process: nothing is remembered."""
        options = Options(self.desk.inbox, self.desk.master, period)
        self.watch = Watch(
            options, lambda level, text: self.heard.append((level, text)), clock=self.desk.clock
        )

    def look(self, seconds: float = 10.0, times: int = 1) -> list[str]:
        """What is said while time passes in steps."""
        del self.heard[:]
        for _ in range(times):
            self.now += seconds
            self.watch.step(self.now)
        return [text for _, text in self.heard]

    def units(self) -> set[object]:
        """Units with rows in 填报数据 that count."""
        return {row["单位代码"] for row in self.desk.rows("填报数据") if not row.get("被替代")}

    def runs(self) -> int:
        """How often was consolidated, as 运行记录 has it."""
        return sum(row["操作"] == "汇总" for row in self.desk.rows("运行记录"))
