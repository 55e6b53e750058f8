"""Green, red, amber and grey on a column of states."""

from __future__ import annotations

from kaohe import terms
from kaohe.workbooks.plan import Highlight


def state_highlights(first: str, last: str) -> tuple[Highlight, ...]:
    """Green, red, amber and grey on a column of states."""

    def words(style: str, *texts: str) -> Highlight:
        tests = ",".join(f'${first}="{text}"' for text in texts)
        return Highlight(f"{first}:{last}", "formula", f"OR({tests})", style)

    return (
        words("good", terms.ON_SCHEDULE, terms.COMPONENT_MET),
        words("bad", terms.BEHIND, terms.COMPONENT_BEHIND, terms.NOT_SCORABLE),
        words("warn", terms.NOT_READ, terms.BLANK, terms.WAITING),
        words("idle", terms.OUTSIDE_PERIOD),
    )
