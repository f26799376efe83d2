"""Programs: every subexperiment is there, and is its island's program with its operations at the ends."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product, zip_longest

import numpy as np

from dqplan.core.circuit import Circuit
from dqplan.core.cutting import LocalOperation, spelled_out
from dqplan.core.gates import Op
from dqplan.core.verdict import Check, Status
from dqplan.load.cuts_document import CutsDocument, IslandPart, OperationPart, SubexperimentPart
from dqplan.load.emitted import Emitted, read_program
from dqplan.verify.equivalence import check_equivalence
from dqplan.verify.legality import check_legality
from dqplan.verify.structure.structure_check import check_structure

NAME = "subexperiments"


def check_programs(document: CutsDocument, islands: Sequence[Emitted], files: Mapping[str, str]) -> Check:
    """Prove of each program that it is what its island's circuit becomes, and that none is missing that a term needs.

    Args:
        document: cuts.json.
        islands: their folders, read back.
        files: texts by name, such as `island0/3.qasm`.
    """
    found: list[Check] = []
    for number, (part, island) in enumerate(zip(document.islands, islands, strict=True)):
        told = {tuple(each.operations) for each in part.subexperiments}
        if missing := next((asked for asked in _asked(document, number) if asked not in told), None):
            return Check(NAME, Status.FAILED, f"{part.name} lacks the operations {', '.join(missing)}")
        for each in part.subexperiments:
            check = _check(document, part, island, each, files)
            if check.status is Status.FAILED:
                return Check(NAME, Status.FAILED, f"{each.name}.qasm: {check.detail}")
            found.append(Check(each.name, check.status, check.detail))
    return _summary(found)


def _summary(found: Sequence[Check]) -> Check:
    """The weakest of the checks."""
    weak = {status: [check for check in found if check.status is status] for status in (Status.SKIPPED, Status.TESTED)}
    if weak[Status.SKIPPED]:
        first = weak[Status.SKIPPED][0]
        detail = f"{len(weak[Status.SKIPPED])} of {len(found)} are open, the first is {first.name}: {first.detail}"
        return Check(NAME, Status.SKIPPED, detail)
    detail = (
        f"{len(found)} programs are legal, and for every input and outcome their islands' circuits with the operations "
        "of their terms; none is missing"
    )
    if not weak[Status.TESTED]:
        return Check(NAME, Status.PROVED, detail)
    return Check(NAME, Status.TESTED, f"{detail}; {len(weak[Status.TESTED])} of them {weak[Status.TESTED][0].detail}")


def _asked(document: CutsDocument, island: int) -> Iterator[tuple[str, ...]]:
    """What the terms ask of the ends of an island together."""
    cuts = [cut for cut in document.cuts if any(end[0] == island for end in cut.ends)]
    for terms in product(*(_sides(cut.ends, [t.operations for t in cut.terms], island) for cut in cuts)):
        asked = [""] * document.islands[island].num_ends
        for at_ends in terms:
            for end, operation in at_ends:
                asked[end] = operation
        yield tuple(asked)


def _sides(
    ends: Sequence[Sequence[int]], operations: Sequence[Sequence[str]], island: int
) -> list[tuple[tuple[int, str], ...]]:
    """The distinct operations of one cut's terms at its ends in an island."""
    here = [place for place, end in enumerate(ends) if end[0] == island]
    return list(dict.fromkeys(tuple((ends[p][1], names[p]) for p in here) for names in operations))


def _check(
    document: CutsDocument, part: IslandPart, island: Emitted, each: SubexperimentPart, files: Mapping[str, str]
) -> Check:
    """One program."""
    name = f"{each.name}.qasm"
    if name not in files:
        return Check(NAME, Status.FAILED, "is missing")
    operations = [document.operations[operation] for operation in each.operations]
    if fault := _text_fault(part, island, each, operations, files):
        return Check(NAME, Status.FAILED, fault)
    plain = [LocalOperation(tuple(Op[gate.upper()] for gate in o.gates), o.measured) for o in operations]
    expected, _ = spelled_out(island.circuit, len(part.clbits), plain)
    changed = replace(island, circuit=expected, joint=read_program(files[name], name))
    if changed.joint.qregs != island.joint.qregs or changed.joint.cregs != island.joint.cregs:
        return Check(NAME, Status.FAILED, "its registers are not those of joint.qasm")
    legal = check_legality(changed)
    return legal if legal.status is Status.FAILED else _equivalence(document, part, island, changed)


