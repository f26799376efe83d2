"""Recheck what `dqplan split -o DIR` wrote, without dqplan: python recheck.py DIR. Needs Python 3.11, nothing else.

Gates must stay inside modules; e-bits must be made of reset comm qubits and be those that plan.json counts. joint.qasm
(OpenQASM 3) is replayed on parities: a physical qubit holds the XOR of the circuit's qubits, of free bits (from e-bits
and H) and of messages; signs (-1)^(a·b) between two are kept. So shares and corrections are followed; the gates left
must be those of plan.json. Not checked, but by `dqplan verify`: one-qubit gates, sizes, the proof of the bound.
"""

import json
import re
import sys
from collections import Counter, defaultdict
from itertools import pairwise
from math import pi, remainder
from pathlib import Path

LINE = r"((?:if \([^)]*\) (?:\{ (?:\} else \{ )?)?)*)(?:(\w+)\S* = )?([a-z]\w*)(?:\(([^)]*)\))? ([^;]*);[ }]*"
U = {"id": (0, 0, 0), "x": (pi, 0, pi), "y": (pi, pi / 2, pi / 2), "z": (0, 0, pi), "h": (pi / 2, 0, pi)}
U |= {"s": (0, 0, pi / 2), "sdg": (0, 0, -pi / 2), "t": (0, 0, pi / 4), "tdg": (0, 0, -pi / 4)}


class Wrong(Exception):
    """What is wrong; with a second argument, 2, what this script cannot follow."""


def number(text):
    found = re.fullmatch(r"(-?)(?:(\d+)\*)?pi(?:/(\d+))?", text)
    return (-1 if found[1] else 1) * int(found[2] or 1) * pi / int(found[3] or 1) if found else float(text)


def same(a, b):
    return abs(remainder(a - b, 2 * pi)) < 1e-9


def free(symbols):
    return [symbol for symbol in symbols if str(symbol).startswith("free")]


def logical(symbols):
    return [symbol for symbol in symbols if isinstance(symbol, int)]


class Replay:
    def __init__(self, layout):
        self.kind = {f"{part['name']}[{k}]": part for part in layout["registers"] for k in range(part["size"])}
        self.form, self.known = dict.fromkeys(self.kind, frozenset()), {}
        self.holders, self.signs, self.gates = defaultdict(set), defaultdict(set), defaultdict(list)
        self.links, self.count, self.writes, self.bridged = Counter(), 0, 0, ()
        for wire, place in enumerate(layout["input"]):
            self.put(place, {wire})

    def step(self, text):
        row = re.fullmatch(LINE, text)
        if row is None or not set(on := row[5].split(", ")) <= set(self.kind):
            raise Wrong(f"`{text}` cannot be read", 2)
        waits, register, op, form = *row.groups()[:3], self.form[on[0]]
        message = self.known.get(waits[4:-7]) if re.fullmatch(r"if \(\w+ == 1\) ", waits) else None
        flip = message if message is not None else {f"{waits}{self.writes}" if waits else "1"}
        angles = [number(angle) for angle in (row[4] or "").split(", ") if angle]
        euler = {"p": (0, 0, *angles), "rx": (*angles, -pi / 2, pi / 2), "ry": (*angles, 0, 0), "u3": angles}
        if op != "epr" and len({self.kind[place]["module"] for place in on}) > 1:
            raise Wrong(f"{op} acts on two modules")
        if op == "measure" and not register.startswith("msg"):
            self.writes += self.settle(on[0]) >= 0  # conditions read before and after are not the same
        elif op == "measure":
            if register in self.known or (logical(form) and not free(form)):
                raise Wrong(f"{register} is written a second time, or {on[0]} reveals a qubit of the circuit")
            if free(form):
                self.become(free(form)[0], form ^ {free(form)[0], register})
            self.known[register] = self.form[on[0]]
        elif op == "reset":
            if any(self.holders[s] != {on[0]} or free(self.signs[s]) for s in logical(form) + free(form)):
                raise Wrong(f"{on[0]} is reset while it is one of several copies, or half of an e-bit")
            if not waits and not (logical(form) and self.kind[on[0]]["kind"] == "data"):
                self.put(on[0], ())
        elif op == "epr":
            if any(self.form[place] or self.kind[place]["kind"] != "comm" for place in on):
                raise Wrong("an e-bit is not made of comm qubits that were reset just before")
            self.bring_in(*on)
            self.links[frozenset(self.kind[place]["module"] for place in on)] += 1
        elif op == "swap" and not waits:
            for place, form in zip(on, [self.form[place] for place in reversed(on)], strict=True):
                self.put(place, form)
        elif op in ("cz", "cp") and flip == {"1"} and same(*angles or [pi], pi):
            self.sign(self.form[on[0]], self.form[on[1]])
        elif op in ("cz", "cp") and message is None:
            pair = {self.settle(place) for place in (*on, on[0])}
            self.gates[min(pair), max(pair)] += angles or [pi]
        elif op == "cx" and message is None:
            self.flip_by(*on, flip == {"1"})
        elif op in U or op in euler:
            self.turn(on[0], *(U.get(op) or euler[op]), flip, message)
        else:
            raise Wrong(f"`{text}` is not known here", 2)

    def put(self, place, form):
        for symbol in self.form[place] ^ frozenset(form):
            self.holders[symbol] ^= {place}
        self.form[place] = frozenset(form)

    def bring_in(self, *places):
        self.count += 1
        for place in places:
            self.put(place, {f"free{self.count}"})

    def sign(self, left, right):
        for a, b in ((a, "1") if a == b else (a, b) for a in left for b in right):
            if len(logical((a, b))) == 2:
                self.gates[min(a, b), max(a, b)].append(pi)
            elif free((a, b)) or (logical((a, b)) and "1" not in (a, b)):
                self.signs[a] ^= {b}
                self.signs[b] ^= {a}

    def become(self, symbol, value, keep=False):  # a free bit becomes others, or (keep) a qubit is flipped by them
        for place in list(self.holders[symbol]):
            self.put(place, self.form[place] ^ value ^ (set() if keep else {symbol}))
        partners = list(self.signs[symbol])
        self.sign(() if keep else {symbol}, partners)  # a second time: it is gone
        self.sign(value, partners)

    def settle(self, place):
        form = self.form[place]
        if len(logical(form)) != 1 or free(form) or any(str(symbol).startswith("msg") for symbol in form):
            raise Wrong(
                f"{place} does not hold one qubit, or no X has corrected it",
                *self.bridged or [2] * (len(logical(form)) != 1),
            )
        self.become(logical(form)[0], form - {*logical(form)}, keep=True)
        return logical(form)[0]

    def alone(self, place):
        if self.holders[self.settle(place)] != {place} or self.signs[self.settle(place)]:
            raise Wrong(f"{place} is one of several copies, or no Z has corrected it", *self.bridged)

    def turn(self, place, theta, phi, lam, flip, message):
        form = self.form[place]
        if same(theta, 0) or same(theta, pi):
            if same(lam + phi if same(theta, 0) else lam + pi - phi, pi):
                self.sign(form, flip if message is not None or flip == {"1"} else ())
            change = flip if same(theta, pi) else set()
            if message is None and len(logical(form)) == 1 and not free(form) and not change <= form:
                self.become(logical(form)[0], change, keep=True)
            self.put(place, self.form[place] ^ change)
        elif free(form) or any(self.holders[wire] != {place} or free(self.signs[wire]) for wire in logical(form)):
            if not same(abs(theta), pi / 2) or flip != {"1"}:
                raise Wrong(f"a gate that is neither diagonal nor a flip acts on {place}, one of several copies")
            before, after = (lam, phi + pi) if theta < 0 else (lam + pi, phi)  # it is P(after) · H · P(before)
            self.sign(form, {"1"} if same(before, pi) else ())
            self.bring_in(place)
            self.sign(self.form[place], form)
            for old in [old for old in free(form) if not self.holders[old]]:
                partners = frozenset(self.signs[old])
                for known in free(partners)[:1]:  # summed over the old bit, what it has a sign with must add up to 0
                    self.sign({old}, partners)
                    self.become(known, partners - {known})
                    self.bridged = (2,)  # a copy lives through flips, and gates need not be as they are recorded
            self.sign(self.form[place], {"1"} if same(after, pi) else ())
        else:
            self.alone(place)

    def flip_by(self, control, target, plain):
        source, form = self.form[control], self.form[target]
        if len(logical(form)) == 1 and logical(source) and not free(form | source):
            for wire in logical(source):
                self.gates[min(wire, *logical(form)), max(wire, *logical(form))].append(pi)
            self.become(logical(form)[0], {s for s in source if plain and not str(s).startswith("msg")}, keep=True)
        self.put(target, self.form[target] ^ self.form[control] if plain else form)


