"""What shells offer for words of dqplan's own; files are the shell's own matter. Nothing here may be slow to import."""

from __future__ import annotations

DIALECTS = ("qasm3", "qasm2", "cirq", "qiskit", "cudaq", "netqasm", "stim")
AIMS = ("ebits", "time", "fidelity")
# Spelled out a second time (the enum is Dialect, and Objective has the names as fields): importing those imports numpy.


def presets(incomplete: str) -> list[str]:
    """Names of presets; where none fits, the shell offers files."""
    from dqplan.load.hardware_files.presets import preset_names

    return [name for name in preset_names() if name.startswith(incomplete)]


def topics(incomplete: str) -> list[str]:
    """Codes and topics of `dqplan explain`."""
    from dqplan.cli.explain import topic_names

    return [name for name in topic_names() if name.startswith(incomplete)]


def dialects(incomplete: str) -> list[str]:
    """Languages to write; behind a comma, those that are not named yet."""
    before, comma, last = incomplete.rpartition(",")
    named = before.split(",")
    return [f"{before}{comma}{name}" for name in DIALECTS if name.startswith(last) and name not in named]


def aims(incomplete: str) -> list[str]:
    """What to plan for."""
    return [name for name in AIMS if name.startswith(incomplete)]
