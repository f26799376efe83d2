"""Emitted program -> Twin: what would come out of the hardware, run by run."""
