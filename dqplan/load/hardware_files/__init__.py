"""YAML, JSON and shorthands -> Hardware."""
