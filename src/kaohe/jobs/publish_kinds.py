"""The kinds of documents: what each needs, and the files it consists of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from kaohe.assess.assessment import Assessment
from kaohe.assess.deciding import State
from kaohe.assess.reminders import reminders
from kaohe.documents import forms
from kaohe.documents.feedback import Feedbacks
from kaohe.documents.feedback_book import feedback_book
from kaohe.documents.notice import notice
from kaohe.documents.overview import overview
from kaohe.documents.overview_book import overview_book
from kaohe.documents.publicity import publicity
from kaohe.documents.publicity_book import publicity_book
from kaohe.documents.results import assessed
from kaohe.documents.words import office, scheme_name
from kaohe.jobs.common import JobError, safe_name
from kaohe.jobs.master import Master
from kaohe.jobs.publish_templates import template
from kaohe.model import Period, Scheme, Unit
from kaohe.sheets.reminder_text import letter
from kaohe.workbooks.word import Context, WordTemplate

NOTICE, PUBLICITY, FEEDBACK, OVERVIEW = "通报", "公示", "反馈单", "总览"
TASK, REMINDER, APPEAL, OPINIONS, ADOPTED = "任务书", "催报", "申诉表", "征求意见表", "征求意见采纳情况表"
KINDS = (NOTICE, PUBLICITY, FEEDBACK, OVERVIEW, TASK, REMINDER, APPEAL, OPINIONS, ADOPTED)
OF_RESULTS = (NOTICE, PUBLICITY, FEEDBACK, OVERVIEW, APPEAL)
"""Kinds that need a period that was consolidated."""
ONE_EACH = (FEEDBACK, TASK, REMINDER, APPEAL)
"""Kinds with a folder of their own: a file for each unit."""
_NAME = 60


class Document(NamedTuple):
    """One file: where it goes inside the folder, and its content."""

    place: str
    data: bytes


@dataclass(frozen=True)
class Source:
    """What documents are made from: one state of the master. ``assessment`` None: nothing consolidated."""

    book: Master
    scheme: Scheme
    """The rows in force at the period's end."""
    period: Period
    assessment: Assessment | None
    state: State
    moment: dt.datetime
    owed: Assessment | None = None
    """The same as for results, but also of a period that was only issued: who owes what (催报)."""


class Writer:
    """Makes documents of one source with one set of templates."""

    def __init__(self, source: Source, templates: Path | None) -> None:
        self._source = source
        self._folder = templates
        self._templates: dict[str, WordTemplate] = {}

    def make(self, kind: str) -> tuple[int, Iterator[Document]]:
        """(how many, the files) of a kind."""
        makers: Mapping[str, Callable[[], tuple[int, Iterator[Document]]]] = {
            NOTICE: lambda: self._single(NOTICE, notice(self._results, self._source.state)),
            PUBLICITY: self._publicity,
            FEEDBACK: self._feedback,
            OVERVIEW: self._overview,
            TASK: self._tasks,
            REMINDER: self._reminders,
            APPEAL: self._appeals,
            OPINIONS: lambda: self._single(OPINIONS, forms.opinions(self._source.scheme)),
            ADOPTED: self._adopted,
        }
        return makers[kind]()

    @property
    def _results(self) -> Assessment:
        if self._source.assessment is None:
            raise JobError(f"{self._source.period.title}还没有汇总,没有结果可出文书。")
        return self._source.assessment

    def _word(self, kind: str, context: Context, of: str = "") -> bytes:
        """A filled template; ``of`` whom it is about, for its properties."""
        if kind not in self._templates:
            self._templates[kind] = template(kind, self._folder)
        scheme = self._source.scheme
        title = " ".join(word for word in (scheme_name(scheme), kind, of) if word)
        return self._templates[kind].fill(context, title, office(scheme), self._source.moment)

    def _single(self, kind: str, context: Context) -> tuple[int, Iterator[Document]]:
        return 1, iter([Document(f"{kind}.docx", self._word(kind, context))])

    def _publicity(self) -> tuple[int, Iterator[Document]]:
        results, state, moment = self._results, self._source.state, self._source.moment

        def made() -> Iterator[Document]:
            yield Document(f"{PUBLICITY}.docx", self._word(PUBLICITY, publicity(results, state)))
            yield Document(f"{PUBLICITY}.xlsx", publicity_book(results, state, moment))

        return 2, made()

    def _overview(self) -> tuple[int, Iterator[Document]]:
        told = overview(self._results, self._source.state)
        return 1, iter([Document(f"{OVERVIEW}.xlsx", overview_book(told, self._source.moment))])

    def _feedback(self) -> tuple[int, Iterator[Document]]:
        rows = assessed(self._results)
        told = Feedbacks(self._results, self._source.state, self._source.book.decided)
        named = file_names([row.unit for row in rows])
        made = (
            Document(
                f"{FEEDBACK}/{named[row.unit.code]}.xlsx", feedback_book(told.of(row), self._source.moment)
            )
            for row in rows
        )
        return len(rows), made

    def _tasks(self) -> tuple[int, Iterator[Document]]:
        tasks = forms.Tasks(self._source.scheme, self._source.period.year)
        units = tasks.units()
        named = file_names(units)
        made = (
            Document(f"{TASK}/{named[unit.code]}.docx", self._word(TASK, tasks.of(unit), unit.name))
            for unit in units
        )
        return len(units), made

    def _appeals(self) -> tuple[int, Iterator[Document]]:
        rows, state = assessed(self._results), self._source.state
        named = file_names([row.unit for row in rows])
        made = (
            Document(
                f"{APPEAL}/{named[row.unit.code]}.docx",
                self._word(APPEAL, forms.appeal(self._results, row, state), row.unit.name),
            )
            for row in rows
        )
        return len(rows), made

    def _reminders(self) -> tuple[int, Iterator[Document]]:
        source = self._source
        today = source.moment.date()
        known = source.owed or self._results
        owed = reminders(known, source.book.issues, today, source.book.receipts)

        def made() -> Iterator[Document]:
            for number, reminder in enumerate(owed, start=1):
                text = letter(reminder, source.scheme, source.period, today)
                name = f"{number:03}-{safe_name(reminder.name)[:_NAME]}"
                data = self._word(REMINDER, forms.letter(text, source.scheme), reminder.name)
                yield Document(f"{REMINDER}/{name}.docx", data)

        return len(owed), made()

    def _adopted(self) -> tuple[int, Iterator[Document]]:
        ledger = self._source.book.ledger
        if not ledger.feedback:
            return 0, iter(())
        return self._single(ADOPTED, forms.adopted(self._source.scheme, ledger))


def file_names(units: Sequence[Unit]) -> dict[str, str]:
    """Unit code → a file name without ending; with the code in front where two would be the same."""
    plain = {unit.code: safe_name(unit.name)[:_NAME] for unit in units}
    counted: dict[str, int] = {}
    for name in plain.values():
        counted[name.casefold()] = counted.get(name.casefold(), 0) + 1
    return {
        code: name if counted[name.casefold()] == 1 else f"{safe_name(code)}-{name}"
        for code, name in plain.items()
    }
