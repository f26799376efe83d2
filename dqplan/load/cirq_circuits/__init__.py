"""Cirq circuits and Cirq JSON -> Circuit."""
