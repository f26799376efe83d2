"""Circuit x Hardware x Objective -> Plan: of many plans, the best by e-bits, time and fidelity."""
