"""Hostile files that are too large or too binary to lie in a repository; each is named after what it tries."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.fuzz.commands import written
from tests.fuzz.limited import Case

CORPUS = Path(__file__).parent / "corpus"
"""Small ones, in a folder for each kind."""
QASM3 = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n'
QASM2 = 'OPENQASM 2.0;\ninclude "qelib1.inc";\n'
SPACES = " " * 50_000

QASM = {
    "spaces in an angle": f"{QASM3}qubit q;\nrz({SPACES}x) q;\n",
    "spaces behind an angle": f"{QASM3}qubit q;\nrz(1{SPACES}x) q;\n",
    "spaces in an if": f"{QASM3}qubit q;\nbit c;\nif (c{SPACES}c) x q;\n",
    "spaces before a block": f"{QASM3}qubit q;\nbit c;\nif (c) {SPACES}{{ x q; }}\n",
    "spaces before a block 2": f"{QASM3}qubit q;\nbit c;\nif (c) x{SPACES}{{ x q; }}\n",
    "letters before a block": f"{QASM3}qubit q;\nbit c;\nif (c) {'x' * 100_000} {{ x q; }}\n",
    "words before a block": f"{QASM3}qubit q;\nbit c;\nif (c) {'x ' * 5_000}{SPACES} {{ x q; }}\n",
    "spaces in opaque": f"{QASM2}qreg q[1];\nopaque a{' ' * 5000}(;\n",
    "spaces in opaque 2": f"{QASM2}qreg q[1];\nopaque a{' ' * 5000}{{}}\n",
    "spaces in version": f"OPENQASM{SPACES}x",
    "spaces in version 2": f"{SPACES}OPENQASM{SPACES}3.0{SPACES}qubit q;",
    "spaces in include": f"OPENQASM 3.0;\ninclude{SPACES}x;\n",
    "spaces in register": f"{QASM3}qubit{SPACES}[{SPACES}2{SPACES}]{SPACES}q{SPACES}x;\n",
    "spaces in operand": f"{QASM3}qubit q;\nh q{SPACES}[{SPACES}0{SPACES}]{SPACES}x;\n",
    "spaces in measure": f"{QASM3}qubit q;bit c;\nmeasure {SPACES}q{SPACES} - {SPACES}c;\n",
    "spaces in set": f"{QASM3}qubit q;\nfor int i in{SPACES}x{{ h q; }}\n",
    "commas in set": f"{QASM3}qubit q;\nfor int i in {',' * 100_000}{{ h q; }}\n",
    "many braces": f"{QASM3}qubit q;\n{'{' * 20_000}{'}' * 20_000}\n",
    "many sets": f"{QASM3}qubit q;\n{'={' * 20_000}{'}' * 20_000}\n",
    "parentheses": f"{QASM3}qubit q;\nrz({'(' * 1_000}1{')' * 1_000}) q;\n",
    "parentheses few": f"{QASM3}qubit q;\nrz({'(' * 40}1{')' * 40}) q;\n",
    "parentheses open": f"{QASM3}qubit q;\nrz({'(' * 30}1{')' * 29}) q;\n",
    "brackets": f"{QASM3}qubit q;\nh {'[' * 3_000};\n",
    "brackets closed": f"{QASM3}qubit[2] q;\nh q{'[0' * 40}{']' * 40};\n",
    "minus": f"{QASM3}qubit q;\nrz({'-' * 450}1) q;\n",
    "not": f"{QASM3}qubit q;bit c;\nif ({'!' * 5_000}c) x q;\n",
    "not few": f"{QASM3}qubit q;bit c;\nif ({'!' * 400}c) x q;\n",
    "sum": f"{QASM3}qubit q;\nrz({'+'.join(['sin(1)'] * 2_000)}) q;\n",
    "conjunction": f"{QASM3}qubit q;bit[2] c;\nif ({'&&'.join(['c[0]'] * 2_000)}) x q;\n",
    "modifiers": f"{QASM3}qubit q;\n{'inv @ ' * 2_000}h q;\n",
    "aliases join": f"{QASM3}qubit[1000] q;\nlet a = q ++ q ++ q ++ q ++ q ++ q ++ q ++ q;\n",
    "else chain": f"{QASM3}qubit q;bit c;\n{'if (c) x q; else ' * 1_000} x q;\n",
    "nested ifs": f"{QASM3}qubit q;bit c;\n{'if (c) {' * 1_000} x q; {'}' * 1_000}\n",
    "many registers": QASM3 + "".join(f"qubit q{i};\n" for i in range(5_000)),
    "many gates": QASM3 + "qubit q;\n" + "".join(f"gate g{i} a {{ x a; }}\n" for i in range(500)) + "g0 q;\n",
    "long name": f"{QASM3}qubit {'q' * 100_000};\n",
    "long name indexed": f"{QASM3}qubit[2] {'q' * 100_000};\nh {'q' * 100_000}[7];\n",
    "long number": f"{QASM3}qubit q;\nrz({'9' * 5_000}) q;\n",
    "long number 2": f"{QASM3}qubit q;\nrz({'9' * 4_000}) q;\n",
    "long fraction": f"{QASM3}qubit q;\nrz(0.{'9' * 1_000_000}) q;\n",
    "long exponent": f"{QASM3}qubit q;\nrz(1e{'9' * 100_000}) q;\n",
    "long bit string": f'{QASM3}qubit q;bit[2] c;\nif (c == "{"1" * 100_000}") x q;\n',
    "long hex": f"{QASM3}qubit q;bit[2] c;\nif (c == 0x{'f' * 100_000}) x q;\n",
    "long line": f"{QASM3}qubit q;\n{'h q; ' * 5_000}\n",
    "register conditions": f"{QASM2}qreg q[1];\ncreg c[1000000];\n"
    + "".join(f"if(c=={i}) x q[0];\n" for i in range(300)),
    "bits of a register": f"{QASM3}qubit q;bit[9999999] c;\nif (c == 1) x q;\n",
    "all qubits": f"{QASM3}qubit[9999999] q;\nh q;\n",
    "all qubits 2": f"{QASM3}qubit[9999999] q;\nh q[0];\n",
    "barriers": f"{QASM3}qubit[9999999] q;\n" + "barrier q;\n" * 100,
    "quotes": f"{QASM3}qubit q;\n{chr(34) * 99_999}\n",
    "comments": QASM3 + "/*" * 100_000,
    "pragmas": QASM3 + "#pragma x\n" * 100_000 + "qubit q;\n",
    "annotations": QASM3 + ("@" * 100_000) + "qubit q;\n",
    "dollars": "OPENQASM 3.0;\n" + "$" * 100_000 + ";\n",
    "physical": "OPENQASM 3.0;\nU(0,0,0) $999999999;\n",
    "physical 2": "OPENQASM 3.0;\nU(0,0,0) $9999999999999999999;\n",
    "nulls": "OPENQASM 3.0;\0",
}


DEEP: Any = 1
for _ in range(400):
    DEEP = {"a": [DEEP]}
EVIL = "\x1b[31m\u202e</script><script>alert(1)</script><img src=x onerror=alert(1)>]]>=1+1"
NODES: dict[str, tuple[str, tuple[str | int, ...], Any]] = {
    "deep description": ("plan.json", ("hardware", "description", "notes"), DEEP),
    "deep strangers": ("plan.json", ("stranger",), DEEP),
    "many qubits": ("plan.json", ("circuit", "num_qubits"), 10**15),
    "many qubits 2": ("plan.json", ("circuit", "num_qubits"), 10**400),
    "large register": ("plan.json", ("layout", "registers", 0, "size"), 2**53),
    "large clbits": ("plan.json", ("layout", "clbits", 0, "size"), 2**53),
    "many messages": ("plan.json", ("layout", "messages"), 2**53),
    "long manifest": ("plan.json", ("manifest", "order"), [[0, 2**53]]),
    "manifest of nobody": ("plan.json", ("manifest", "order"), [[2**53, 1]]),
    "manifest of strangers": ("plan.json", ("manifest", "modules"), ["../../etc/passwd", "/dev/zero"]),
    "files elsewhere": ("plan.json", ("files",), ["../../etc/passwd", "/dev/zero", EVIL]),
    "purified forever": ("plan.json", ("purification",), {"a0--a1": 10}),
    "share of nothing": ("plan.json", ("plan", "shares"), [{"segment": 10**30}]),
    "segments of nothing": ("plan.json", ("plan", "segments", "qubit"), [2**53] * 3),
    "events of nothing": ("plan.json", ("plan", "gates", "event"), [2**53]),
    "large multiplier": (
        "plan.json",
        ("bound", "certificate"),
        {"parts": [{"cuts": [], "unit": 10**4000, "inequalities": []}]},
    ),
    "no links": ("plan.json", ("hardware", "description", "links"), []),
    "evil name": ("plan.json", ("circuit", "name"), EVIL),
    "evil hardware": ("plan.json", ("hardware", "name"), EVIL),
    "evil description": ("plan.json", ("hardware", "description", "title"), EVIL),
    "evil objective": ("plan.json", ("objective",), EVIL),
    "evil effort": ("plan.json", ("effort",), EVIL),
    "evil bound": ("plan.json", ("bound", "covers"), EVIL),
    "evil check": ("plan.json", ("checks", 0, "detail"), EVIL),
    "evil check name": ("plan.json", ("checks", 0, "name"), EVIL),
    "evil link": ("plan.json", ("cost", "ebits_by_link"), {EVIL: 1}),
    "evil peak": ("plan.json", ("cost", "peak_comm"), {EVIL: 1}),
    "evil register": ("plan.json", ("layout", "registers", 0, "name"), EVIL),
    "infinite makespan": ("plan.json", ("cost", "makespan_s"), 1e308),
    "long schedule": ("schedule.json", ("makespan_s",), 1e308),
    "evil schedule": ("schedule.json", ("circuit",), EVIL),
    "evil operation": ("schedule.json", ("modules",), {EVIL: []}),
    "many channels": ("schedule.json", ("links", "a0--a1", "channels"), 2**53),
    "row of nothing": ("schedule.json", ("messages",), [{"measured": 2**53, "used": 0}]),
}
"""File, node and what stands there instead."""
TEXTS = {
    "plan.json": {
        "empty": b"",
        "not a number": b'{"schema": NaN}',
        "deep": b"[" * 100_000,
        "digits": b"9" * 5000,
        "twice": b'{"schema": "dqplan.plan/1", "schema": "x"}',
        "utf-16": '{"schema": "dqplan.plan/1"}'.encode("utf-16"),
        "steering": b'{"schema": "\\u001b[31m\\u202e"}',
        "mark": b"\xef\xbb\xbf{}",
    },
    "joint.qasm": {
        "zeros": b"\0" * 100,
        "include": b'OPENQASM 3.0;\ninclude "/dev/zero";\n',
        "qubits": b"OPENQASM 3.0;\nqubit[1000000000] q;\n",
    },
    "a0.qasm": {
        "empty lines": b"\n" * 1000,
        "title": f"// dqplan: module {EVIL} of {EVIL} on {EVIL}\n".encode(),
    },
}


def _changed(file: str, path: tuple[str | int, ...], value: Any) -> bytes:
    document = json.loads((written() / "out" / file).read_text(encoding="utf-8"))
    holder = document
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    return json.dumps(document).encode()


def cases() -> Iterator[Case]:
    """Every hostile case, small and large."""
    for name, (file, path, value) in NODES.items():
        yield Case(name, file, _changed(file, path, value))
    for kind, texts in TEXTS.items():
        yield from (Case(name, kind, text) for name, text in texts.items())
    for file in sorted(CORPUS.glob("*/*")):
        yield Case(file.name, file.parent.name, file.read_bytes())
    for name, text in QASM.items():
        yield Case(name, "qasm", text.encode())
