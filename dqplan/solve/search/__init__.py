"""Local search over homes that move and hosts."""
