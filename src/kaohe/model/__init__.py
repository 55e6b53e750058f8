"""The things kaohe speaks about, as frozen values: scheme, units, records, registers.

Nothing here opens a file or computes a score. Weights and scores are in points (分), shares are ratios
(0.5 = 50%), percent indicators are in percentage points (43 = 43%).
"""

from kaohe.model.grading import CrossCheck, Grade, OutcomeRule, VetoEvent, VoterGroup
from kaohe.model.ledger import (
    Adjustment,
    Appeal,
    Bonus,
    Decided,
    Evidence,
    Feedback,
    Ledger,
    PastResult,
    StateRow,
    Succession,
    Supervision,
    SurveyRow,
    Verdict,
    Veto,
)
from kaohe.model.place import Location
from kaohe.model.returns import Identity, IssueRecord, Receipt, Record, Return, ReturnedRow, VersionRow
from kaohe.model.rows import Indicator, MethodRow, ParameterValue, Part, Period, Target, Unit
from kaohe.model.scheme import Scheme

__all__ = [
    "Adjustment",
    "Appeal",
    "Bonus",
    "CrossCheck",
    "Decided",
    "Evidence",
    "Feedback",
    "Grade",
    "Identity",
    "Indicator",
    "IssueRecord",
    "Ledger",
    "Location",
    "MethodRow",
    "OutcomeRule",
    "ParameterValue",
    "Part",
    "PastResult",
    "Period",
    "Receipt",
    "Record",
    "Return",
    "ReturnedRow",
    "Scheme",
    "StateRow",
    "Succession",
    "Supervision",
    "SurveyRow",
    "Target",
    "Unit",
    "Verdict",
    "VersionRow",
    "Veto",
    "VetoEvent",
    "VoterGroup",
]
