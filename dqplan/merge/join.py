"""Join what modules found into one table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from dqplan.core.errors import Place, ResultsError
from dqplan.load.results import Numbers
from dqplan.merge.tables import Table


def join_tables(tables: Sequence[Table], absent: Mapping[str, str]) -> Table:
    """One table with the bits of all.

    Args:
        tables: no two of them may tell of the same bit.
        absent: bits that none of them has, by name, and whose results would tell.

    Raises:
        ResultsError: a bit is absent or told twice, numbers of shots differ, or counts do not tell which outcomes of
            different modules belong together.
    """
    if absent:
        name, source = next(iter(absent.items()))
        hint = f"give the results of {source}, too" if source != "joint" else "give the joint results of all modules"
        raise ResultsError(f"no results tell of {name}", hint=hint)
    _check(tables)
    by_shot = [table for table in tables if table.counts is None]
    whole = [_beside(by_shot, None)] if by_shot else []
    if len(by_shot) == len(tables):
        return whole[0]
    told = [table.counted() for table in (*whole, *(table for table in tables if table.counts is not None))]
    varied = [table for table in told if len(table.bits) > 1]
    if len(varied) > 1:
        names = " and ".join(table.source for table in varied)
        message = f"{names}: counts do not tell which outcomes belong together"
        raise ResultsError(message, hint="give lists of shots in the same order for all modules, or joint counts")
    rows = len(varied[0].bits) if varied else 1
    spread = [
        Table(table.source, table.clbits, np.broadcast_to(table.bits, (rows, len(table.clbits))), None)
        for table in told
    ]
    return _beside(spread, (varied or told)[0].counts)


def _check(tables: Sequence[Table]) -> None:
    if not tables:
        raise ResultsError("there are no results")
    shots = {table.source: table.shots for table in tables}
    fewest, most = min(shots, key=shots.__getitem__), max(shots, key=shots.__getitem__)
    if shots[fewest] != shots[most]:
        message = f"{most} has {shots[most]:,} shots, {fewest} has {shots[fewest]:,}"
        raise ResultsError(message, hint="give results of one and the same run")
    seen: dict[int, str] = {}
    for table in tables:
        for clbit in table.clbits:
            if clbit in seen:
                message = f"it tells of a bit that {seen[clbit]} tells of, too"
                raise ResultsError(message, place=Place(table.source), hint="give each module's results once")
            seen[clbit] = table.source


def _beside(tables: Sequence[Table], counts: Numbers | None) -> Table:
    clbits = tuple(clbit for table in tables for clbit in table.clbits)
    source = " and ".join(table.source for table in tables)
    return Table(source, clbits, np.concatenate([table.bits for table in tables], axis=1), counts)
