"""Schedule -> a picture of it, as SVG: a lane for every link and qubit, time from left to right."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from dqplan.core.circuit import bit_names
from dqplan.core.gates import NUM_QUBITS, Op
from dqplan.core.outlook import Schedule
from dqplan.core.program import Program
from dqplan.core.units import duration

MOST_OPERATIONS = 20_000
"""Larger schedules are not drawn: nobody could see anything."""
_LANE, _GAP, _LEFT, _WIDTH, _TOP, _RIGHT = 14, 4, 130, 1200, 46, 20
"""Pixels."""
_COLOURS = {
    "e-bit": "#d1495b",
    "two-qubit gate": "#00798c",
    "one-qubit gate": "#66a182",
    "measurement": "#edae49",
    "reset": "#b0b7c3",
}
_TICKS = 6


def timeline_svg(program: Program, schedule: Schedule) -> str:
    """The picture; hovering over a bar names its operation.

    E-bits stand in the lane of their link and of both comm qubits, gates in the lanes of their qubits.
    """
    circuit, hardware = program.circuit, program.plan.hardware
    names = bit_names(circuit.qregs)
    ends = [sorted(program.module_of[row[:2]].tolist()) for row in circuit.qubits[circuit.op == Op.EPR]]
    lanes = [*sorted({hardware.link_name(a, b) for a, b in ends}), *names]
    place = {name: number for number, name in enumerate(lanes)}
    height = _TOP + len(lanes) * (_LANE + _GAP) + _GAP
    width = _LEFT + _WIDTH + _RIGHT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'font-family="sans-serif" font-size="10">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
        *_legend(program, schedule),
        *_ruler(schedule.makespan_s, height),
        *(_label(name, number) for name, number in place.items()),
    ]
    for row, operation in enumerate(circuit):
        modules = [int(program.module_of[qubit]) for qubit in operation.qubits]
        qubits = [names[qubit] for qubit in operation.qubits]
        link = [hardware.link_name(*modules)] if operation.op is Op.EPR else []
        parts += _bars(schedule, row, operation.op, qubits, [place[name] for name in (*qubits, *link)])
    return "\n".join([*parts, "</svg>"]) + "\n"


def _bars(schedule: Schedule, row: int, op: Op, qubits: list[str], lanes: list[int]) -> Iterator[str]:
    """An operation in every lane that it takes."""
    start_s, end_s = float(schedule.start_s[row]), float(schedule.end_s[row])
    told = f"{row}: {op.spelling} {', '.join(qubits)}, {duration(start_s)} to {duration(end_s)}"
    left, right = (_LEFT + _WIDTH * moment / (schedule.makespan_s or 1.0) for moment in (start_s, end_s))
    for lane in lanes:
        yield (
            f'<rect x="{left:.2f}" y="{_y(lane)}" width="{max(right - left, 0.4):.2f}" height="{_LANE}" '
            f'fill="{_COLOURS[_kind(op)]}"><title>{escape(told)}</title></rect>'
        )


def _kind(op: Op) -> str:
    special = {Op.EPR: "e-bit", Op.MEASURE: "measurement", Op.RESET: "reset"}
    return special.get(op, "two-qubit gate" if NUM_QUBITS[op] > 1 else "one-qubit gate")


def _y(lane: int) -> int:
    return _TOP + lane * (_LANE + _GAP)


def _label(name: str, lane: int) -> str:
    text = f'<text x="{_LEFT - 6}" y="{_y(lane) + _LANE - 4}" text-anchor="end">{escape(name)}</text>'
    line = f'<rect x="{_LEFT}" y="{_y(lane)}" width="{_WIDTH}" height="{_LANE}" fill="#f4f5f7"/>'
    return text + line


def _legend(program: Program, schedule: Schedule) -> Iterator[str]:
    title = (
        f"{program.circuit.name} on {program.plan.hardware.name}: {duration(schedule.makespan_s)} with mean durations"
    )
    yield f'<text x="{_LEFT}" y="16" font-size="13" font-weight="bold">{escape(title)}</text>'
    for number, (kind, colour) in enumerate(_COLOURS.items()):
        x = _LEFT + _WIDTH - (len(_COLOURS) - number) * 105
        yield f'<rect x="{x}" y="8" width="10" height="10" fill="{colour}"/><text x="{x + 14}" y="17">{kind}</text>'


def _ruler(makespan_s: float, height: int) -> Iterator[str]:
    """Moments at equal distances."""
    for tick in range(_TICKS + 1):
        x = _LEFT + _WIDTH * tick / _TICKS
        yield f'<line x1="{x:.1f}" y1="{_TOP - 8}" x2="{x:.1f}" y2="{height}" stroke="#d8dce3"/>'
        yield f'<text x="{x:.1f}" y="{_TOP - 12}" text-anchor="middle">{duration(makespan_s * tick / _TICKS)}</text>'
