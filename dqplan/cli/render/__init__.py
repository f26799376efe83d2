"""Results -> text: one format per file."""
