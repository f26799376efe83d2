// One layer of QAOA for the maximum cut of a ring of 8. gamma = pi/4 and beta = pi/8 are the best angles: every edge is
// cut with probability 3/4. E. Farhi et al., arXiv:1411.4028, "ring of disagrees".
OPENQASM 3.0;
include "stdgates.inc";
qubit[8] q;
bit[8] c;
gate rzz(theta) a, b { cx a, b; rz(theta) b; cx a, b; }
h q;
for int k in [0:7] {
  rzz(-pi/4) q[k], q[(k + 1) % 8];
}
rx(pi/4) q;
c = measure q;
