"""Nouns: frozen values that every stage shares. numpy and the standard library only, no I/O."""
