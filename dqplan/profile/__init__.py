"""Circuit -> Profile: what a workload needs, before any hardware is chosen."""
