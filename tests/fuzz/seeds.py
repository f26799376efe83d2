"""Valid files of every kind, small ones, which mutations start from."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from pathlib import Path

from tests.fuzz.commands import KINDS, LIMITED, MEASURED
from tests.load.calibration.devices import properties_text

SAMPLES = Path(__file__).parent.parent.parent / "sample_circuits"

QASM3 = (
    MEASURED,
    """OPENQASM 3.0;
include "stdgates.inc";
// gates, modifiers, aliases, loops
const int n = 3;
const float t = pi/4;
gate mine(a, b) x, y { rx(a + b/2) x; cx x, y; gphase(-a); ctrl @ rz(b) x, y; }
qubit[n] q;
qubit r;
bit[n] c;
bit d;
let pair = q[0:1] ++ r;
mine(t, 0.5) q[0], q[1];
for int i in [0:1:2] { h q[i]; if (i == 1) { x r; } }
for int i in {0, 2} { ctrl(2) @ negctrl @ x q[0], q[1], r, q[2]; break; }
inv @ pow(2) @ s pair[0];
pow(0.5) @ x q[1];
cx q[{0, 1}], q[2];
c[0] = measure q[0];
if (c[0] == 1 && !d) { z q[1]; } else { y q[2]; }
if (c == 3) reset r;
barrier q, r;
d = measure r;
bit e = measure q[1];
if (e) u3(0.1, -2e-1, .3) q[2];
""".replace(" break;", ""),
    "OPENQASM 3;\nU(0.1, 0.2, pi) $0;\nbit c; c = measure $1;\nif (c) { U(1, 2, 3) $2; }\n",
)
QASM2 = (
    """OPENQASM 2.0;
include "qelib1.inc";
opaque o(a) x;
gate g(a,b) x,y { u3(a,b,-pi/2) x; cx x,y; barrier x; u1(sin(a)^2) y; }
qreg q[3];
creg c[2];
g(0.3,1e-3) q[0],q[1];
h q;
cu1(pi/8) q[0],q[2];
measure q[0] -> c[0];
if(c==1) x q[1];
reset q[2];
ccx q[0],q[1],q[2];
measure q[1] -> c[1];
""",
)
SWEEPS = (
    """schema: dqplan.sweep/1
title: small
circuits: [sample.qasm]
hardware:
- all:2x3
- base: line:{modules}x{data}+1
  parameters: {modules: [2, 3], data: {linspace: [2, 4, 3]}, links.0.weight: {logspace: [1, 4, 3]}}
  points: [{links.0.ebit.fidelity: 0.9}, {links.0.ebit.fidelity: 0.95}]
options: {effort: [quick, normal], objective: [ebits, time], relaxed: false, time_limit_s: [null, 1.5]}
seeds: {count: 2, first: 5}
sample: {rows: 9, seed: 1}
""",
    "schema: dqplan.sweep/1\ngrids:\n- {circuits: ['*.qasm'], hardware: [oxford_2025], seeds: [0, 1]}\n",
)
RESULTS = (
    '{"000": 3, "111": 5}',
    '{"0x0": 3, "0x7": 5}',
    '["000", "111", "101"]',
    '{"c": [[0, 0, 1], [1, 1, 1]]}',
    '{"results": [{"data": {"counts": {"0x1": 4}, "memory": ["0x1", "0x2"]}}]}',
    "outcome,count\n000,3\n111,5\n",
    "c,count\n010,1\n111,2\n",
    '"c[0]","c[1]","c[2]"\n0,1,1\n1,0,0\n',
)
MEMQ = {
    "processors": {"0": {}, "1": {}},
    "qubits": {
        "a": {
            "processorId": 0,
            "type": "computation",
            "localConnections": ["b"],
            "coherenceTime": 100,
            "localIndex": 0,
        },
        "b": {"processorId": 0, "type": "communication", "localConnections": ["a"], "remoteConnections": ["c"]},
        "c": {"processorId": 1, "type": "communication", "localConnections": ["d"], "remoteConnections": ["b"]},
        "d": {"processorId": 1, "type": "computation", "coherenceTime": 2, "coherenceTimeUnit": "ms"},
    },
}

BUDGETS = (
    """hardware = ["pair.yaml", "line:2x3+1"]
