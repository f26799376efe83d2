"""Errors show the line that they are about, and a caret below the column."""

from __future__ import annotations

import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dqplan.cli.terminal.excerpt import excerpt
from dqplan.core.errors import DqplanError, Place, SemanticError, line_of, quoting
from dqplan.load.load_circuit import circuit_of_text
from tests.conftest import Run, plain_environment

QASM3 = 'OPENQASM 3.0;\ninclude "stdgates.inc";\nqubit[2] q;\n'


def marked(shown: list[str]) -> str:
    """What stands above the caret, up to the next space."""
    text, caret = shown
    return text[caret.index("^") :].split(" ")[0]


def test_a_short_line_is_shown_whole() -> None:
    assert excerpt("cx q[0], q[0];", 12, 4) == ["12 | cx q[0], q[0];", "   |    ^"]


def test_without_a_column_there_is_no_caret() -> None:
    assert excerpt("x q;", 1, 0) == ["1 | x q;"]


def test_tabs_are_as_wide_as_they_are_drawn() -> None:
    assert excerpt("\t\tcx q[0], q[0];", 3, 6) == ["3 |         cx q[0], q[0];", "  |            ^"]


def test_wide_and_combining_characters() -> None:
    """Two columns for each of the ideographs, none for the accent behind the e."""
    assert excerpt("/*量子e\u0301*/ foo q;", 1, 10) == ["1 | /*量子e\u0301*/ foo q;", "  |           ^"]


def test_escape_sequences_are_spelled_out() -> None:
    text, caret = excerpt("\x1b[31mfoo q;", 1, 6)
    assert text == r"1 | \x1b[31mfoo q;"
    assert text[caret.index("^") :] == "foo q;"


@pytest.mark.parametrize("place", [0, 1, 30, 500, 998, 999])
def test_long_lines_are_cut_around_the_column(place: int) -> None:
    words = [f"w{number:03}" for number in range(1000)]
    shown = excerpt(" ".join(words), 7, 5 * place + 1)
    assert marked(shown).startswith(words[place][:4])
    assert all(len(line) <= 80 for line in shown)
    assert shown[0].startswith("7 | ...") == (place > 10)
    assert shown[0].endswith("...") == (place < 980)


def test_a_line_of_megabytes_is_no_matter() -> None:
    shown = excerpt("é" * 20_000_000 + "foo" + "\t" * 20_000_000, 1, 20_000_001)
    assert marked(shown) == "foo"


@given(st.text(st.characters(exclude_characters="\n"), max_size=200), st.integers(0, 210), st.integers(10, 120))
@example("0" * 20, 21, 24)  # the caret stands behind a line that just fits
def test_any_line_fits_and_nothing_steers_the_terminal(line: str, column: int, width: int) -> None:
    shown = excerpt(line, 1, column, width)
    for text in shown:
        assert text.isprintable()
        wide = sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
        assert wide <= max(width, 24)


@pytest.mark.parametrize(("number", "line"), [(1, "a"), (2, "b"), (3, ""), (4, "d"), (5, None), (99, None)])
def test_lines_of_a_text(number: int, line: str | None) -> None:
    assert line_of("a\r\nb\n\nd", number) == line


def test_a_text_quotes_only_errors_about_itself() -> None:
    error = DqplanError("x", place=Place("other", 1))
    with pytest.raises(DqplanError), quoting("text", "this"):
        raise error
    assert error.quote is None


@pytest.mark.parametrize(
    ("statement", "word"),
    [
        ("rx(pi^2^foo) q[0];", "foo) q[0];"),
        ("if(c==1) rx(pi^foo) q[0];", "foo) q[0];"),
        ("x q[0]; rx(2^2) end; rx(2^foo) q[0];", "end; rx(2^foo) q[0];"),
        ("rx(2^2+bit) q[0];", "bit) q[0];"),
        ("if(end==1) x q[0];", "end==1) x q[0];"),
        ("rx(2^2)\n\t q[7];", "7];"),
        ("rx(2^2) q[0] q[1];", "q[1];"),
    ],
)
def test_columns_are_those_of_openqasm_2(statement: str, word: str) -> None:
    """The parser is one of OpenQASM 3: what is spelled differently for it must not move the columns behind."""
    text = f'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[2]; creg c[2];\n{statement}'
    with pytest.raises(DqplanError) as caught:
        circuit_of_text(text, "a.qasm")
    place, quote = caught.value.place, caught.value.quote
    assert place is not None
    assert quote is not None
    assert quote[place.column - 1 :] == word


def test_the_last_line_needs_no_end() -> None:
    with pytest.raises(SemanticError) as caught:
        circuit_of_text(QASM3 + "foo q[0];", "a.qasm")
    assert caught.value.quote == "foo q[0];"


CASES = {
    "circuit.qasm": (QASM3 + "h q[0];\n\tcx q[0],  q[5];\n", "5 |     cx q[0],  q[5];", "  |                 ^"),
    "circuit.json": ('{"cirq_type": \n  Circuit}', "2 |   Circuit}", "  |   ^"),
    "hardware.yaml": (
        "schema: dqplan.hardware/1\nname: a\nmodules:\n  - {name: a, comm: 1, data: -3}\n",
        "4 |   - {name: a, comm: 1, data: -3}",
        "  |                        ^",
    ),
    "hardware.json": ('{"schema": "dqplan.hardware/1",\n "modules": [}', '2 |  "modules": [}', "  |              ^"),
    "spec.yaml": ("schema: dqplan.sweep/1\ncircuitz: [a.qasm]\n", "2 | circuitz: [a.qasm]", "  | ^"),
}


@pytest.mark.parametrize("piped", [False, True], ids=["file", "stdin"])
@pytest.mark.parametrize("name", CASES)
def test_from_outside(name: str, piped: bool, dqplan: Run, tmp_path: Path) -> None:
    text, line, caret = CASES[name]
    (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "good.qasm").write_text(QASM3 + "cx q[0], q[1];\n", encoding="utf-8")
    path = "-" if piped else name
    command = {
        "circuit": ["profile", path],
        "hardware": ["split", "good.qasm", "-H", path],
        "spec": ["sweep", path, "-o", "out"],
    }[name.split(".")[0]]
    done = dqplan(*command, **({"input": text} if piped else {}))
    assert done.returncode == 2
    told, *shown = done.stderr.splitlines()
    assert f"]: {'<stdin>' if piped else name}:" in told
    assert shown[:2] == [line, caret]


def test_standard_error_that_writes_ascii_only(tmp_path: Path) -> None:
    (tmp_path / "a.qasm").write_text(QASM3 + "/* é */ foo q[0];\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "dqplan", "profile", "a.qasm"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        env=plain_environment() | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
    )
    assert done.returncode == 2
    assert "foo q[0];" in done.stderr
