"""The commands, and the one place where errors become messages and exit statuses."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

import dqplan
from dqplan.cli import hardware
from dqplan.cli.check import check
from dqplan.cli.diff import diff
from dqplan.cli.explain import explain
from dqplan.cli.merge import merge
from dqplan.cli.profile import profile
from dqplan.cli.report import report
from dqplan.cli.simulate import simulate
from dqplan.cli.size import size
from dqplan.cli.split import split
from dqplan.cli.sweep import sweep
from dqplan.cli.terminal.excerpt import excerpt
from dqplan.cli.terminal.interrupt import INTERRUPTED
from dqplan.cli.terminal.streams import drop_output, error_width, talk
from dqplan.cli.terminal.unforeseen import unforeseen
from dqplan.cli.verify import verify
from dqplan.core.errors import DqplanError

BROKEN_PIPE = 141
"""What a shell reports of any program whose reader went away (128 + SIGPIPE)."""


class GuardedGroup(TyperGroup):
    """Commands whose errors end in a message and an exit status, never in a traceback that was not asked for."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Take `--debug` wherever it stands: it is added to the end of a command that has just failed."""
        ctx.meta["debug"] = "--debug" in args
        with _guarded(ctx):  # --help and --version write
            return super().parse_args(ctx, [arg for arg in args if arg != "--debug"])

    def invoke(self, ctx: Any) -> Any:
        """Run the command; raises typer.Exit with the status of whatever went wrong."""
        with _guarded(ctx):
            return super().invoke(ctx)


@contextmanager
def _guarded(ctx: Any) -> Iterator[None]:
    """Whatever goes wrong in the block becomes typer.Exit with its status, and a message if that is due."""
    try:
        yield
    except (typer.Exit, typer.Abort, typer.TyperException):
        raise
    except BrokenPipeError:
        drop_output()
        raise typer.Exit(BROKEN_PIPE) from None
    except KeyboardInterrupt:
        talk("interrupted")
        raise typer.Exit(INTERRUPTED) from None
    except Exception as error:
        if ctx.meta["debug"]:
            traceback.print_exc()
        raise typer.Exit(_report(error)) from None


def _report(error: Exception) -> int:
    """Say what went wrong on standard error, and return the exit status."""
    known = error if isinstance(error, DqplanError) else unforeseen(error)
    talk(f"error[{known.code}]: {known}")
    if known.place and known.quote is not None:
        for line in excerpt(known.quote, known.place.line, known.place.column, error_width()):
            talk(line)
    if known.hint:
        talk(f"hint: {known.hint}")
    return known.exit_status


app = typer.Typer(
    name="dqplan",
    cls=GuardedGroup,
    help="Profile quantum circuits, plan their distribution over linked modules, and check the result.",
    epilog="Exit status: 0 done, 1 a gate or row failed or a verdict is negative, 2 bad input or usage, "
    "3 infeasible on this hardware, 70 a bug in dqplan, 130 interrupted, 141 output closed early. "
    "`dqplan explain CODE` tells about an error or a warning.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(profile)
app.command()(split)
app.command()(verify)
app.command()(simulate)
app.command()(merge)
app.command()(diff)
app.command()(report)
app.command()(check)
app.command()(sweep)
app.command()(size)
app.add_typer(hardware.app, name="hardware")
app.command()(explain)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"dqplan {dqplan.__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show the traceback of an error; may stand anywhere in a command.")
    ] = False,
) -> None:
    """Options of dqplan itself; both are dealt with before this runs."""
