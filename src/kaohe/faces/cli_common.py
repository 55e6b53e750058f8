"""What the commands share: exit codes, arguments that several of them take, and the last lines of each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from kaohe.faces.console import out, show_findings
from kaohe.findings import Finding, has_errors

DONE, FINDINGS, WRONG_USE, NOT_WRITTEN = 0, 1, 2, 3
IN_LIST = "见《问题清单》"

Master = Annotated[Path, typer.Argument(metavar="总表.xlsx", help="总表(由 kaohe new 新建)")]


def finish(
    findings: Sequence[Finding], elsewhere: str = "", lead: str = "", failed: bool = False
) -> NoReturn:
    """Show the findings and end the command: exit code 1 where errors remain or something ``failed``."""
    show_findings(out(), findings, elsewhere, lead)
    raise typer.Exit(FINDINGS if failed or has_errors(findings) else DONE)
