// W state: the equal superposition of the eight basis states with a single 1.
// The one excitation starts on q[0] and is handed down the line; each qubit keeps 1/8 of the probability.
// D. Cruz et al., Adv. Quantum Technol. 2, 1900015 (2019), arXiv:1807.05572, the linear-depth circuit.
OPENQASM 3.0;
include "stdgates.inc";

// Moves the excitation of `a` to `b` with probability sin(theta/2)^2.
gate hand_down(theta) a, b { cry(theta) a, b; cx b, a; }

qubit[8] q;
x q[0];
hand_down(2 * arccos(sqrt(1.0 / 8))) q[0], q[1];
hand_down(2 * arccos(sqrt(1.0 / 7))) q[1], q[2];
hand_down(2 * arccos(sqrt(1.0 / 6))) q[2], q[3];
hand_down(2 * arccos(sqrt(1.0 / 5))) q[3], q[4];
hand_down(2 * arccos(sqrt(1.0 / 4))) q[4], q[5];
hand_down(2 * arccos(sqrt(1.0 / 3))) q[5], q[6];
hand_down(2 * arccos(sqrt(1.0 / 2))) q[6], q[7];
