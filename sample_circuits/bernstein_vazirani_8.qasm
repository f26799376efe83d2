// Bernstein-Vazirani: one query finds the hidden string c[6]...c[0] = 1011001.
// E. Bernstein and U. Vazirani, SIAM J. Comput. 26, 1411 (1997).
OPENQASM 2.0;
include "qelib1.inc";
qreg query[7];
qreg minus[1];
creg c[7];

h query;
x minus;
h minus;

// the hidden string decides which bits flip the target
cx query[0], minus[0];
cx query[3], minus[0];
cx query[4], minus[0];
cx query[6], minus[0];

h query;
measure query -> c;