effort = "quick"
verify = false
max-gap = 0.5

[[budgets]]
circuits = ["*.qasm"]
max-ebits = 1

[[budgets]]
circuits = "measured.qasm"
hardware = "pair.yaml"
max-time = 1e-3
min-fidelity = 0.99
require-measured = true
seed = 3
objective = "ebits=1,time=2"
""",
)
CALIBRATIONS = (
    "part,quantity,value,uncertainty,date,source\na0--a1,ebit.rate_hz,900,5,2026-11-26,log\na,t1_s,0.5,,,\n",
    "part,quantity,value\na0--a1,ebit.fidelity,0.9\na,two_qubit.fidelity,0.98\na,readout.duration_s,2e-6\n",
    properties_text(),
)


@cache
def seeds_of(kind: str) -> tuple[bytes, ...]:
    """Valid files of a kind."""
    match kind:
        case "qasm":
            small = [(SAMPLES / name).read_text(encoding="utf-8") for name in ("grover_2.qasm", "iterative_qpe_2.qasm")]
            texts = [*QASM3, *QASM2, *small]
        case "cirq":
            return _cirq_circuits()
        case "hardware":
            presets = [file for file in files("dqplan.load.presets").iterdir() if file.name.endswith(".yaml")]
            texts = [
                LIMITED,
                *(file.read_text(encoding="utf-8") for file in sorted(presets, key=lambda file: file.name)),
            ]
        case "network":
            texts = [json.dumps(MEMQ)]
        case "sweep":
            texts = list(SWEEPS)
        case "budgets":
            texts = list(BUDGETS)
        case "calibration":
            texts = list(CALIBRATIONS)
        case "properties":
            texts = [properties_text()]
        case "results":
            return (*(text.encode() for text in RESULTS), _cirq_result())
        case _:
            about = KINDS[kind]
            assert about.prepared is not None
            return ((about.prepared() / about.name).read_bytes(),)
    return tuple(text.encode() for text in texts)


def _cirq_circuits() -> tuple[bytes, ...]:
    import cirq
    import sympy

    a, b, c = cirq.LineQubit.range(3)
    grid = cirq.GridQubit(1, 2)
    named = cirq.NamedQubit("n")
    repeated = cirq.FrozenCircuit(cirq.X(a) ** 0.25, cirq.CZ(a, b))
    circuits = [
        cirq.Circuit(cirq.H(a), cirq.CNOT(a, b), cirq.measure(a, b, key="m", invert_mask=(True,))),
        cirq.Circuit(
            cirq.CircuitOperation(repeated, repetitions=3),
            cirq.MatrixGate(cirq.unitary(cirq.ISWAP)).on(b, c),
            cirq.PhasedXZGate(x_exponent=0.1, z_exponent=0.2, axis_phase_exponent=0.3).on(c),
            cirq.measure(a, key="k"),
            cirq.X(b).with_classical_controls("k"),
            cirq.Y(c).with_classical_controls(sympy.Eq(sympy.Symbol("k"), 1)),
            cirq.reset(a),
            cirq.ControlledGate(cirq.FSimGate(0.1, 0.2)).on(a, b, c),
        ),
        cirq.Circuit(cirq.SWAP(grid, named) ** 0.5, cirq.CCX(a, grid, named), cirq.IdentityGate(2).on(a, named)),
        cirq.Circuit(
            cirq.ParallelGate(cirq.H, 2).on(a, b),
            cirq.PauliStringPhasor(cirq.X(a) * cirq.Z(b)),
            cirq.QuantumFourierTransformGate(2).on(a, b),
        ),
    ]
    return tuple(cirq.to_json(circuit).encode() for circuit in circuits)


def _cirq_result() -> bytes:
    import cirq
    import numpy as np

    return cirq.to_json(cirq.ResultDict(params=None, measurements={"c": np.array([[0, 0, 1], [1, 0, 1]])})).encode()
