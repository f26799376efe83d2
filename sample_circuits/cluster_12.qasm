// Cluster state on a grid of 3 x 4 qubits: one CZ along every edge of the grid.
// H. J. Briegel and R. Raussendorf, Phys. Rev. Lett. 86, 910 (2001), arXiv:quant-ph/0004051.
OPENQASM 3.0;
include "stdgates.inc";

qubit[12] grid;
let top = grid[0:3];
let middle = grid[4:7];
let bottom = grid[8:11];

h grid;

// columns, all four at once
cz top, middle;
cz middle, bottom;

// rows
cz grid[0:2], grid[1:3];
cz grid[4:6], grid[5:7];
cz grid[8:10], grid[9:11];
