"""Programs: every subexperiment is there, and is its island's program with its operations at the ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product

from dqplan.core.cutting import LocalOperation, spelled_out
from dqplan.core.gates import Op
from dqplan.core.verdict import Check, Status
from dqplan.load.cuts_document import CutsDocument, IslandPart, OperationPart, SubexperimentPart
from dqplan.load.emitted import Emitted, read_program
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
    skipped, total = "", 0
    for number, (part, island) in enumerate(zip(document.islands, islands, strict=True)):
        told = {tuple(each.operations) for each in part.subexperiments}
        if missing := next((asked for asked in _asked(document, number) if asked not in told), None):
            return Check(NAME, Status.FAILED, f"{part.name} lacks the operations {', '.join(missing)}")
        for each in part.subexperiments:
            check = _check(document, part, island, each, files)
            if check.status is Status.FAILED:
                return Check(NAME, Status.FAILED, f"{each.name}.qasm: {check.detail}")
            skipped = skipped or (f"{each.name}: {check.detail}" if check.status is Status.SKIPPED else "")
            total += 1
    if skipped:
        return Check(NAME, Status.SKIPPED, skipped)
    detail = (
        f"{total} programs are legal, and for every input and outcome their islands' circuits with the operations of "
        "their terms; none is missing"
    )
    return Check(NAME, Status.PROVED, detail)


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
    return legal if legal.status is Status.FAILED else check_structure(changed)


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
        model, name = files[f"{part.name}/{program}.qasm"], f"{each.name}{ending}.qasm"
        if name not in files:
            return f"{name} is missing"
        expected = "".join(_replaced(model.splitlines(keepends=True), dict(zip(bits, operations, strict=True))))
        if files[name] != expected:
            found = zip(files[name].splitlines(), expected.splitlines(), strict=False)
            line = next((k for k, (a, b) in enumerate(found, start=1) if a != b), 0)
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
