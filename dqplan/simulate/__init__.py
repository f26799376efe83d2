"""Emitted program -> Experiment: what would come out of the hardware, run by run."""