def _equivalence(document: CutsDocument, part: IslandPart, island: Emitted, changed: Emitted) -> Check:
    """Structure first; where that finds no proof, exact simulation; then the operations at the ends made generic.

    An operation at an end may undo a gate before it, so that gates around it cancel; the structural proof then looks
    for them in vain and says so, or calls the program wrong.
    """
    structure = check_structure(changed)
    if structure.status is Status.PROVED:
        return structure
    exact = check_equivalence(changed)
    if exact.status is not Status.SKIPPED:
        return exact
    number = document.islands.index(part)
    diagonal = all(cut.kind == "gate" for cut in document.cuts if any(end[0] == number for end in cut.ends))
    if diagonal and check_structure(_generic(part, island)).status is Status.PROVED:
        detail = "with P(φ) of arbitrary φ at the ends, where programs that differ are unlikely to agree"
        return Check(NAME, Status.TESTED, detail)
    return structure


def _generic(part: IslandPart, island: Emitted) -> Emitted:
    """The island with a turn by an angle without meaning at every end, in its circuit and in its program."""
    first = len(part.clbits)
    joint = _turned(island.joint, {island.clbits[first + end]: end for end in range(part.num_ends)})
    return replace(
        island, circuit=_turned(island.circuit, {first + end: end for end in range(part.num_ends)}), joint=joint
    )


def _turned(circuit: Circuit, ends: Mapping[int, int]) -> Circuit:
    rows = [row for row in np.flatnonzero(circuit.op == Op.MEASURE).tolist() if int(circuit.clbit[row]) in ends]
    op, params, clbit = circuit.op.copy(), circuit.params.copy(), circuit.clbit.copy()
    params[rows, 0] = [math.sqrt(2 + ends[int(clbit[row])]) for row in rows]
    op[rows], clbit[rows] = Op.P, -1
    return replace(circuit, op=op, params=params, clbit=clbit)


def _text_fault(
    part: IslandPart,
    island: Emitted,
    each: SubexperimentPart,
    operations: Sequence[OperationPart],
    files: Mapping[str, str],
) -> str:
    """The first text that is not that of the island with the measurements at the ends replaced."""
    bits = [island.clbit_names[island.clbits[len(part.clbits) + end]] for end in range(part.num_ends)]
    modules = list(dict.fromkeys(register.module for register in island.registers))
    pairs = {"joint": ""} | ({module: f"_{module}" for module in modules} if len(modules) > 1 else {})
    for program, ending in pairs.items():
        model, name = f"{part.name}/{program}.qasm", f"{each.name}{ending}.qasm"
        if missing := [file for file in (model, name) if file not in files]:
            return f"{missing[0]} is missing"
        expected = list(_replaced(files[model].splitlines(), dict(zip(bits, operations, strict=True))))
        found = files[name].splitlines()
        declaration = f"bit[{part.num_ends}] {bits[0].partition('[')[0]};" if bits else ""
        used = any(line.partition(" = measure ")[0] in bits for line in expected)
        if ending and not used:  # a module declares what it uses
            expected = [line for line in expected if line != declaration]
        if found != expected:
            pairwise = enumerate(zip_longest(found, expected), start=1)
            line = next(number for number, (there, wanted) in pairwise if there != wanted)
            return f"{name}:{line} is not {part.name}/{program}.qasm with the operations {', '.join(each.operations)}"
    return ""


def _replaced(lines: Sequence[str], operations: Mapping[str, OperationPart]) -> Iterator[str]:
    for line in lines:
        bit, _, qubit = line.partition(" = measure ")
        operation = operations.get(bit)
        if operation is None or not qubit:
            yield line
            continue
        yield from (f"{gate} {qubit}" for gate in operation.gates)
        if operation.measured:
            yield line
