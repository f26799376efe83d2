"""h t; cz c, t; h t is written as cx c, t: shorter, and what the reader's circuit probably said."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from dqplan.core.gates import Op
from dqplan.split.protocols import Row, Script
from dqplan.split.slots import Slot


def tidy(script: Script) -> Script:
    """The same program, with every run of CZ between two H of one slot turned into CX onto that slot."""
    rows: list[Row | None] = list(script.rows)
    history: defaultdict[Slot, list[int]] = defaultdict(list)
    for number, row in enumerate(script.rows):
        if _is_plain_h(row):
            slot = row.slots[0]
            run = _run_of_cz(rows, history[slot])
            if run:
                _absorb(rows, history[slot], run, slot)
                rows[number] = None
                continue
        for slot in row.slots:
            history[slot].append(number)
    return _without_gaps(script, rows)


def _is_plain_h(row: Row) -> bool:
    return row.op is Op.H and row.condition < 0


def _run_of_cz(rows: list[Row | None], past: list[int]) -> int:
    """How many CZ lie between the present and the last H of a slot; 0 if something else lies there too."""
    for length, number in enumerate(reversed(past)):
        row = rows[number]
        if row is None or row.op is not Op.CZ:
            return length if row is not None and _is_plain_h(row) else 0
    return 0


def _absorb(rows: list[Row | None], past: list[int], run: int, target: Slot) -> None:
    """Drop the H at the beginning of a run of CZ and turn the run into CX."""
    rows[past.pop(-run - 1)] = None
    for number in past[-run:]:
        row = rows[number]
        if row is not None:
            control = row.slots[0] if row.slots[1] == target else row.slots[1]
            rows[number] = replace(row, op=Op.CX, slots=(control, target))


def _without_gaps(script: Script, rows: list[Row | None]) -> Script:
    """Close the gaps; a remark about a row that is gone stands before the next one."""
    tidied = Script(num_messages=script.num_messages)
    for number, row in enumerate(rows):
        if number in script.comments:
            tidied.remark(script.comments[number])
        if row is not None:
            tidied.rows.append(row)
    return tidied
