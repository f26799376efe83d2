"""Homes and hosts made real: copies in time, within the limits on data and comm qubits."""
