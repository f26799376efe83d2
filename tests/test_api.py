"""The public names: asserted here, so that adding or losing one is a decision."""

import ast
import subprocess
import sys
from pathlib import Path

import dqplan

NAMES = [
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


def test_public_names() -> None:
    assert dqplan.__all__ == NAMES == sorted(NAMES)


def test_every_name_can_be_had_and_says_what_it_is() -> None:
    for name in NAMES:
        value = getattr(dqplan, name)
        assert value.__name__ == name
        assert value.__module__.startswith("dqplan.")
        assert value.__doc__


def test_type_checkers_see_the_names_that_are_loaded_on_demand() -> None:
    """The imports under TYPE_CHECKING and the table of homes say the same."""
    tree = ast.parse(Path(dqplan.__file__).read_text(encoding="utf-8"))
    seen = {
        alias.name: node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("dqplan.")
        for alias in node.names
    }
    assert seen == {name: f"dqplan.{home}" for name, home in dqplan._HOMES.items()}


def test_a_name_that_does_not_exist() -> None:
    assert not hasattr(dqplan, "qpu")


def test_importing_dqplan_imports_nothing_heavy() -> None:
    code = "import dqplan, sys; print([m for m in ('numpy', 'cirq', 'typer', 'pydantic') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"
