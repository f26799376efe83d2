"""A directory that `split` wrote -> all that can be told about its plan without reading the programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dqplan.core.circuit import Circuit, Register
from dqplan.core.errors import HardwareError, Place, PlanError
from dqplan.core.hardware import Hardware
from dqplan.load.hardware_files.document import hardware_of_document
from dqplan.load.load_circuit import INPUT_FILES, circuit_of_text
from dqplan.load.plan_document import PLAN_FILE, PlanDocument, plan_document_of_text
from dqplan.load.replay import Replay, replay_of
from dqplan.load.schedule_document import SCHEDULE_FILE, ScheduleDocument, schedule_document_of_text


@dataclass(frozen=True, eq=False)
class WrittenPlan:
    """What a directory says about its plan.

    Attributes:
        document: plan.json.
        hardware: the network that it describes.
        replay: homes, hosts and shares.
        circuit: its copy in the directory, if there is one.
        schedule: schedule.json, if there is one.
    """

    document: PlanDocument
    hardware: Hardware
    replay: Replay
    circuit: Circuit | None
    schedule: ScheduleDocument | None

    @property
    def qregs(self) -> tuple[Register, ...]:
        """The registers of the circuit; a single `q` if there is no copy of it."""
        return (Register("q", 0, self.document.circuit.num_qubits),) if self.circuit is None else self.circuit.qregs


def written_plan(files: Mapping[str, str]) -> WrittenPlan:
    """Read the texts of a directory, by file name.

    Raises:
        PlanError: plan.json or schedule.json is damaged, or plan.json contradicts itself.
        InputError: the copy of the circuit cannot be read.
    """
    document = plan_document_of_text(files[PLAN_FILE])
    hardware = hardware_of_plan(document)
    schedule = schedule_document_of_text(files[SCHEDULE_FILE]) if SCHEDULE_FILE in files else None
    return WrittenPlan(document, hardware, replay_of(document, hardware), _circuit(document, files), schedule)


def hardware_of_plan(document: PlanDocument) -> Hardware:
    """The network in plan.json; raises PlanError if it is none."""
    try:
        return hardware_of_document(document.hardware.description, PLAN_FILE)
    except HardwareError as error:
        message = f"hardware.description is no hardware file: {error.message}"
        hint = "write the directory again with `dqplan split`"
        raise PlanError(message, place=Place(PLAN_FILE), hint=hint) from error


def _circuit(document: PlanDocument, files: Mapping[str, str]) -> Circuit | None:
    name = next((name for name in INPUT_FILES if name in files), None)
    if name is None:
        return None
    circuit, size = circuit_of_text(files[name], name), document.circuit.num_qubits
    if circuit.num_qubits != size:
        raise PlanError(f"it speaks of {size} qubits, {name} has {circuit.num_qubits}", place=Place(PLAN_FILE))
    return circuit
