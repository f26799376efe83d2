"""Circuit x Plan -> Program: the distributed program, joint and per module, as text."""
