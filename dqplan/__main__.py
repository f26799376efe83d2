"""Where the program begins, as `dqplan` and as `python -m dqplan`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and exit.

    The commands are imported here, so that Ctrl-C during that ends as quietly as Ctrl-C later.
    """
    try:
        from dqplan.cli.app import app

        app(prog_name="dqplan")
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        sys.exit(130)


if __name__ == "__main__":
    main()
