"""Many plans held against their budgets: what `check` finds, and its reports."""
