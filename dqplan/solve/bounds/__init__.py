"""Proved lower bounds on e-bits, without a search for plans."""
