"""Measured values, of single qubits or whole modules and links -> the numbers of a hardware."""
