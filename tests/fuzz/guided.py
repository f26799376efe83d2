"""Readers alone, guided by what they reach: `python -m tests.fuzz.guided KIND [options of libFuzzer] [folder]`.

Needs atheris (`pip install atheris`), which the tests do not. KIND is qasm, hardware, results, plan.json or
schedule.json; `-max_total_time=600` ends it, `tests/fuzz/corpus/KIND` is a folder to begin with.
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["dqplan.load"]):
    from dqplan.load.hardware_files.lines import read_document
    from dqplan.load.load_circuit import Language, circuit_of_text
    from dqplan.load.load_hardware import find_mistakes
    from dqplan.load.plan_document import plan_document_of_text
    from dqplan.load.results import results_of_text
    from dqplan.load.schedule_document import schedule_document_of_text
    from dqplan.load.source import Source

from dqplan.core.errors import DqplanError

READERS = {
    "qasm": lambda text: [circuit_of_text(text, "c.qasm", language) for language in (Language.QASM3, Language.QASM2)],
    "hardware": lambda text: (read_document(Source("h.yaml", text)), find_mistakes(Source("h.yaml", text))),
    "results": lambda text: results_of_text(text, "m.json"),
    "plan.json": plan_document_of_text,
    "schedule.json": schedule_document_of_text,
}


def main() -> None:
    """Hand over to libFuzzer, which ends with a file that reproduces what it found."""
    read = READERS[sys.argv.pop(1)]

    def one_input(data: bytes) -> None:
        text = data.decode(errors="replace")
        if text.strip() and "\0" not in text:
            try:
                read(text)
            except DqplanError:
                return

    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
