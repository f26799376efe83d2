"""`python -m dqplan`."""

from dqplan.cli.app import main

main()
