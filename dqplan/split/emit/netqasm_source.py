"""Program -> one application of the NetQASM SDK 2 per module, `app_<module>.py`, as `netqasm simulate` runs them.

E-bits are requests on EPR sockets, of which the first module named is the creating side; messages are lines
`<bit> <value>` on classical sockets, and conditions are decided by the application. A qubit that is measured stays; the
comm qubits of an e-bit are given back before the next is asked for. Swaps only exchange names. `main` returns the
module's classical bits.

NetQASM rotates by multiples of pi / 2^d. Other angles are left to the SDK, which comes within 1e-6 of them. Its text
subroutines alone would not do: they end wherever an outcome is needed, and know no classical messages.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from dqplan.core.circuit import Condition, Operation, Term, bit_names
from dqplan.core.gates import Op
from dqplan.core.one_qubit import TOLERANCE
from dqplan.core.program import Program
from dqplan.split.emit.reading import plain_steps, title_of
from dqplan.split.modules import Traffic

_CALLS = {
    Op.X: "X()",
    Op.Y: "Y()",
    Op.Z: "Z()",
    Op.H: "H()",
    Op.S: "S()",
    Op.T: "T()",
    Op.RESET: "reset()",
    Op.SDG: "rot_Z(n=3, d=1)",
    Op.TDG: "rot_Z(n=7, d=2)",
    Op.SX: "rot_X(n=1, d=1)",
    Op.SXDG: "rot_X(n=3, d=1)",
}
_AXES = {Op.P: "Z", Op.RX: "X", Op.RY: "Y", Op.RZ: "Z"}
_FINEST = 15
"""Largest d of a rotation by n * pi / 2^d that is written exactly."""
_HEAD = """\
# {title}, for the NetQASM SDK
from netqasm.sdk import EPRSocket, Qubit
from netqasm.sdk.external import NetQASMConnection, Socket

NAME = {name!r}
MESSAGES = {messages}
EBITS = {ebits}
DATA = {data}
NUM_QUBITS = {num_qubits}


def main(app_config=None):
    log_config = app_config.log_config
    sockets = {{peer: Socket(NAME, peer, log_config=log_config) for peer in MESSAGES}}
    epr = {{peer: EPRSocket(peer) for peer in EBITS}}
    unread = dict.fromkeys(MESSAGES, "")
    waiting = {{}}
    bits = {{}}
    q = {{}}

    def receive(bit, peer):
        while not waiting.get((bit, peer)):  # sockets may join messages, or cut them
            *messages, unread[peer] = (unread[peer] + sockets[peer].recv()).split("\\n")
            for name, value in map(str.split, messages):
                waiting.setdefault((name, peer), []).append(int(value))
        bits[bit] = waiting[bit, peer].pop(0)

    node = NetQASMConnection(
        app_name=app_config.app_name, log_config=log_config, epr_sockets=list(epr.values()), max_qubits=NUM_QUBITS
    )
    with node:
        for name in DATA:
            q[name] = Qubit(node)
"""
_TAIL = """\
    return bits
