"""kaohe 考核: performance assessment of units, centred on the master workbook."""

__version__ = "0.1.0"
