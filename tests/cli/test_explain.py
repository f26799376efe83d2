"""Every code has an entry, every entry a code, and every example causes what it is an example of.

`python -m tests.cli.test_explain` writes what the examples print now into their entries.
"""

from __future__ import annotations

import ast
import builtins
import json
import os
import re
import sys
import tempfile
from pathlib import Path

import pytest

from dqplan.cli.explain import topic_names, topic_text
from dqplan.core import errors
from dqplan.core.errors import Caution, DqplanError, error_classes
from tests.conftest import ROOT, Run
from tests.consoles import printed, with_programs
from tests.manual import MANUAL

CODES = [error.code for error in error_classes()] + list(Caution)
TOPICS = ["commands", "cost", "exit", "hardware", "python", "tutorial", "words"]
SOURCE = sorted((ROOT / "dqplan").rglob("*.py"))
BLOCK = re.compile(r"(?:^    .*\n)+", re.MULTILINE)
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def test_every_code_and_topic_has_an_entry_and_every_entry_is_one() -> None:
    assert topic_names() == [*CODES, *TOPICS]


def test_codes_are_different_and_stand_in_the_tree() -> None:
    """The drawing in the docstring is what a reader of the source sees first."""
    assert len({*CODES}) == len(CODES)
    drawn = re.findall(r"(\w+) +(DQW?\d+)", errors.__doc__ or "")
    named = [(error.__name__, error.code) for error in error_classes()] + [(each.name, each) for each in Caution]
    assert drawn == named


def test_all_errors_live_in_one_file() -> None:
    assert {error.__module__ for error in error_classes()} == {errors.__name__}


@pytest.mark.parametrize("name", [*CODES, *TOPICS])
def test_an_entry_can_be_read(name: str) -> None:
    text = topic_text(name)
    lines = FENCED.sub("", text).splitlines()
    assert lines[0].startswith(f"# {name}: ")
    assert all(len(line) <= 80 or line.startswith("    ") for line in lines), max(lines, key=len)
    assert text.isprintable() or set(text) - {"\n"} == {c for c in text if c.isprintable()}
    if name in CODES:
        assert re.findall(r"^## (.*)", text, re.MULTILINE) == ["Example", "What to do"]


def executed(block: str, directory: Path) -> str:
    """The block with what its commands print now; output and errors are mixed as on a terminal."""
    shown = ""
    for command in re.split(r"^    \$ ", block, flags=re.MULTILINE)[1:]:
        lines = command.splitlines()
        more = [line for line in lines[1:] if line.startswith("    > ")]
        script = "\n".join([lines[0], *(line.removeprefix("    > ") for line in more)])
        said = [f"    {line}".rstrip() for line in printed(script, directory).splitlines()]
        shown += "\n".join([f"    $ {lines[0]}", *more, *said]) + "\n"
    return shown


def examples() -> list[str]:
    return [name for name in topic_names() if "    $ " in topic_text(name)]


def block_of(text: str) -> str:
    return next(block for block in BLOCK.findall(text) if block.startswith("    $ "))


@pytest.mark.skipif(os.name != "posix", reason="a shell of POSIX")
@pytest.mark.parametrize("name", examples())
def test_an_example_prints_what_it_shows(name: str, tmp_path: Path) -> None:
    """The code itself must be among what is printed, not among the commands."""
    block = block_of(topic_text(name))
    shown = executed(block, with_programs(tmp_path))
    assert shown == block
    if name in CODES:
        said = [line for line in shown.splitlines() if not line.startswith(("    $ ", "    > "))]
        assert any(re.search(rf"\b{name}\b", line) for line in said)


def test_every_code_has_an_example() -> None:
    assert set(CODES) <= set(examples())


# What Python's own protocols and Typer's ask for, and what one function tells another; nothing that says nothing.
PYTHON = {name for name in dir(builtins) if name.endswith("Error")} | {"StopIteration", "Exit"}


