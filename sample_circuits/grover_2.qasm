// Grover search over four items with one query: the marked item is 11. The two CZ are the gates that the Oxford
// experiment teleported between two ion traps; it found the marked item with 71 % probability.
// D. Main et al., Nature 638, 383 (2025), arXiv:2407.00835; L. K. Grover, arXiv:quant-ph/9605043.
OPENQASM 2.0;
include "qelib1.inc";
qreg q[2];
creg c[2];

h q;

// oracle: a sign on 11
cz q[0], q[1];

// reflection about the mean
h q;
x q;
cz q[0], q[1];
x q;
h q;

measure q -> c;
