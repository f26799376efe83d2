"""Streams and terminals: what is said where, what is shown meanwhile, how it is interrupted."""
