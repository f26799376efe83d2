"""What `dqplan check` is to hold circuits against: dqplan.toml, or [tool.dqplan] in pyproject.toml."""
