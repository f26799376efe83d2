"""Circuit x Hardware -> circuits of islands that no e-bit joins, and the cuts between them."""
