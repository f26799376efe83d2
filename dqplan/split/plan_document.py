"""Plan and Program -> plan.json, schema `dqplan.plan/1`: enough for anybody to replay the plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from dqplan.core.certificate import Part
from dqplan.core.circuit import bit_names
from dqplan.core.dropping import Dropped
from dqplan.core.native import Native
from dqplan.core.outlook import Outlook
from dqplan.core.plan import Alternative, Plan
from dqplan.core.program import Program
from dqplan.core.share import NOT_PARKED, Share
from dqplan.core.stay import Stay
from dqplan.core.survival import Survival
from dqplan.core.verdict import Check
from dqplan.load.hardware_files.document import hardware_document
from dqplan.split.manifest import manifest_of

SCHEMA = "dqplan.plan/1"


def plan_document(
    program: Program,
    checks: Sequence[Check] = (),
    files: Sequence[str] = (),
    outlook: Outlook | None = None,
    native: Native | None = None,
    survival: Survival | None = None,
) -> dict[str, Any]:
    """The document as JSON-able values, keys in a stable order.

    Args:
        program: with the plan that it carries out.
        checks: of the program's verdict, if it was verified.
        files: names of the files written beside plan.json.
        outlook: when everything happens and how good it ends, if that was estimated.
        native: the program as it was compiled for its modules, if it was.
        survival: what has become of an old plan, if there was one.
    """
    plan = program.plan
    circuit = plan.segments.circuit if plan.dropped is None else plan.dropped.circuit
    return {
        "schema": SCHEMA,
        "circuit": {
            "name": circuit.name,
            "digest": circuit.digest,
            "num_qubits": circuit.num_qubits,
            "num_gates_2q": circuit.num_gates_2q,
            "num_segments": plan.segments.num_segments,
        },
        "hardware": {
            "name": plan.hardware.name,
            "digest": plan.hardware.digest,
            "num_modules": plan.hardware.num_modules,
            "description": hardware_document(plan.hardware),
        },
        "objective": str(plan.objective),
        "effort": plan.effort.value,
        "seed": plan.seed,
        "relaxed": plan.relaxed,
        "purification": dict(plan.purification),
        **({} if plan.dropped is None else {"dropped": _dropped(plan.dropped)}),
        "stop_reason": plan.stop_reason,
        "elapsed_s": round(plan.elapsed_s, 3),
        "cost": {**asdict(plan.cost), **_totals(outlook)},
        "outlook": None if outlook is None else _outlook(outlook),
        **({"pareto": [_alternative(each) for each in plan.pareto]} if plan.pareto else {}),
        **({} if survival is None else {"against": _against(survival)}),
        "bound": _bound(plan),
        "baseline": asdict(plan.baseline),
        "checks": [asdict(check) for check in checks],
        "layout": _layout(program),
        "manifest": manifest_of(program),
        **({} if native is None else {"native": _native(native)}),
        "plan": _replay(plan),
        "files": list(files),
    }


def _totals(outlook: Outlook | None) -> dict[str, float | None]:
    """The expected raw pairs and makespan, and the process fidelity."""
    makespan, fidelity = (None, None) if outlook is None else (outlook.makespan, outlook.fidelity)
    return {
        "raw_pairs": None if outlook is None else outlook.raw_pairs,
        "makespan_s": None if makespan is None else makespan.expected_s,
        "fidelity": None if fidelity is None else fidelity.process,
    }


def _outlook(outlook: Outlook) -> dict[str, Any]:
    schedule, fidelity = outlook.schedule, outlook.fidelity
    return {
        "schedule": schedule
        and {
            "makespan_s": schedule.makespan_s,
            "bound_s": schedule.bound_s,
            "proved_by": schedule.proved_by,
            "optimal": schedule.optimal,
        },
        "critical_path": outlook.critical_path and asdict(outlook.critical_path),
        "makespan": outlook.makespan and asdict(outlook.makespan),
        "fidelity": fidelity and {**asdict(fidelity), "process": fidelity.process, "average": fidelity.average},
        "missing": list(outlook.missing),
        "assumed": list(outlook.assumed),
        "basis": {basis.value: count for basis, count in outlook.basis.items()},
    }


def _dropped(dropped: Dropped) -> dict[str, Any]:
    """What is left out of the circuit, and how wrong that may make it."""
    names = bit_names(dropped.circuit.qregs)
    return {
        "budget": dropped.budget,
        "infidelity": dropped.infidelity,
        "infidelity_sum": dropped.infidelity_sum,
        "ebits_saved": dropped.ebits_saved,
        "gates": [
            {
                "row": gate.row,
                "line": gate.operation.line,
                "gate": gate.operation.op.spelling,
                "angle": gate.operation.params[0],
                "qubits": [names[qubit] for qubit in gate.operation.qubits],
                "infidelity": gate.infidelity,
            }
            for gate in dropped.gates
        ],
    }


def _alternative(each: Alternative) -> dict[str, Any]:
    """What a plan that no other one dominates was judged by."""
    return {
        "ebits": each.plan.cost.ebits,
        "weighted_ebits": each.figures.ebits,
        "makespan_p95_s": each.figures.p95_s,
        "fidelity": each.figures.fidelity,
        "chosen": each.chosen,
    }


def _against(survival: Survival) -> dict[str, Any]:
    """An old plan, then and today, and a new one."""
    return {
        "obstacles": list(survival.obstacles),
        "kept": survival.kept,
        "then": asdict(survival.then),
        "today": survival.today and asdict(survival.today),
        "new": asdict(survival.new),
    }


def _bound(plan: Plan) -> dict[str, Any]:
    bound, names = plan.bound, [module.name for module in plan.hardware.modules]
    proof = bound.certificate
    return {
        "ebits": bound.ebits,
        "proved_by": bound.proved_by,
        "covers": bound.covers,
        "certificate": None if proof is None else {"parts": [_part(part, names) for part in proof.parts]},
        "optimal": plan.optimal,
    }


def _part(part: Part, names: Sequence[str]) -> dict[str, Any]:
    return {
        "cuts": [[names[module] for module in side] for side in part.cuts],
        "unit": part.unit,
        "inequalities": [
            {
                "multiplier": row.multiplier,
                "moment": row.moment,
                "connectivity": row.connectivity,
                "blocks": [[block.first, block.last, block.parent] for block in row.blocks],
            }
            for row in part.inequalities
        ],
    }


def _native(native: Native) -> dict[str, Any]:
    """The registers of the native program, where everything starts and ends in it, and what it costs."""
    program = native.program
    names, modules = bit_names(program.circuit.qregs), program.plan.hardware.modules
    return {
        "registers": _registers(program),
        "start": [names[place] for place in native.start],
        "output": [names[place] for place in program.output_qubit],
        "modules": [{**asdict(part), "module": modules[part.module].name} for part in native.modules],
        "manifest": manifest_of(program),
    }


def _registers(program: Program) -> list[dict[str, Any]]:
    modules = program.plan.hardware.modules
    return [
        {
            "name": register.name,
            "module": modules[program.module_of[register.start]].name,
            "kind": program.kind_of[register.start].value,
            "size": register.size,
        }
        for register in program.circuit.qregs
    ]


def _layout(program: Program) -> dict[str, Any]:
    """Which register belongs to which module, and where the circuit's qubits and bits are found in the program."""
    names = bit_names(program.circuit.qregs)
    return {
        "registers": _registers(program),
        "input": [names[qubit] for qubit in program.input_qubit],
        "output": [names[qubit] for qubit in program.output_qubit],
        "clbits": [
            {"name": run.register, "offset": run.offset, "as": run.name, "size": run.size} for run in program.clbit_runs
        ],
        "messages": program.num_messages,
    }


