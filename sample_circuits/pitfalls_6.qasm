// No algorithm, but what distributing compilers get wrong without a word: several registers with equal indices, Pauli
// gates and a local swap on a qubit between two remote gates, symmetric gates written both ways round, broadcast over
// registers, user gates within user gates and a barrier in the middle of a packet.
OPENQASM 2.0;
include "qelib1.inc";

gate link(theta) a, b { cu1(theta) a, b; cu1(theta / 2) b, a; }
gate chain(theta) a, b, c { link(theta) a, b; x b; link(-theta) b, c; }

qreg a[2];
qreg b[3];
qreg c[1];

h a;
u3(0.3, 0.2, 0.1) b;

// X and Y between two gates with the same control
cx a[0], b[0];
x a[0];
cx a[0], b[1];
y a[0];
cx a[0], c[0];
z a[0];

// a swap that moves the control
cx a[0], b[2];
swap a[0], a[1];
cx a[0], b[2];

// the same symmetric gate, turned round
cz b[0], a[1];
h b[0];
cz a[1], b[0];
cu1(0.7) c[0], a[0];
barrier a, b;
cu1(0.7) a[0], c[0];

// broadcast: one qubit with a register, then two user gates in a row
cx c[0], b;
ch b, a[0];
chain(0.9) a[0], b[1], c[0];
chain(-0.4) c[0], a[1], b[0];
rx(pi / 3) a;
