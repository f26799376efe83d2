"""A program in other languages: one file per language."""