def _replay(plan: Plan) -> dict[str, Any]:
    """Segments, homes, hosts and shares by number; modules by name."""
    names = [module.name for module in plan.hardware.modules]
    segments = plan.segments
    return {
        **({} if segments.order is None else {"order": segments.order.tolist()}),
        "segments": {"qubit": segments.wire.tolist(), "home": [names[m] for m in plan.home.tolist()]},
        "gates": {
            "segments": segments.gate_pairs.tolist(),
            "angle": segments.angle[segments.gates].tolist(),
            "event": segments.gates.tolist(),
            "line": segments.line[segments.gates].tolist(),
            "host": [names[m] for m in plan.host.tolist()],
        },
        "output_wire": np.asarray(segments.output_wire).tolist(),
        "shares": [_share(share, names) for share in plan.shares],
        "stays": [_stay(stay, names) for stay in plan.stays],
    }


def _share(share: Share, names: Sequence[str]) -> dict[str, Any]:
    return {
        "segment": share.segment,
        "until": share.until,
        "route": [names[module] for module in share.route],
        "begin": share.begin,
        "end": share.end,
        "teleport": share.teleport,
        "parked": None if share.parked == NOT_PARKED else share.parked,
    }


def _stay(stay: Stay, names: Sequence[str]) -> dict[str, Any]:
    return {
        "qubit": stay.wire,
        "route": [names[module] for module in stay.route],
        "begin": stay.begin,
        "end": stay.end,
    }
