"""`kaohe watch`: an inbox is looked at again and again, and what came in is consolidated.

    watch = Watch(Options(inbox, master), say=print)
    while not stopped:
        watch.step(time.monotonic())
        time.sleep(watch.pause)

What was done already stands in the master: 填报数据 and 收件登记 name every file by its SHA-256. So a watch
that is started again does nothing twice and needs no file of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kaohe.jobs.common import Clock, JobError, now, silent
from kaohe.jobs.consolidate import Consolidation, consolidate
from kaohe.jobs.inbox import shown_name
from kaohe.jobs.refused_beside import is_beside
from kaohe.jobs.watch_files import Listing, Stamp, Tracker, list_files
from kaohe.jobs.watch_look import Look, digest_of, look_at
from kaohe.jobs.watch_master import Held
from kaohe.jobs.watch_words import done_words, error_words, kept_words, refused_words
from kaohe.workbooks.package import KeptBeside, NothingWritten, OpenElsewhere
from kaohe.workbooks.package.openelsewhere import refuse_if_open
from kaohe.workbooks.package.pending import is_kept
from kaohe.workbooks.read_file import FileTrouble

ERROR, WARNING, NOTICE, INFO = 3, 4, 5, 6
"""How urgent an event is, by the numbers of syslog."""
Say = Callable[[int, str], None]
LONGEST_PAUSE = 600.0
"""Seconds between tries of what failed, at the most."""
_SOON = 2.0
"""Seconds between looks while something is being copied."""
LONGEST_BATCH = 60.0
"""Seconds that files which are there wait for others that are still being copied."""
_ATTEMPTS = 3
"""A file that a run could not see (moved, a drive gone) is waited for so often."""


_BESIDE = "!beside"
"""What is told again after the next success begins with !."""


class Stopped(Exception):  # noqa: N818 (nothing went wrong)
    """A run was given up because the watch is to end; nothing was written."""


@dataclass(frozen=True, slots=True)
class Options:
    """What to watch. ``every``: seconds between looks; ``period``: None takes each form's own.

    ``once``: what cannot be done now is not tried again.
    """

    inbox: Path
    master: Path
    period: str | None = None
    every: float = 30.0
    jobs: int = 1
    once: bool = False


@dataclass
class _Trouble:
    """Something that keeps from writing, and when to try again."""

    pause: float = 0.0
    until: float = 0.0

    def put_off(self, now: float, first: float) -> None:
        self.pause = min(LONGEST_PAUSE, self.pause * 2 if self.pause else first)
        self.until = now + self.pause

    def over(self) -> None:
        self.pause = self.until = 0.0


@dataclass
class Watch:
    """What is remembered between looks; nothing of it needs to outlive the process.

    ``say`` is told every event once. ``stopping`` is asked while a run reads; once it is true the run is
    given up, unless it is writing. After a step, ``idle``: nothing is left to be done; ``failed``: the inbox
    or the master could not be read, or the master not be written; ``code``: the exit code of what it came to;
    ``ran``: there was a run; ``pause``: seconds until the next step.
    """

    options: Options
    say: Say
    stopping: Callable[[], bool] = lambda: False
    clock: Clock = now
    idle: bool = False
    code: int = 0
    pause: float = 0.0
    failed: bool = False
    ran: bool = False
    _files: Tracker = field(default_factory=Tracker)
    _digests: dict[Path, tuple[Stamp, str]] = field(default_factory=dict)
    _poison: dict[str, str] = field(default_factory=dict)
    _attempts: dict[str, int] = field(default_factory=dict)
    _told: set[object] = field(default_factory=set)
    _gone: bool = False
    _master_gone: bool = False
    _waiting: dict[str, None] = field(default_factory=dict)
    """Files that stand in a master kept beside the open one."""
    _first_fresh: float | None = None
    _trouble: _Trouble = field(default_factory=_Trouble)

    def __post_init__(self) -> None:
        """The master's content is read at the first step."""
        self._held = Held(self.options.master)

    def step(self, now: float) -> None:
        """One look (``now``: seconds of a monotonic clock), and a run if there is something for it."""
        self.pause, self.idle = self.options.every, False
        listing = self._listed()
        if listing is None:
            self.failed, self.code = True, 3
            return
        self._files.update(listing.workbooks, now)
        self._digests = {path: seen for path, seen in self._digests.items() if path in listing.workbooks}
        if now < self._trouble.until or not self._knows_master(now):
            self.pause = min(self.pause, max(0.5, self._trouble.until - now))
            return
        settled = {path for path in listing.workbooks if self._files.settled(path, now)}
        unsettled = [path for path in listing.workbooks if path not in settled]
        fresh = self._fresh(sorted(settled), listing)
        if unsettled or listing.unfinished:
            self.pause = min(self.pause, _SOON)
        self._tell_others(listing)
        leave = self._leave(listing, unsettled)
        if fresh and self._complete(now, unsettled):
            fresh = self._taken_in(fresh, leave, now)
        elif self._held.kept and not fresh and not self._open():
            self._run(self.options.period or self._held.current or None, {}, leave, now)
        self.idle = not (fresh or unsettled or self._held.kept)
        if self.idle and not self.ran:
            self.code = int(self._held.errors)

    def forget(self) -> None:
        """Try again what was set aside, and say again what was said."""
        self._poison.clear()
        self._attempts.clear()
        self._told.clear()
        self._trouble.over()

    def _once(self, key: object, level: int, text: str) -> None:
        if key not in self._told:
            self._told.add(key)
            self.say(level, text)

    def _listed(self) -> Listing | None:
        """The inbox; None when it cannot be read now."""
        try:
            listing = list_files(self.options.inbox)
        except (OSError, JobError) as error:
            if not self._gone:
                wait = "。请核对文件夹。" if self.options.once else ",等它恢复。"
                self.say(WARNING, f"收件文件夹“{self.options.inbox}”读不到({error_words(error)}){wait}")
            self._gone = True
            return None
        if self._gone:
            self.say(NOTICE, f"收件文件夹“{self.options.inbox}”又能读了。")
            self._gone = self.failed = False
        return listing

    def _knows_master(self, now: float) -> bool:
        """What the master holds is known; False when it cannot be read now."""
        try:
            self._held.refresh()
        except OSError as error:
            self._master_gone = True
            self._put_off(now, f"总表“{self.options.master}”读不到({error_words(error)})。")
            return False
        except JobError as error:
            self._put_off(now, error_words(error))
            return False
        if self._master_gone:
            self.say(NOTICE, f"总表“{self.options.master}”又能读了。")
            self._master_gone = self.failed = False
        return True

    def _fresh(self, settled: Sequence[Path], listing: Listing) -> dict[Path, str]:
        """Files that no run has seen, with their SHA-256; of files alike, one."""
        found: dict[str, Path] = {}
        for path in settled:
            digest = "" if self._own(path) else self._digest(path, listing.workbooks[path])
            if digest and digest not in self._held.files and digest not in self._poison:
                found.setdefault(digest, path)
        if not found:
            self._first_fresh = None
        return {path: digest for digest, path in found.items()}

    def _own(self, path: Path) -> bool:
        master = self.options.master
        return path.parent.resolve() == master.parent.resolve() and (
            path.name == master.name or is_kept(path, master) or is_beside(path, master)
        )

    def _digest(self, path: Path, stamp: Stamp) -> str:
        """The file's SHA-256; '' when it cannot be read, which is told."""
        before = self._digests.get(path)
        if before and before[0] == stamp:
            return before[1]
        found = digest_of(path)
        if isinstance(found, FileTrouble):
            self._once(
                (path, stamp),
                WARNING,
                f"“{self._name(path)}”读不了,留在原处:{found.reason}。{found.remedy}。",
            )
            return ""
        self._digests[path] = (stamp, found)
        return found

    def _name(self, path: Path) -> str:
        return shown_name(path, self.options.inbox)

    def _tell_others(self, listing: Listing) -> None:
        for path in listing.others:
            self._once(path, NOTICE, f"“{self._name(path)}”不是工作簿,留在原处,不读取。")
        for path in listing.links:
            self._once(path, WARNING, f"“{self._name(path)}”是指向收件文件夹之外的链接,留在原处,不打开。")

    def _complete(self, now: float, unsettled: Sequence[Path]) -> bool:
        """Whether to begin: nothing more is coming, or it has been waited for long enough."""
        if self._first_fresh is None:
            self._first_fresh = now
        return not unsettled or now - self._first_fresh >= LONGEST_BATCH

    def _taken_in(self, fresh: Mapping[Path, str], leave: Mapping[Path, str], now: float) -> dict[Path, str]:
        """Look at new files, then consolidate, period by period where none was asked for; what is left."""
        looks = look_at(fresh)
        for path, look in looks.items():
            if look.poison:
                self._set_aside(path, fresh[path], look.poison)
            elif look.why:
                self._once(fresh[path], NOTICE, f"“{self._name(path)}”不认识,留在原处:{look.why}")
        leave = {**leave, **{path: look.poison for path, look in looks.items() if look.poison}}
        left = dict(fresh)
        for period, mine in self._runs(fresh, looks):
            later = dict.fromkeys(left.keys() - mine.keys(), "")
            if self.stopping() or not self._run(period, mine, {**later, **leave}, now):
                return left
            left = {path: digest for path, digest in left.items() if path not in mine}
        self._first_fresh = None
        gone = self._held.files | self._poison.keys()
        return {path: digest for path, digest in fresh.items() if digest not in gone}

    def _runs(
        self, fresh: Mapping[Path, str], looks: Mapping[Path, Look]
    ) -> Iterator[tuple[str | None, dict[Path, str]]]:
        """The periods to consolidate, and the new files that each run is for; the last takes the rest."""
        asked = self.options.period
        periods = [asked] if asked else self._held.periods({look.period for look in looks.values()})
        left = dict(fresh)
        for period in periods[:-1]:
            mine = {path: digest for path, digest in left.items() if looks[path].period == period}
            left = {path: digest for path, digest in left.items() if path not in mine}
            yield period, mine
        yield periods[-1], left

    def _set_aside(self, path: Path, digest: str, reason: str) -> None:
        self._poison[digest] = reason
        self.say(
            ERROR, f"“{self._name(path)}”已隔离,不再读取:{reason}。其他文件照常汇总;换上新文件即重新读取。"
        )

    def _run(
        self, period: str | None, fresh: Mapping[Path, str], leave: Mapping[Path, str], now: float
    ) -> bool:
        """One consolidation; False when it has to be tried again."""
        try:
            done = self._consolidated(period, leave)
        except Stopped:
            return False
        except KeptBeside as error:
            self._is_kept(error, fresh, now)
            return True
        except (JobError, NothingWritten) as error:
            self._held.forget()
            self._put_off(now, error_words(error))
            return False
        except Exception as error:  # noqa: BLE001  (a service outlives what one file or one run makes go wrong)
            self._find_culprits(period, fresh, leave, error)
            self._put_off(now, f"程序内部错误({error_words(error)})。")
            return False
        self._finished(done, fresh)
        return True

    def _is_kept(self, error: KeptBeside, fresh: Mapping[Path, str], now: float) -> None:
        """The master is open: wait until it is not, without writing the same again and again."""
        self._held.files |= set(fresh.values())
        self._held.kept, self.failed, self.code = True, True, 3
        if not self._open():  # no sign by which its closing could be seen
            self._trouble.put_off(now, self.options.every)
        names = [self._name(path) for path in fresh]
        self._waiting |= dict.fromkeys(names)
        if fresh:
            self._told.discard(_BESIDE)
        self._once(_BESIDE, WARNING, kept_words(error, names))

    def _consolidated(
        self, period: str | None, leave: Mapping[Path, str], dry_run: bool = False
    ) -> Consolidation:
        options = self.options

        def progress(stage: str, done: int, total: int) -> None:
            if self.stopping() and not stage.startswith("写入"):
                raise Stopped

        return consolidate(
            options.master,
            options.inbox,
            period_code=period,
            jobs=options.jobs,
            dry_run=dry_run,
            leave=leave,
            clock=self.clock,
            progress=silent if dry_run else progress,
        )

    def _leave(self, listing: Listing, unsettled: Iterable[Path]) -> dict[Path, str]:
        """Files not to be opened: those still coming (nothing is said of them), those set aside."""
        leave = dict.fromkeys((*unsettled, *listing.unfinished), "")
        for path, (_, digest) in self._digests.items():
            if path in listing.workbooks and digest in self._poison:
                leave[path] = self._poison[digest]
        return leave

    def _find_culprits(
        self, period: str | None, fresh: Mapping[Path, str], leave: Mapping[Path, str], error: Exception
    ) -> None:
        """Set aside each new file with which alone the run fails in the same way."""
        for path, digest in fresh.items():
            others = dict.fromkeys(set(fresh) - {path}, "")
            try:
                self._consolidated(period, {**leave, **others}, dry_run=True)
            except (JobError, NothingWritten):
                continue
            except Exception as alone:  # noqa: BLE001  (the very thing that is looked for)
                if type(alone) is type(error):
                    self._set_aside(path, digest, f"程序内部错误({error_words(alone)})")

    def _finished(self, done: Consolidation, fresh: Mapping[Path, str]) -> None:
        """Remember and tell what a run came to."""
        seen = {item.sha256 for item in done.assessment.intake.inputs}
        for path, digest in fresh.items():
            self._attempts[digest] = self._attempts.get(digest, 0) + 1
            if digest in seen:
                self._held.files.add(digest)
            elif digest not in self._poison and self._attempts[digest] >= _ATTEMPTS:
                self._held.files.add(digest)
                self.say(WARNING, f"“{self._name(path)}”几次汇总都读不到,不再等它;文件变动后再读。")
        self._held.kept = False
        self._held.forget()
        self._told -= {key for key in self._told if isinstance(key, str) and key.startswith("!")}
        self._trouble.over()
        self.failed, self.code, self.ran = False, 1 if done.errors else 0, True
        names = list(dict.fromkeys([*self._waiting, *map(self._name, fresh)]))
        self._waiting = {}
        for text in refused_words(done, names):
            self.say(NOTICE, text)
        self.say(INFO, done_words(done, names))
        for note in done.notes:
            self.say(NOTICE, note)

    def _put_off(self, now: float, why: str) -> None:
        """Try again later, at longer and longer intervals; the same reason is told once."""
        self.failed, self.code = True, 3
        self._trouble.put_off(now, self.options.every)
        again = "" if self.options.once else " 稍后自动再试。"
        self._once(f"!{why}", ERROR, f"这次没有写成:{why}{again}")

    def _open(self) -> bool:
        """Whether the master still shows signs of being open."""
        try:
            refuse_if_open(self.options.master.resolve())
        except OpenElsewhere:
            return True
        return False
