"""The exact model by CP-SAT, for small circuits: homes that move, and a bound."""
