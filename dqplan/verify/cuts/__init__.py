"""Check a circuit that was cut: the sums, the islands put together again, and every program."""
