"""Two plans -> Comparison."""
