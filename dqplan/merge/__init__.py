"""Measurement results of modules -> counts of the circuit's bits."""