"""


def texts_of(program: Program) -> dict[str, str]:
    """One application for each module; there is no joint one."""
    traffic = Traffic(program)
    return {
        name: _Application(program, traffic, module).text(name, rows.tolist()) for module, name, rows in traffic.parts()
    }


class _Application:
    """The source of one module's application."""

    def __init__(self, program: Program, traffic: Traffic, module: int) -> None:
        self.program, self.circuit, self.traffic, self.module = program, program.circuit, traffic, module
        self.qubits, self.clbits = bit_names(self.circuit.qregs), bit_names(self.circuit.cregs)
        self.comm = [name.partition("[")[0].endswith("_comm") for name in self.qubits]
        self.filled: set[int] = set()

    def text(self, name: str, rows: Sequence[int]) -> str:
        """All of it; `rows` are the module's."""
        own = [qubit for qubit, module in enumerate(self.program.module_of.tolist()) if module == self.module]
        head = _HEAD.format(
            title=title_of(self.program, name),
            name=name,
            messages=self._peers(rows),
            ebits=self._ebit_peers(rows),
            data=[self.qubits[qubit] for qubit in own if not self.comm[qubit]],
            num_qubits=len(own),
        )
        return "".join([head, *(line for row in rows for line in self._row(row)), _TAIL])

    def _peers(self, rows: Sequence[int]) -> list[str]:
        """Who sends to this module, or waits for it."""
        exchanges = (self.traffic.received, self.traffic.sent)
        peers = {module for row in rows for found in exchanges for _, module in found.get(row, ())}
        return [self.traffic.names[peer] for peer in sorted(peers)]

    def _ebit_peers(self, rows: Sequence[int]) -> list[str]:
        ends = {end for row in rows if row in self.traffic.ebits for end in self._ends(row)}
        return [self.traffic.names[peer] for peer in sorted(ends - {self.module})]

    def _ends(self, row: int) -> tuple[int, int]:
        return int(self.traffic.module[row]), int(self.traffic.other[row])

    def _row(self, row: int) -> Iterator[str]:
        names = self.traffic.names
        for clbit, origin in self.traffic.received.get(row, ()):
            yield f"        node.flush()\n        receive({self.clbits[clbit]!r}, {names[origin]!r})\n"
        if row in self.traffic.ebits:
            yield self._ebit(row)
        else:
            yield from self._statement(self.circuit[row])
        for clbit, target in self.traffic.sent.get(row, ()):
            bit = self.clbits[clbit]
            yield f'        sockets[{names[target]!r}].send(f"{bit} {{bits[{bit!r}]}}\\n")\n'

    def _ebit(self, row: int) -> str:
        """The side named first creates it."""
        (first, second), (here, there) = self._ends(row), self.circuit[row].qubits
        creates = first == self.module
        own, peer, verb = (here, second, "create_keep") if creates else (there, first, "recv_keep")
        self.filled.add(own)
        comment = f"        # ebit {self.traffic.ebits[row]} {self.qubits[here]} -- {self.qubits[there]}\n"
        return f"{comment}        q[{self.qubits[own]!r}] = epr[{self.traffic.names[peer]!r}].{verb}()[0]\n"

    def _statement(self, operation: Operation) -> Iterator[str]:
        indent = "        "
        if operation.op is Op.RESET and self.comm[operation.qubits[0]]:
            yield from self._give_back(operation.qubits[0])
            return
        steps = list(plain_steps(operation))
        if operation.condition is not None and steps:
            yield f"{indent}if {self._test(operation.condition)}:\n"
            indent += "    "
        for step in steps:
            yield from (f"{indent}{call}\n" for call in self._calls(step))

    def _give_back(self, qubit: int) -> Iterator[str]:
        if qubit in self.filled:
            yield f"        q[{self.qubits[qubit]!r}].free()\n"
            self.filled.remove(qubit)

    def _calls(self, step: Operation) -> Iterator[str]:
        q = [f"q[{self.qubits[qubit]!r}]" for qubit in step.qubits]
        if step.op is Op.MEASURE:
            yield f"outcome = {q[0]}.measure(inplace=True)"
            yield "node.flush()"
            yield f"bits[{self.clbits[step.clbit]!r}] = int(outcome)"
        elif step.op is Op.SWAP:
            yield f"{q[0]}, {q[1]} = {q[1]}, {q[0]}"
        elif step.op is Op.CX:
            yield f"{q[0]}.cnot({q[1]})"
        elif step.op is Op.CZ:
            yield f"{q[0]}.cphase({q[1]})"
        elif step.op is Op.CP:
            half = step.params[0] / 2
            yield from (f"{q[0]}.{_rotation('Z', half)}", f"{q[1]}.{_rotation('Z', half)}")
            yield from (f"{q[0]}.cnot({q[1]})", f"{q[1]}.{_rotation('Z', -half)}", f"{q[0]}.cnot({q[1]})")
        elif step.op is Op.U:
            theta, phi, lam = step.params
            yield from (f"{q[0]}.{_rotation(axis, angle)}" for axis, angle in (("Z", lam), ("Y", theta), ("Z", phi)))
        else:
            yield f"{q[0]}.{_CALLS.get(step.op) or _rotation(_AXES[step.op], step.params[0])}"

    def _test(self, condition: Condition) -> str:
        return " and ".join(self._term(term) for term in condition.terms)

    def _term(self, term: Term) -> str:
        bits = [f"bits.get({self.clbits[clbit]!r}, 0)" for clbit in term.clbits]
        number = " + ".join(f"({bit} << {k})" if k else bit for k, bit in enumerate(bits))
        return f"{number} {'==' if term.equal else '!='} {term.value}"


def _rotation(axis: str, angle: float) -> str:
    """About an axis; a negative angle is a turn less."""
    turn = angle % (2 * math.pi)
    for d in range(_FINEST + 1):
        n = round(turn / math.pi * 2**d)
        if abs(n * math.pi / 2**d - turn) <= TOLERANCE:
            return f"rot_{axis}(n={n}, d={d})"
    return f"rot_{axis}(angle={turn!r})"
