// Two rounds of error correction with the three-qubit repetition code: a flip of d[1], then one of d[2], are found by
// the syndrome and corrected. The logical state is ry(1.1)|0>, undone at the end: `check` is always 0.
// A. Peres, Phys. Rev. A 32, 3266 (1985); Nielsen & Chuang, section 10.1.1.
OPENQASM 2.0;
include "qelib1.inc";

gate encode a, b, c { cx a, b; cx a, c; }
gate parities a, b, c, left, right { cx a, left; cx b, left; cx b, right; cx c, right; }

qreg d[3];
qreg ancilla[2];
creg syndrome[2]; // 1: d[0] flipped, 3: d[1], 2: d[2]
creg check[3];

ry(1.1) d[0];
encode d[0], d[1], d[2];

// first round
x d[1];
parities d[0], d[1], d[2], ancilla[0], ancilla[1];
measure ancilla -> syndrome;
reset ancilla;
if (syndrome == 1) x d[0];
if (syndrome == 3) x d[1];
if (syndrome == 2) x d[2];

// second round
barrier d, ancilla;
x d[2];
parities d[0], d[1], d[2], ancilla[0], ancilla[1];
measure ancilla -> syndrome;
reset ancilla;
if (syndrome == 1) x d[0];
if (syndrome == 3) x d[1];
if (syndrome == 2) x d[2];

encode d[0], d[1], d[2];
ry(-1.1) d[0];
measure d -> check;
