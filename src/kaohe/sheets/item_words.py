"""What an item asks for besides its number, in words: as the form and the record of a unit show it (XN1)."""

from __future__ import annotations

from kaohe.model import Indicator


def item_words(indicator: Indicator, *more: str) -> str:
    """口径, what else the sheet says of it (``more``), 进度要求, 时限, 责任领导; '' when there is none."""
    said = (
        indicator.definition,
        *more,
        f"进度要求:{indicator.requirement}" if indicator.requirement else "",
        f"时限:{indicator.time_limit}" if indicator.time_limit else "",
        f"责任领导:{indicator.leader}" if indicator.leader else "",
    )
    return ";".join(filter(None, said))
