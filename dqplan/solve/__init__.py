"""Circuit x Hardware -> Plan: homes, hosts and shares, with a proved bound."""