def raised(tree: ast.AST) -> set[str]:
    """Names of the classes that are raised by name; `raise error` and `raise made(...)` raise what others made."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and node.exc is not None:
            target = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            name = (
                target.attr if isinstance(target, ast.Attribute) else target.id if isinstance(target, ast.Name) else ""
            )
            if name.lstrip("_")[:1].isupper():
                found.add(name)
    return found


def caught(tree: ast.AST) -> set[str]:
    """Names of the classes that are caught."""
    types = [node.type for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler) and node.type]
    return {node.id for each in types for node in ast.walk(each) if isinstance(node, ast.Name)}


def test_what_is_raised_is_in_the_catalogue() -> None:
    """Or it is caught: that is how a stage tells itself that something cannot be done."""
    trees = {file: ast.parse(file.read_text(encoding="utf-8")) for file in SOURCE}
    known = {error.__name__ for error in error_classes()} | PYTHON
    inner = {name for tree in trees.values() for name in caught(tree)} - {"Exception", "BaseException"}
    for file, tree in trees.items():
        if file.name != "recheck.py":  # a script of its own, which imports nothing of dqplan
            strange = raised(tree) - known - inner
            assert not strange, f"{file}: {strange}"


def test_every_error_and_warning_is_used() -> None:
    text = "".join(file.read_text(encoding="utf-8") for file in SOURCE if file.name != "errors.py")
    for error in error_classes():
        assert re.search(rf"\b{error.__name__}\(", text), error
    for caution in Caution:
        assert f"Caution.{caution.name}" in text


def test_exit_statuses_are_those_that_are_told() -> None:
    told = {int(number) for number in re.findall(r"^    (\d+) ", topic_text("exit"), re.MULTILINE)}
    assert told == {0, 1, 141} | {error.exit_status for error in error_classes()}


def test_all_topics_are_listed(dqplan: Run) -> None:
    done = dqplan("explain")
    assert done.returncode == 0
    assert [line.split()[0] for line in done.stdout.splitlines()] == topic_names()
    assert all(len(line) <= 80 for line in done.stdout.splitlines())


def test_a_topic_is_printed_as_it_is(dqplan: Run) -> None:
    assert dqplan("explain", "dqw203").stdout == topic_text("DQW203")
    assert dqplan("explain", "error[DQ101]:").stdout == topic_text("DQ101")


@pytest.mark.parametrize(("wanted", "guess"), [("DQ502", "DQ501"), ("hardwear", "hardware"), ("word", "words")])
def test_an_unknown_topic_is_refused_with_what_is_close(wanted: str, guess: str, dqplan: Run) -> None:
    done = dqplan("explain", wanted)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"error[DQ401]: there is no topic `{wanted}`\nhint: did you mean ")
    assert guess in done.stderr


def test_json(dqplan: Run) -> None:
    listed = json.loads(dqplan("explain", "--format", "json").stdout)
    assert [about["topic"] for about in listed] == topic_names()
    one = json.loads(dqplan("explain", "DQ501", "--format", "json").stdout)
    assert one in listed
    assert (one["kind"], one["exit_status"]) == ("error", 3)
    assert one["example"] in topic_text("DQ501")
    assert {about["kind"] for about in listed} == {"error", "warning", "topic"}
    assert all(about["meaning"] and about["fix"] for about in listed if about["kind"] != "topic")


def test_classes_that_hold_others_together_have_no_entry() -> None:
    assert DqplanError.code not in CODES
    assert errors.InputError.code not in CODES


if __name__ == "__main__":
    for name in sys.argv[1:] or examples():
        with tempfile.TemporaryDirectory() as directory:
            (file,) = MANUAL.rglob(f"{name}.md")
            text = file.read_text(encoding="utf-8")
            block = block_of(text)
            file.write_text(text.replace(block, executed(block, with_programs(Path(directory)))), encoding="utf-8")
