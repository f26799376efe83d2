"""The commands, and the one place where errors become messages and exit statuses."""

from __future__ import annotations

import platform
import sys
import traceback
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

import dqplan
from dqplan.cli import hardware
from dqplan.cli.diff import diff
from dqplan.cli.interrupt import INTERRUPTED
from dqplan.cli.merge import merge
from dqplan.cli.profile import profile
from dqplan.cli.report import report
from dqplan.cli.simulate import simulate
from dqplan.cli.split import split
from dqplan.cli.streams import drop_output, talk
from dqplan.cli.sweep import sweep
from dqplan.cli.verify import verify
from dqplan.core.errors import DqplanError, InternalError

BROKEN_PIPE = 141
"""What a shell reports of any program whose reader went away (128 + SIGPIPE)."""


class GuardedGroup(TyperGroup):
    """Commands whose errors end in a message and an exit status, never in a traceback that was not asked for."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Take `--debug` wherever it stands: it is added to the end of a command that has just failed."""
        ctx.meta["debug"] = "--debug" in args
        return super().parse_args(ctx, [arg for arg in args if arg != "--debug"])

    def invoke(self, ctx: Any) -> Any:
        """Run the command; raises typer.Exit with the status of whatever went wrong."""
        try:
            return super().invoke(ctx)
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
    known = error if isinstance(error, DqplanError) else _unforeseen(error)
    talk(f"error[{known.code}]: {known}")
    if known.hint:
        talk(f"hint: {known.hint}")
    return known.exit_status


def _unforeseen(error: Exception) -> InternalError:
    """An error that nobody raised on purpose, with what a report about it should hold."""
    if isinstance(error, MemoryError):
        return InternalError("out of memory", hint="try a smaller circuit, --effort quick or --no-check")
    frame = traceback.extract_tb(error.__traceback__)[-1]
    report = f"dqplan {dqplan.__version__}, Python {platform.python_version()}, {sys.platform}"
    return InternalError(
        f"{type(error).__name__}: {error} ({frame.filename}:{frame.lineno})",
        hint=f"this is a bug in dqplan: please report it with its input, the line above and `{report}`; "
        "--debug shows the traceback",
    )


app = typer.Typer(
    name="dqplan",
    cls=GuardedGroup,
    help="Profile quantum circuits, plan their distribution over linked modules, and check the result.",
    epilog="Exit status: 0 done, 1 a gate or row failed or a verdict is negative, 2 bad input or usage, "
    "3 infeasible on this hardware, 70 a bug in dqplan, 130 interrupted, 141 output closed early.",
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
app.command()(sweep)
app.add_typer(hardware.app, name="hardware")


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
