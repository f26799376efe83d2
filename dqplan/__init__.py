"""dqplan: profile quantum circuits, plan their distribution over linked modules, and prove the result."""
