// Greenberger-Horne-Zeilinger state (|00000000> + |11111111>)/sqrt(2).
// D. M. Greenberger, M. A. Horne and A. Zeilinger, arXiv:0712.0921 (1989).
OPENQASM 3.0;
include "stdgates.inc";
qubit[8] q;
h q[0];
cx q[0], q[1];
cx q[1], q[2];
cx q[2], q[3];
cx q[3], q[4];
cx q[4], q[5];
cx q[5], q[6];
cx q[6], q[7];
