"""`dqplan explain`: what the codes of errors and warnings mean, and what a user needs to know besides."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated

import typer

from dqplan.cli.options import Format, FormatOption
from dqplan.cli.terminal import completion
from dqplan.cli.terminal.streams import answer, answer_json
from dqplan.core.errors import UsageError

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

_ENDING = ".md"
_CODE = re.compile(r"DQW?[0-9]+")
_SECTION = re.compile(r"^## (.*)\n\n", re.MULTILINE)


def topic_names() -> list[str]:
    """The codes of errors, those of warnings, and then the other topics."""
    return sorted(_pages(), key=lambda name: (not _CODE.fullmatch(name), name.startswith("DQW"), name))


def topic_text(name: str) -> str:
    """The text about a topic, in Markdown that is read as it is; `name` is one of `topic_names`."""
    return _pages()[name].read_text(encoding="utf-8")


def explain(
    topic: Annotated[
        str,
        typer.Argument(
            metavar="TOPIC",
            help="A code such as DQ501, or another: tutorial, hardware, cost, words, …",
            autocompletion=completion.topics,
        ),
    ] = "",
    format_: FormatOption = Format.TABLE,
) -> None:
    """Explain an error or warning by its code, or another topic.

    Without TOPIC, all of them are listed. A code is told with an example that causes it and with what to do.
    """
    names = [_named(topic)] if topic else topic_names()
    if format_ is Format.JSON:
        documents = [_document(name) for name in names]
        answer_json(documents[0] if topic else documents)
    elif topic:
        answer(topic_text(names[0]))
    else:
        answer("".join(f"{name:<9} {_title(topic_text(name))}\n" for name in names))


def _named(wanted: str) -> str:
    """The topic that is meant: in any case, and a code in the brackets that errors print it in.

    Raises:
        UsageError: there is none of that name.
    """
    names = topic_names()
    bare = wanted.strip().removeprefix("error").removeprefix("warning").strip("[]:").lower()
    found = next((name for name in names if name.lower() == bare), None)
    if found is not None:
        return found
    shown = wanted if len(wanted) <= 40 else f"{wanted[:37]}..."
    close = get_close_matches(bare[:40], [name.lower() for name in names], n=3)
    guess = [name for name in names if name.lower() in close]
    hint = f"did you mean {' or '.join(guess)}? " if guess else ""
    raise UsageError(f"there is no topic `{shown}`", hint=f"{hint}`dqplan explain` lists all topics")


def _title(text: str) -> str:
    return text.partition("\n")[0].partition(": ")[2]


def _document(name: str) -> dict[str, object]:
    """A topic for programs; what is said of a code is taken apart."""
    text = topic_text(name)
    about: dict[str, object] = {"topic": name, "kind": _kind(name), "title": _title(text), "text": text}
    if not _CODE.fullmatch(name):
        return about
    meaning, *rest = _SECTION.split(text.partition("\n")[2])
    sections = dict(zip(rest[::2], rest[1::2], strict=True))
    parts = {"meaning": meaning, "example": sections["Example"], "fix": sections["What to do"]}
    status = {"exit_status": _exit_status(name)} if about["kind"] == "error" else {}
    return about | status | {key: part.strip("\n") for key, part in parts.items()}


def _kind(name: str) -> str:
    return "topic" if not _CODE.fullmatch(name) else "warning" if name.startswith("DQW") else "error"


def _exit_status(code: str) -> int:
    from dqplan.core.errors import error_classes

    return next(error.exit_status for error in error_classes() if error.code == code)


def _pages() -> dict[str, Traversable]:
    """The pages of the manual, and those about codes, by name."""
    from importlib.resources import files

    manual = files("dqplan").joinpath("manual")
    found = [*manual.iterdir(), *manual.joinpath("codes").iterdir()]
    return {page.name.removesuffix(_ENDING): page for page in found if page.name.endswith(_ENDING)}
