"""From what the user typed to a plan, its files and its limits; `split`, `check` and `merge` use it."""
