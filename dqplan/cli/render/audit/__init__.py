"""Audit -> a report: one format a file, each with a function `render` that makes its text."""
