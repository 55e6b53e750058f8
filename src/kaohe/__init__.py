"""kaohe 考核: performance assessment of units, centred on the master workbook.

    import kaohe
    kaohe.new("BH", "总表.xlsx")
    kaohe.issue("总表.xlsx", "2007-H1", "下发")
    result = kaohe.consolidate("总表.xlsx", "回收", json="report.json")
    result.standings            # pandas DataFrame
    kaohe.explain("总表.xlsx", "滨湖区", "A01")

Paths may be text or ``pathlib.Path``. Importing kaohe is quick: the functions load what they need.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaohe.version import __version__

if TYPE_CHECKING:
    from kaohe.faces.api import Result, check, consolidate, dump, explain, issue, new, schemes

__all__ = ["Result", "__version__", "check", "consolidate", "dump", "explain", "issue", "new", "schemes"]


def __getattr__(name: str) -> object:
    """The public functions, loaded when first asked for."""
    if name in __all__:
        from kaohe.faces import api

        return getattr(api, name)
    raise AttributeError(f"module 'kaohe' has no attribute {name!r}")
