"""The linear program: the smallest weights of chains that satisfy all inequalities found so far, and its dual."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class CoveringProgram:
    """Minimise the sum of x >= 0 under rows a x >= 1 that are added over time."""

    def __init__(self, size: int) -> None:
        from ortools.linear_solver import pywraplp

        self.solver: Any = pywraplp.Solver.CreateSolver("GLOP")
        self.solver.SuppressOutput()
        self.variables = [self.solver.NumVar(0.0, self.solver.infinity(), "") for _ in range(size)]
        self.solver.Minimize(self.solver.Sum(self.variables))
        self.rows: list[Any] = []
        self.weights: Floats = np.zeros(size)
        self.dual: Floats = np.zeros(0)

    @property
    def value(self) -> float:
        """Of the last solution."""
        return float(self.weights.sum())

    def add(self, columns: NDArray[np.int64], coefficients: Floats) -> None:
        """Add a row; it takes part from the next `solve` on."""
        row = self.solver.Constraint(1.0, self.solver.infinity())
        for column, coefficient in zip(columns.tolist(), coefficients.tolist(), strict=True):
            row.SetCoefficient(self.variables[column], coefficient)
        self.rows.append(row)

    def solve(self) -> bool:
        """Find new weights and dual values; False, and the old ones stay, if the numbers are too bad for it."""
        if self.solver.Solve() != self.solver.OPTIMAL:
            return False
        self.weights = np.array([variable.solution_value() for variable in self.variables])
        self.dual = np.array([row.dual_value() for row in self.rows])
        return True
