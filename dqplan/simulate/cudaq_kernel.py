"""The kernel that carries out any program: CUDA-Q compiles it once, in a second, however long the program is.

It is written in CUDA-Q's part of Python, which has words of its own for gates, and is read from this file.
"""

import cudaq

from dqplan.simulate.flaws import CYCLE, X, Z
from dqplan.simulate.instructions import ALWAYS, CP, CX, DIFFERS, EQUAL, MEASURE, READ, SWAP, U


@cudaq.kernel
def carry_out(
    slots: int,
    clbits: int,
    runs: int,
    kind: list[int],
    first: list[int],
    second: list[int],
    angle: list[float],
    place: list[int],
    what: list[int],
    where: list[int],
) -> list[bool]:
    """The bits of some runs, one after the other: `Instructions.columns`, and before some steps `Flaws.columns`."""
    q = cudaq.qvector(slots)
    bits = [False for k in range(runs * clbits)]
    flaw = 0
    for run in range(runs):
        start = run * clbits
        go = True
        same = True
        for step in range(len(kind)):
            while place[flaw] == run * len(kind) + step:
                if what[flaw] == X:
                    x(q[where[flaw]])
                elif what[flaw] == Z:
                    z(q[where[flaw]])
                elif what[flaw] == CYCLE:
                    s.adj(q[where[flaw]])
                    h(q[where[flaw]])
                else:
                    bits[start + where[flaw]] = not bits[start + where[flaw]]
                flaw += 1
            if kind[step] == READ:
                if second[step] == 1:
                    same = same and bits[start + first[step]]
                else:
                    same = same and not bits[start + first[step]]
            elif kind[step] == EQUAL:
                go = go and same
                same = True
            elif kind[step] == DIFFERS:
                go = go and not same
                same = True
            elif kind[step] == ALWAYS:
                go = True
            elif go:
                if kind[step] == U:
                    u3(angle[3 * step], angle[3 * step + 1], angle[3 * step + 2], q[first[step]])
                elif kind[step] == CX:
                    x.ctrl(q[first[step]], q[second[step]])
                elif kind[step] == CP:
                    r1.ctrl(angle[3 * step], q[first[step]], q[second[step]])
                elif kind[step] == SWAP:
                    swap(q[first[step]], q[second[step]])
                elif kind[step] == MEASURE:
                    bits[start + second[step]] = mz(q[first[step]])
                else:
                    reset(q[first[step]])
    return bits
