"""What 备注 of 排名 says of a unit: whose it is, why it has this rank or none, what was decided."""

from __future__ import annotations

from collections.abc import Sequence

from kaohe import terms
from kaohe.assess.grading import named
from kaohe.assess.standing import Standing
from kaohe.assess.ties import Parted
from kaohe.model import Scheme

VETO = "一票否决"


def note_of(standing: Standing, scheme: Scheme, parted_by: Sequence[Parted]) -> str | None:
    """Whose a person is, what stands in the way of a rank or parts it from an equal one, what was decided."""
    above = scheme.unit_by_code.get(standing.unit.belongs_to)
    whose = (above.name,) if above else ()
    if standing.state == terms.PROVISIONAL:
        return ";".join((*whose, "有未解决的错误,暂不排名,见问题清单"))
    decided = standing.total != standing.computed_total
    names = {row.code: row.name for row in scheme.veto_events}
    events = named(dict.fromkeys(names.get(veto.event, veto.event) for veto in standing.vetoes))
    graded = any(VETO in note for note in standing.notes)
    words = [
        *whose,
        *(("并列",) if standing.tied else ()),
        *(found.words() for found in parted_by),
        *((f"总分按人工调整,公式总分 {standing.computed_total:g}",) if decided else ()),
        *((f"{VETO}:{events}",) if events and not graded else ()),
        *standing.notes,
    ]
    return ";".join(words) or None