def check(plan, text):
    replay, cost, done, wire = Replay(plan["layout"]), plan["cost"], plan["plan"], plan["plan"]["segments"]["qubit"]
    for line, row in enumerate(text.splitlines(), 1):
        try:
            if row and not row.startswith(("//", "OPENQASM", "include", "gate", "qubit", "bit")):
                replay.step(row)
        except Wrong as problem:
            raise Wrong(f"joint.qasm:{line}: {problem.args[0]}", *problem.args[1:]) from None
    list(map(replay.alone, plan["layout"]["output"]))
    routed = Counter(frozenset(h) for way in done["shares"] + 2 * done.get("stays", []) for h in pairwise(way["route"]))
    told = Counter({frozenset(link.split("--")): count for link, count in cost["ebits_by_link"].items()})
    if not replay.links == routed == told or told.total() != cost["ebits"] or plan["bound"]["ebits"] > cost["ebits"]:
        raise Wrong("the e-bits of the program, the shares' routes, the cost and the bound contradict each other")
    recorded = defaultdict(list)
    for (a, b), angle in zip(done["gates"]["segments"], done["gates"]["angle"], strict=True):
        recorded[min(wire[a], wire[b]), max(wire[a], wire[b])].append(angle)
    for pair in sorted(recorded.keys() | replay.gates.keys()):
        found, wanted = replay.gates[pair], recorded[pair]
        if len(found) != len(wanted) or not all(map(same, found, wanted)):
            raise Wrong(f"CP gates between qubits {pair}: {found}, in plan.json {wanted}", *replay.bridged)
    return f"right: {told.total()} e-bits, {sum(map(len, recorded.values()))} gates between qubits as in plan.json"


if __name__ == "__main__":
    plan, joint = (Path(sys.argv[1], name).read_text(encoding="utf-8") for name in ("plan.json", "joint.qasm"))
    try:
        print(check(json.loads(plan), joint))
    except Wrong as problem:
        print(f"{'not followed' if problem.args[1:] else 'wrong'}: {problem.args[0]}")
        sys.exit(len(problem.args))
