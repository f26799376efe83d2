"""Circuit x Hardware x Objective -> Plan: of several plans, the one whose program ends soonest or best."""
