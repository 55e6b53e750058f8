"""The package patch: the only way a master on disk is made or changed, and how unit forms are made.

>>> saved = apply(Path("总表.xlsx"), plan, clock=now)          # doctest: +SKIP
>>> data = create(skeleton, plan)                              # doctest: +SKIP
>>> form = Template.build(skeleton, plan).stamp({"单位": "滨湖区"})   # doctest: +SKIP
"""

from kaohe.workbooks.package.adopt import adopt
from kaohe.workbooks.package.backups import BACKUP_FOLDER
from kaohe.workbooks.package.book import BookNames, read_names
from kaohe.workbooks.package.errors import (
    AlreadyThere,
    BadPlan,
    DiskFull,
    KeptBeside,
    MasterChanged,
    MasterLocked,
    MasterMissing,
    NothingWritten,
    NotWritable,
    OpenElsewhere,
    PatchRefused,
    UnknownRole,
    WriteFailed,
)
from kaohe.workbooks.package.fill import fill
from kaohe.workbooks.package.patch import Patched, create, patch, patch_bytes
from kaohe.workbooks.package.save import Saved, apply, sha256, write_new
from kaohe.workbooks.package.stamp import Template

__all__ = [
    "BACKUP_FOLDER",
    "AlreadyThere",
    "BadPlan",
    "BookNames",
    "DiskFull",
    "KeptBeside",
    "MasterChanged",
    "MasterLocked",
    "MasterMissing",
    "NotWritable",
    "NothingWritten",
    "OpenElsewhere",
    "PatchRefused",
    "Patched",
    "Saved",
    "Template",
    "UnknownRole",
    "WriteFailed",
    "adopt",
    "apply",
    "create",
    "fill",
    "patch",
    "patch_bytes",
    "read_names",
    "sha256",
    "write_new",
]
