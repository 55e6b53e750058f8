"""Why nothing was written: every reason in words the office can act on."""

from __future__ import annotations

from pathlib import Path


class NothingWritten(Exception):  # noqa: N818 (named for what the caller has to know)
    """The file on disk is as it was. ``reason`` says what stood in the way, ``remedy`` how to clear it."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(f"{reason}{remedy}")
        self.reason = reason
        self.remedy = remedy


class PatchRefused(NothingWritten):
    """The workbook is built so that changing it could lose something."""


class UnknownRole(PatchRefused):
    """A style role of the plan stands on no row of the specimen sheet."""


class MasterMissing(NothingWritten):
    """There is no such file."""


class MasterLocked(NothingWritten):
    """The file is open in a spreadsheet program, or another run is writing it."""


class OpenElsewhere(MasterLocked):
    """The file is open in a spreadsheet program."""


class KeptBeside(OpenElsewhere):
    """The master is open; the complete new master stands beside it as ``beside``."""

    def __init__(self, reason: str, remedy: str, beside: Path) -> None:
        super().__init__(reason, remedy)
        self.beside = beside


class MasterChanged(NothingWritten):
    """The file on disk is no longer the one that was read."""


class NotWritable(NothingWritten):
    """The file or its folder may not be written."""


class DiskFull(NothingWritten):
    """There is no room for the new file beside the old one."""


class AlreadyThere(NothingWritten):
    """A file of that name exists and was not to be replaced."""


class WriteFailed(NothingWritten):
    """The operating system reported another error while the new file was written."""


class BadPlan(ValueError):  # noqa: N818
    """A plan that no workbook can hold (a job's mistake): a number that is not finite, a name too long …"""
