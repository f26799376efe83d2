"""Circuit -> Profile: the table of contents of this stage."""

from __future__ import annotations

from collections.abc import Sequence

from dqplan.core.circuit import Circuit, bit_names
from dqplan.core.normalise import segments_of
from dqplan.core.profile import Demand, Profile
from dqplan.core.segments import Segments
from dqplan.profile.depth import schedule_layers
from dqplan.profile.entanglement import measure_entanglement
from dqplan.profile.interaction import describe_interaction
from dqplan.profile.normal_form import describe_normal_form
from dqplan.profile.operations import count_operations


def profile_circuit(circuit: Circuit, *, segments: Segments | None = None, demand: Sequence[Demand] = ()) -> Profile:
    """Say what a circuit needs: size, depth, structure and entanglement.

    Values that would take too long are left out, with the reason in `skipped`. The time grows about linearly with the
    number of gates.

    Args:
        circuit: any circuit.
        segments: its normal form, if the caller has it already.
        demand: e-bits by number of modules, found by a planner, to be kept with the rest.

    >>> import dqplan
    >>> circuit = dqplan.load_circuit("sample_circuits/ghz_8.qasm")
    >>> profile_circuit(circuit).layers.depth
    8
    """
    segments = segments or segments_of(circuit)
    return Profile(
        name=circuit.name,
        digest=circuit.digest,
        num_qubits=circuit.num_qubits,
        num_clbits=circuit.num_clbits,
        qubit_names=tuple(bit_names(circuit.qregs)),
        operations=count_operations(circuit),
        layers=schedule_layers(circuit),
        normal_form=describe_normal_form(segments),
        interaction=describe_interaction(segments),
        entanglement=measure_entanglement(segments),
        demand=tuple(demand),
    )
