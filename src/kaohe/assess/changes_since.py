"""What was changed, for whoever got a workbook, since the version of the scheme it was issued under."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from kaohe.assess.assessors import Assessing
from kaohe.assess.versions import changes, changes_for, listed, version_rows
from kaohe.model import Scheme, VersionRow

_OF_INDICATORS = ("指标", "目标", "参数")
_AFTER_SCORES = ("等次", "否决事项", "结果规则", "票种", "勾稽")
"""Tables nothing on a form depends on: whoever filled one in need not hear of them."""


class ChangesSince:
    """What was changed for a unit, or for an assessing department, since a version was issued."""

    def __init__(
        self, scheme: Scheme, versions: Sequence[VersionRow], tasks: Mapping[str, Assessing]
    ) -> None:
        self._scheme = scheme
        self._tasks = tasks
        self._kept: dict[str, list[VersionRow]] = {}
        for row in versions:
            self._kept.setdefault(row.version, []).append(row)
        self._found: dict[str, Mapping[str, Collection[str]]] = {}

    def since(self, version: str, unit: str, department: str = "") -> str:
        """The changes in words; '' when nothing that concerns the unit (or department) was changed."""
        if version == self._scheme.version:
            return ""
        if version not in self._kept:
            return "该版本未留存,无从比较"
        if version not in self._found:
            self._found[version] = changes(self._kept[version], version_rows(self._scheme))
        found = self._found[version]
        if unit:
            mine = changes_for(self._scheme.unit_by_code[unit], found)
            return listed([name for name in mine if name.partition(" ")[0] not in _AFTER_SCORES])
        names = {name for names in found.values() for name in names}
        return listed(sorted(name for name in names if self._concerns(name, department)))

    def _concerns(self, name: str, department: str) -> bool:
        """Whether a changed row is one of the department's indicators, or none of a single indicator."""
        table, _, code = name.partition(" ")
        task = self._tasks.get(department)
        if table in _AFTER_SCORES:
            return False
        return table not in _OF_INDICATORS or (task is not None and code in task.units)
