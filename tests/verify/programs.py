"""Distributed programs written by hand, as the files of a directory, for planting bugs in their text."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from dqplan.load.hardware_files.document import hardware_document
from dqplan.load.load_circuit import circuit_of_text
from dqplan.load.load_hardware import load_hardware

HEADER = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n'
TITLE = "// dqplan: joint program of 'input' on 'by hand'\n"
EBIT = "gate epr a, b { h a; cx a, b; }\n"

CIRCUIT = HEADER + "qubit[3] q;\nh q[0];\ncx q[0], q[2];\ncp(0.7) q[2], q[0];\nh q[0];\ncx q[0], q[1];\n"

JOINT = (
    HEADER
    + EBIT
    + """qubit[2] m0_data;
qubit[1] m0_comm;
qubit[1] m1_data;
qubit[1] m1_comm;
bit[1] msg0;
bit[1] msg1;
h m0_data[0];
reset m0_comm[0];
reset m1_comm[0];
epr m0_comm[0], m1_comm[0];
cx m0_data[0], m0_comm[0];
msg0[0] = measure m0_comm[0];
if (msg0 == 1) x m1_comm[0];
cx m1_comm[0], m1_data[0];
cp(0.7) m1_comm[0], m1_data[0];
h m1_comm[0];
msg1[0] = measure m1_comm[0];
if (msg1 == 1) z m0_data[0];
h m0_data[0];
cx m0_data[0], m0_data[1];
"""
)
"""One share serves two gates, then the copy is removed."""

INPUT = ["m0_data[0]", "m0_data[1]", "m1_data[0]"]


def directory(
    circuit: str = CIRCUIT,
    joint: str = JOINT,
    *,
    hardware: str = "all:2x2+1",
    begin: list[str] | None = None,
    end: list[str] | None = None,
    routes: list[list[str]] | None = None,
    clbits: list[dict[str, Any]] | None = None,
    peak_comm: Mapping[str, int] | None = None,
    relaxed: bool = False,
) -> dict[str, str]:
    """All files for a joint program; e-bits are one per hop of `routes`, module programs are cut from the text."""
    routes = [["m0", "m1"]] if routes is None else routes
    hops = [sorted(pair) for route in routes for pair in pairwise(route)]
    links = {f"{a}--{b}": hops.count([a, b]) for a, b in sorted(map(tuple, hops))}
    read, network, registers = circuit_of_text(circuit, "input.qasm"), load_hardware(hardware), _registers(joint)
    modules = sorted({name.partition("_")[0] for name, _ in registers})
    document = {
        "schema": "dqplan.plan/1",
        "circuit": {
            "name": "input",
            "digest": read.digest,
            "num_qubits": read.num_qubits,
            "num_gates_2q": read.num_gates_2q,
            "num_segments": 1,
        },
        "hardware": {
            "name": network.name,
            "digest": network.digest,
            "num_modules": network.num_modules,
            "description": hardware_document(network),
        },
        "objective": "ebits",
        "effort": "quick",
        "seed": 0,
        "relaxed": relaxed,
        "stop_reason": "written by hand",
        "elapsed_s": 0.0,
        "cost": {
            "ebits": len(hops),
            "ebits_by_link": links,
            "shares": len(routes),
            "teleports": 0,
            "peak_data": {module.name: 9 for module in network.modules},
            "peak_comm": {"m0": 1, "m1": 1} if peak_comm is None else dict(peak_comm),
            "makespan_s": None,
            "fidelity": None,
        },
        "bound": {"ebits": 0, "proved_by": "nothing", "covers": "all plans", "optimal": not hops},
        "baseline": {"one_ebit_per_remote_gate": 2, "static_packets": 1},
        "checks": [],
        "layout": {
            "registers": [
                {"name": name, "module": name.partition("_")[0], "kind": name.partition("_")[2], "size": size}
                for name, size in registers
            ],
            "input": INPUT if begin is None else begin,
            "output": (INPUT if begin is None else begin) if end is None else end,
            "clbits": clbits or [],
            "messages": len(re.findall(r"^bit\[1\] msg", joint, re.MULTILINE)),
        },
        "manifest": manifest(joint, modules),
        "plan": {
            "shares": [
                {"segment": 0, "until": 0, "route": route, "begin": 0, "end": 0, "teleport": False} for route in routes
            ]
        },
        "files": ["input.qasm", "joint.qasm", "plan.json", *(f"{module}.qasm" for module in modules)],
    }
    programs = {f"{module}.qasm": module_program(joint, module) for module in modules}
    return {"plan.json": json.dumps(document), "input.qasm": circuit, "joint.qasm": TITLE + joint, **programs}


def module_program(joint: str, module: str) -> str:
    """The lines that mention the module's registers, all classical ones, and what crosses the module's border."""
    lines = [line for line in joint.removeprefix(HEADER + EBIT).splitlines(keepends=True) if _modules_of(line)]
    declared = [line for line in joint.splitlines(keepends=True) if line.startswith("bit[")]
    registers = [line for line in joint.splitlines(keepends=True) if line.startswith("qubit[")]
    head = [f"// dqplan: module {module} of 'input' on 'by hand'\n", HEADER]
    head += [line for line in registers if _modules_of(line) == [module]] + declared
    ebits, body = 0, []
    for number, line in enumerate(lines):
        if line.startswith("qubit["):
            continue
        ebits += line.startswith("epr")
        if module in _modules_of(line):
            body += [f"// dqplan: receive {bit} from {origin}\n" for bit, origin in _received(lines, number, module)]
            body.append(re.sub(r"epr (.*), (.*);", rf"// dqplan: ebit {ebits} \1 -- \2", line))
            body += [f"// dqplan: send {bit} to {target}\n" for bit, target in _sent(lines, number, module)]
    return "".join(head + body)


def manifest(joint: str, modules: list[str]) -> dict[str, Any]:
    """One entry for each line; nobody asks for runs."""
    order: list[list[int]] = []
    for line in joint.splitlines():
        places = [modules.index(module) for module in _modules_of(line)]
        if places and not line.startswith("qubit["):
            ebits = sum(len(entry) == 3 for entry in order) + 1
            order.append([*places, ebits] if line.startswith("epr") else [places[0], 1])
    return {"modules": modules, "order": order}


def _modules_of(line: str) -> list[str]:
    """Only the first, unless it makes an e-bit."""
    found = re.findall(r"\b(m\d+)_(?:data|comm)\b", line)
    return found if line.startswith("epr") else found[:1]


def _sent(lines: list[str], number: int, module: str) -> list[tuple[str, str]]:
    """(bit, module) of those who read an outcome before it is measured again."""
    bit = _written(lines[number])
    targets = set()
    for line in lines[number + 1 :] if bit else []:
        targets |= {*_modules_of(line)[:1]} if bit in _read(line) else set()
        if _written(line) == bit:
            break
    return [(bit, target) for target in sorted(targets - {module})]


def _received(lines: list[str], number: int, module: str) -> list[tuple[str, str]]:
    """(bit, module) of what a line reads for the first time since another module measured it."""
    found = []
    for bit in _read(lines[number]):
        for before in reversed(lines[:number]):
            if _written(before) == bit:
                found += [(bit, origin) for origin in _modules_of(before) if origin != module]
            if _written(before) == bit or (bit in _read(before) and module in _modules_of(before)):
                break
    return found


def _written(line: str) -> str:
    return line.partition(" = measure")[0] if " = measure" in line else ""


def _read(line: str) -> list[str]:
    test = re.match(r"if \((\w+)(?:\[(\d+)\])?", line)
    return [f"{test[1]}[{test[2] or 0}]"] if test else []


def edited(files: Mapping[str, str], name: str, old: str, new: str) -> dict[str, str]:
    """The files with the first `old` in one of them replaced."""
    assert old in files[name], old
    return {**files, name: files[name].replace(old, new, 1)}


def plan_with(files: Mapping[str, str], /, **changes: Any) -> dict[str, str]:
    """The files with entries of plan.json replaced; `cost__ebits=3` stands for cost.ebits."""
    document = json.loads(files["plan.json"])
    for path, value in changes.items():
        *parents, key = path.split("__")
        part = document
        for parent in parents:
            part = part[parent]
        part[key] = value
    return {**files, "plan.json": json.dumps(document)}


def _registers(joint: str) -> list[tuple[str, int]]:
    return [(name, int(size)) for size, name in re.findall(r"^qubit\[(\d+)\] (\w+);", joint, re.MULTILINE)]
