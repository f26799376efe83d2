"""The model: what operations of a program take and what goes wrong in them, from the hardware's numbers."""
