// Teleportation of the state rz(0.4) ry(0.9)|0> from `message` to `far`, where it is undone again: `check` is always 0.
// C. H. Bennett et al., Phys. Rev. Lett. 70, 1895 (1993).
OPENQASM 3.0;
include "stdgates.inc";

qubit message;
qubit near;
qubit far;
bit sign;
bit flip;
bit check;

ry(0.9) message;
rz(0.4) message;

h near;
cx near, far;

cx message, near;
h message;
sign = measure message;
flip = measure near;
if (flip) { x far; }
if (sign) { z far; }

rz(-0.4) far;
ry(-0.9) far;
check = measure far;
