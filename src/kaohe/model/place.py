"""Where something stands."""

from __future__ import annotations

from typing import NamedTuple


class Location(NamedTuple):
    """Where something stands: any part may be ''."""

    workbook: str = ""
    sheet: str = ""
    cell: str = ""
    unit: str = ""
    indicator: str = ""


NOWHERE = Location()
"""What is known of a thing that stands in no cell."""
