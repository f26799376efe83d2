"""Modules of hardware files that are calibrated devices, and targets of Qiskit."""

from __future__ import annotations

from pathlib import Path

import pytest
from qiskit.circuit import Parameter
from qiskit.circuit.library import CZGate, Measure, RZGate, SXGate
from qiskit.transpiler import CouplingMap, InstructionProperties, QubitProperties, Target

from dqplan.core.errors import HardwareError
from dqplan.core.hardware import Basis
from dqplan.core.normalise import segments_of
from dqplan.load.hardware_files.document import hardware_document, hardware_of_document, hardware_yaml
from dqplan.load.load_circuit import load_circuit
from dqplan.load.load_hardware import find_mistakes, load_hardware, read_hardware
from dqplan.load.load_targets import load_targets
from dqplan.load.source import Source
from dqplan.solve.solve_plan import solve_plan
from dqplan.split.recompile.recompile_program import recompile_program
from dqplan.split.split_circuit import split_circuit
from tests.conftest import SAMPLES
from tests.load.calibration.devices import CZ, READOUT, SX, T1_US, T2_US, properties_text, table_text

FILE = """\
schema: dqplan.hardware/1
sources:
  lab: {title: Our laboratory}
modules:
- {name: a, use: props.json, comm: 1}
- name: b
  use: table.csv
  comm: {value: 2, basis: measured, source: lab}
  one_qubit: {fidelity: {value: 0.99, basis: measured, source: lab}}
links:
- {between: [a, b], type: ebit, ebit: {fidelity: 0.95, rate_hz: 1000}}
"""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A hardware file beside two calibrations."""
    (tmp_path / "props.json").write_text(properties_text(cz={(3, 4): 1.0}))
    (tmp_path / "table.csv").write_text(table_text())
    (tmp_path / "hw.yaml").write_text(FILE)
    return tmp_path


def test_a_module_takes_what_a_calibration_says(files: Path) -> None:
    """Four of five qubits work; the last one is the comm qubit."""
    hardware = load_hardware(str(files / "hw.yaml"))
    module = hardware.modules[0]
    assert (module.data_qubits, module.comm_qubits) == (3, 1)
    assert module.coupling == ((0, 1), (1, 2), (2, 3))
    assert module.native_gates == ("sx", "rz", "cz")
    assert module.two_qubit.fidelity == pytest.approx(0.996)
    origin = hardware.provenance["modules.0.two_qubit.fidelity"]
    assert (origin.basis, origin.source, origin.date) == (
        Basis.MEASURED,
        "props.json 2026-11-25",
        "2026-11-25T08:30:00Z",
    )
    assert "mean 0.996" in origin.note
    assert hardware.provenance["modules.0.data"].note == (
        "1 qubit (4) and 1 pair that do not work, or not well enough, are left out"
    )


def test_what_stands_beside_overrides(files: Path) -> None:
    hardware = load_hardware(str(files / "hw.yaml"))
    module = hardware.modules[1]
    assert (module.data_qubits, module.comm_qubits) == (3, 2)
    assert (module.one_qubit.fidelity, module.one_qubit.duration_s) == (0.99, pytest.approx(32e-9))
    assert hardware.provenance["modules.1.one_qubit.fidelity"].source == "lab"
    assert hardware.provenance["modules.1.one_qubit.duration_s"].source == "table.csv"


def test_the_mean_may_be_asked_for(files: Path) -> None:
    text = FILE.replace("use: table.csv", "use: table.csv\n  reduction: mean")
    (files / "hw.yaml").write_text(text)
    assert load_hardware(str(files / "hw.yaml")).modules[1].two_qubit.fidelity == pytest.approx(0.9845)


def test_bad_pairs_may_be_left_out(files: Path) -> None:
    """Errors of 2, 4, 6 and 50 in a thousand: without those above 5, the pairs 0-1 and 1-2 are left."""
    (files / "hw.yaml").write_text(FILE.replace("comm: {value: 2", "max_pair_error: 0.005\n  comm: {value: 2"))
    module = load_hardware(str(files / "hw.yaml")).modules[1]
    assert (module.data_qubits, module.coupling) == (1, ((0, 1), (1, 2)))
    assert module.two_qubit.fidelity == pytest.approx(0.997)


def test_a_changed_calibration_is_read_again(files: Path) -> None:
    first = load_hardware(str(files / "hw.yaml")).digest
    (files / "props.json").write_text(properties_text())
    assert load_hardware(str(files / "hw.yaml")).digest != first


def test_what_is_stored_needs_no_other_file(files: Path) -> None:
    """The whole file can be written out, and read elsewhere; a stored hardware cannot make dqplan read files."""
    hardware = load_hardware(str(files / "hw.yaml"))
    assert read_hardware(Source("x.yaml", hardware_yaml(hardware))).digest == hardware.digest
    document = hardware_document(hardware)
    document["modules"][0]["use"] = str(files / "props.json")
    with pytest.raises(HardwareError, match="only a file of its own may use other files"):
        hardware_of_document(document)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("props.json", "nothing.json", "hw.yaml:5:13: modules.0.use: .*no such file"),
        ("props.json", "hw.yaml", "hw.yaml:5:13: modules.0.use: .*no calibration data that dqplan knows"),
        ("props.json", ".", "hw.yaml:5:13: modules.0.use: .*is a directory"),
        ("comm: 1}", "comm: 4}", "hw.yaml:5:13: modules.0.use: 4 qubits work, which leaves none"),
        ("comm: 1}", "comm: 1, reduction: mode}", "modules.0.reduction: found `mode`"),
        ("comm: 1}", "comm: 1, data: 9, coupling: [[0, 17]]}", "qubit 17 does not exist"),
        ("use: props.json, ", "", "modules.0.data: is missing"),
    ],
)
def test_mistakes_are_told_at_their_place(files: Path, old: str, new: str, message: str) -> None:
    path = files / "hw.yaml"
    path.write_text(FILE.replace(old, new, 1))
    mistakes = find_mistakes(Source(str(path), path.read_text()))
    assert len(mistakes) == 1
    with pytest.raises(HardwareError, match=message):
        load_hardware(str(path))


def target(**dead: float) -> Target:
    """The device of `devices.py` as Qiskit has it."""
    qubits = [QubitProperties(t1=t1 * 1e-6, t2=t2 * 1e-6) for t1, t2 in zip(T1_US, T2_US, strict=True)]
    made = Target(num_qubits=5, qubit_properties=qubits)
    made.add_instruction(SXGate(), {(q,): InstructionProperties(error=SX[q], duration=32e-9) for q in range(5)})
    made.add_instruction(RZGate(Parameter("a")), {(q,): InstructionProperties(error=0, duration=0) for q in range(5)})
    made.add_instruction(
        CZGate(),
        {
            pair: InstructionProperties(error=dead.get(f"p{pair[0]}", error), duration=68e-9)
            for pair, error in CZ.items()
        },
    )
    readout = {(q,): InstructionProperties(error=READOUT[q], duration=1.5e-6) for q in range(5)}
    made.add_instruction(Measure(), readout)
    return made


def test_a_target_says_the_same_as_the_file(files: Path) -> None:
    read = load_hardware(str(files / "hw.yaml")).modules[0]
    made = load_targets({"a": target(p3=1.0)}, comm_qubits=1).modules[0]
    for name in ("data_qubits", "comm_qubits", "coupling", "native_gates", "two_qubit", "one_qubit", "readout"):
        assert getattr(made, name) == getattr(read, name)
    assert (made.t1_s, made.t2_s) == (read.t1_s, read.t2_s)


def test_a_circuit_is_planned_and_compiled_on_targets() -> None:
    links = [{"between": ["a", "b"], "type": "ebit", "ebit": {"fidelity": 0.95, "rate_hz": 1e5}}]
    hardware = load_targets({"a": target(), "b": CouplingMap.from_ring(6)}, comm_qubits=1, links=links, basis="assumed")
    assert hardware.basis_counts[Basis.MEASURED] == 0
    plan = solve_plan(segments_of(load_circuit(str(SAMPLES / "ghz_8.qasm"))), hardware)
    native = recompile_program(split_circuit(plan))
    assert native is not None
    assert all(part.routed for part in native.modules)


@pytest.mark.parametrize(
    ("targets", "message"),
    [
        ({"a": object()}, "neither a Target nor a CouplingMap"),
        ({"a": Target()}, "does not say how many qubits"),
        ({"A": CouplingMap.from_line(3)}, "lower-case letters"),
        ({"a": target(p0=float("nan"))}, "the target's error is nan"),
    ],
)
def test_targets_that_cannot_be_used_are_refused(targets: dict[str, Target], message: str) -> None:
    with pytest.raises(HardwareError, match=message):
        load_targets(targets)


def test_a_calibration_alone_is_a_network_of_one_module(files: Path) -> None:
    """To compare a distributed plan with one chip."""
    hardware = load_hardware(str(files / "props.json"))
    (module,) = hardware.modules
    assert (module.name, module.data_qubits, module.comm_qubits, hardware.links) == ("made_up", 4, 0, ())
    assert load_hardware(str(files / "table.csv")).modules[0].name == "m0"
    assert find_mistakes(Source("d.csv", "part,quantity,value\nm0,t1_s,1\n"))[0].message.startswith("it holds single")
