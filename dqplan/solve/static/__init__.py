"""One home per wire for the whole circuit, found by partitioning a hypergraph."""
