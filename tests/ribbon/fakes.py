"""What a person and Excel itself do, for tests: answers, and the parts of a book that only a desktop has."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from kaohe.faces.ribbon_dialog import Answer
from tests.ribbon.remote import Screen, actions, saved, show


@dataclass
class Person:
    """Answers questions in turn, and the last answer from then on; keeps what was shown."""

    answers: list[Answer] = field(default_factory=lambda: ["yes"])
    told: list[str] = field(default_factory=list)
    troubles: list[bool] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    statuses: list[str] = field(default_factory=list)

    def tell(self, text: str, trouble: bool = False) -> None:
        """A message."""
        self.told.append(text)
        self.troubles.append(trouble)

    def ask(self, text: str, cancel: bool = False) -> Answer:
        """A question."""
        self.asked.append(text)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        assert cancel or answer != "cancel", text
        return answer

    def status(self, text: str) -> None:
        """The status bar."""
        self.statuses.append(text)

    @property
    def last(self) -> str:
        """The closing message."""
        assert len(self.told) == 1, self.told
        return self.told[0]


class DesktopApi(SimpleNamespace):
    """Excel's own Workbook object, as far as it is used."""

    def __init__(self, saved: Callable[[], bytes], read_only: bool = False) -> None:
        super().__init__(ReadOnly=read_only, Saved=False, ProtectStructure=False, saved=saved, copies=[])

    def SaveCopyAs(self, path: str) -> None:  # noqa: N802
        """Save what is on the screen under another name."""
        Path(path).write_bytes(self.saved())
        self.copies.append(path)


class DesktopBook:
    """A book of the remote engine that has a path and an Excel object: a stand-in for a desktop book.

    Sheets (their values as they were written), names and app are the remote engine's; ``saved`` counts saves.
    """

    def __init__(self, book: Any, path: Path, *, read_only: bool = False, app: Any = None) -> None:
        self.book = book
        self.data, self.played = path.read_bytes(), 0
        self.seen: Screen | None = None
        self.api = DesktopApi(lambda: saved(self.data, self.screen()), read_only)
        self.fullname = str(path)
        self.name = path.name
        self.app = app or book.app
        self.saved = 0

    @property
    def sheets(self) -> Any:
        """The remote engine's sheets, with what was written into them so far."""
        if any(action["func"] == "setValues" for action in actions(self.book)[self.played :]):
            show(self.book, self.screen())
        return self.book.sheets

    def screen(self) -> Screen:
        """What is on the screen: the file, and what was done since."""
        done = actions(self.book)
        self.seen = self.seen or Screen.of(self.data, self.name)
        self.seen.play(done[self.played :])
        self.played = len(done)
        return self.seen

    @property
    def names(self) -> Any:
        """Names that can be hidden."""
        return Names(self.book.names)

    def save(self) -> None:
        """Save in place."""
        self.saved += 1


class Names:
    """Names whose Excel object notes whether they are in sight."""

    def __init__(self, names: Any) -> None:
        self.names = names
        self.added: list[Any] = []

    def __iter__(self) -> Iterator[Any]:
        yield from self.names

    def add(self, name: str, refers_to: str) -> Any:
        """A new name."""
        self.names.add(name, refers_to)
        self.added.append(SimpleNamespace(api=SimpleNamespace(Visible=True)))
        return self.added[-1]
