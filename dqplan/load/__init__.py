"""Text -> Circuit and Hardware: the only stage that reads files."""
