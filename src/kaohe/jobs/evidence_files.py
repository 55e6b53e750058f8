"""Which files of 佐证材料 are there: below the master's folder, looked for and never opened."""

from __future__ import annotations

from collections.abc import Iterable

from kaohe.assess.evidence import evidence_findings, outside
from kaohe.assess.returns import Intake
from kaohe.findings import Finding
from kaohe.jobs.master import Master
from kaohe.model import Period


def evidence_told(master: Master, period: Period, intake: Intake) -> Iterable[Finding]:
    """The findings about 佐证材料 of the period; none where nothing is registered or asked for."""
    scheme = master.scheme.at(period.end)
    rows = master.ledger.evidence
    return evidence_findings(scheme, period, rows, existing_files(master), intake.live.keys())


def existing_files(master: Master) -> frozenset[str]:
    """Those of the registered files that are files inside the master's folder, as they are written there.

    A link that leads out of the folder is no file inside it.
    """
    folder = master.path.parent
    found = set()
    for file in {row.file for row in master.ledger.evidence if row.file and not outside(row.file)}:
        try:
            path = (folder / file.replace("\\", "/")).resolve()
            inside = path.is_relative_to(folder.resolve())
            if inside and path.is_file():
                found.add(file)
        except (OSError, RuntimeError, ValueError):  # a name no file system has, a link that leads to itself
            continue
    return frozenset(found)
