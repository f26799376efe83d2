"""Profile quantum circuits, plan their distribution over linked modules, and check the result.

    circuit, hardware --load--> Circuit, Hardware
    Circuit           --profile--> Profile    what the workload needs
    Circuit, Hardware --cut--> CutCircuit     where no e-bits join modules: islands, and what is cut between them
    Circuit, Hardware --solve--> Plan         homes, hosts and shares that cost the fewest e-bits
    Plan              --split--> Program      operations on the data and comm qubits of each module,
                                              compiled to its native gates and couplings: Native
    Program           --trial--> Outlook      when everything happens, how good it ends
    Program           --verify--> Verdict     legal? counted again? equivalent?
    Program           --simulate--> Experiment    what would come out of the machine, run by run
    Program, results  --merge--> Counts       what modules measured, in the circuit's registers
    Plan, Plan        --compare--> Comparison what differs between two plans

`choose` makes several plans where the objective is time or fidelity, and keeps the one whose outlook is best; `sweep`
does all this for many circuits, networks and options; `size` finds the smallest hardware that reaches a target.

>>> import dqplan
>>> circuit = dqplan.load_circuit("sample_circuits/qft_16.qasm")
>>> hardware = dqplan.load_hardware("all:2x9")
>>> plan = dqplan.solve_plan(dqplan.segments_of(circuit), hardware)
>>> plan.cost.ebits >= plan.bound.ebits
True
>>> files = dqplan.program_files(dqplan.split_circuit(plan))
>>> dqplan.verify_plan(files, circuit).holds
True
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dqplan.choose.choose_plan import choose_plan
    from dqplan.choose.plan_islands import plan_islands
    from dqplan.core.circuit import Circuit
    from dqplan.core.cost import Cost
    from dqplan.core.counts import Counts
    from dqplan.core.cutting import CutCircuit
    from dqplan.core.errors import DqplanError, InfeasibleError, InputError, StoppedError
    from dqplan.core.estimates import Estimates
    from dqplan.core.experiment import Experiment
    from dqplan.core.hardware import Hardware, Link, Module
    from dqplan.core.native import Native
    from dqplan.core.normalise import segments_of
    from dqplan.core.objective import Objective
    from dqplan.core.outlook import Outlook
    from dqplan.core.plan import Bound, Effort, Plan
    from dqplan.core.profile import Profile
    from dqplan.core.program import Program
    from dqplan.core.segments import Segments
    from dqplan.core.share import Share
    from dqplan.core.stay import Stay
    from dqplan.core.verdict import Check, Status, Verdict
    from dqplan.cut.cut_circuit import cut_circuit
    from dqplan.load.load_circuit import load_circuit
    from dqplan.load.load_hardware import load_hardware
    from dqplan.load.load_targets import load_targets
    from dqplan.merge.merge_counts import merge_counts
    from dqplan.merge.merge_cuts import merge_cuts
    from dqplan.profile.profile_circuit import profile_circuit
    from dqplan.simulate.simulate_program import simulate_program
    from dqplan.size.curve import Sizing
    from dqplan.size.hunt import PlanOptions
    from dqplan.size.quantity import Knob, Quantity
    from dqplan.size.size_hardware import size_hardware
    from dqplan.size.target import Target
    from dqplan.solve.progress import Progress
    from dqplan.solve.solve_plan import solve_plan
    from dqplan.split.cut_files import cut_files
    from dqplan.split.files import program_files
    from dqplan.split.recompile.recompile_program import recompile_program
    from dqplan.split.split_circuit import split_circuit
    from dqplan.sweep.load_sweep import load_sweep
    from dqplan.sweep.run_sweep import run_sweep
    from dqplan.trial.trial_program import trial_program
    from dqplan.verify.cuts.verify_cuts import verify_cuts
    from dqplan.verify.verify_plan import verify_plan

__version__ = "0.1.0"

__all__ = [
    "Bound",
    "Check",
    "Circuit",
    "Cost",
    "Counts",
    "CutCircuit",
    "DqplanError",
    "Effort",
    "Estimates",
    "Experiment",
    "Hardware",
    "InfeasibleError",
    "InputError",
    "Knob",
    "Link",
    "Module",
    "Native",
    "Objective",
    "Outlook",
    "Plan",
    "PlanOptions",
    "Profile",
    "Program",
    "Progress",
    "Quantity",
    "Segments",
    "Share",
    "Sizing",
    "Status",
    "Stay",
    "StoppedError",
    "Target",
    "Verdict",
    "choose_plan",
    "cut_circuit",
    "cut_files",
    "load_circuit",
    "load_hardware",
    "load_sweep",
    "load_targets",
    "merge_counts",
    "merge_cuts",
    "plan_islands",
    "profile_circuit",
    "program_files",
    "recompile_program",
    "run_sweep",
    "segments_of",
    "simulate_program",
    "size_hardware",
    "solve_plan",
    "split_circuit",
    "trial_program",
    "verify_cuts",
    "verify_plan",
]

_HOMES = {
    "Bound": "core.plan",
    "Check": "core.verdict",
    "Circuit": "core.circuit",
    "Cost": "core.cost",
    "Counts": "core.counts",
    "CutCircuit": "core.cutting",
    "DqplanError": "core.errors",
    "Effort": "core.plan",
    "Estimates": "core.estimates",
    "Experiment": "core.experiment",
    "Hardware": "core.hardware",
    "InfeasibleError": "core.errors",
    "InputError": "core.errors",
    "Knob": "size.quantity",
    "Link": "core.hardware",
    "Module": "core.hardware",
    "Native": "core.native",
    "Objective": "core.objective",
    "Outlook": "core.outlook",
    "Plan": "core.plan",
    "PlanOptions": "size.hunt",
    "Profile": "core.profile",
    "Program": "core.program",
    "Progress": "solve.progress",
    "Quantity": "size.quantity",
    "Segments": "core.segments",
    "Share": "core.share",
    "Sizing": "size.curve",
    "Status": "core.verdict",
    "Stay": "core.stay",
    "StoppedError": "core.errors",
    "Target": "size.target",
    "Verdict": "core.verdict",
    "choose_plan": "choose.choose_plan",
    "cut_circuit": "cut.cut_circuit",
    "cut_files": "split.cut_files",
    "load_circuit": "load.load_circuit",
    "load_hardware": "load.load_hardware",
    "load_sweep": "sweep.load_sweep",
    "load_targets": "load.load_targets",
    "merge_counts": "merge.merge_counts",
    "merge_cuts": "merge.merge_cuts",
    "plan_islands": "choose.plan_islands",
    "profile_circuit": "profile.profile_circuit",
    "program_files": "split.files",
    "recompile_program": "split.recompile.recompile_program",
    "run_sweep": "sweep.run_sweep",
    "segments_of": "core.normalise",
    "simulate_program": "simulate.simulate_program",
    "size_hardware": "size.size_hardware",
    "solve_plan": "solve.solve_plan",
    "split_circuit": "split.split_circuit",
    "trial_program": "trial.trial_program",
    "verify_cuts": "verify.cuts.verify_cuts",
    "verify_plan": "verify.verify_plan",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used: `dqplan --help` must not pay for numpy and the solvers."""
    if name not in _HOMES:
        raise AttributeError(f"module 'dqplan' has no attribute {name!r}")
    value = getattr(import_module(f"dqplan.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
