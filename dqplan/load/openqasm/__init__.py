"""OpenQASM 2 and 3 -> Circuit."""
