"""h t; cz c, t; h t is written as cx c, t: shorter, and what the reader's circuit probably said."""

from __future__ import annotations

import numpy as np

from dqplan.core.gates import Op
from dqplan.split.protocols import SLOTS_PER_ROW, Script

_H, _CZ = int(Op.H), int(Op.CZ)


def tidy(script: Script) -> Script:
    """The same program, with every run of CZ between two H of one slot turned into CX onto that slot.

    The rows of the script that is given are changed on the way.
    """
    kept = np.ones(len(script.op), dtype=np.bool_)
    runs: list[list[int]] = [[] for _ in range(max(script.slots, default=0) + 2)]
    """By slot: an H and the CZ since, if nothing else happened to it; the last one is for the slots that rows lack."""
    rows = zip(script.op, script.slots[::SLOTS_PER_ROW], script.slots[1::SLOTS_PER_ROW], strict=True)
    for row, (op, first, second) in enumerate(rows):
        if op == _CZ:
            for run in (runs[first], runs[second]):
                if run:
                    run.append(row)
        elif op == _H and script.condition[row] < 0:
            if len(runs[first]) > 1:
                kept[[runs[first][0], row]] = False
                for gate in runs[first][1:]:
                    runs[_turn(script, gate, first)] = []
                runs[first] = []
            else:
                runs[first] = [row]
        else:
            runs[first] = runs[second] = []
    return script.part(kept)


def _turn(script: Script, row: int, target: int) -> int:
    """Turn a CZ into a CX onto the target; returns the control."""
    place = SLOTS_PER_ROW * row
    first, second = script.slots[place : place + SLOTS_PER_ROW]
    control = first if second == target else second
    script.op[row] = Op.CX
    script.slots[place], script.slots[place + 1] = control, target
    return control
