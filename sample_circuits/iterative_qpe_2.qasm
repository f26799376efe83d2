// Phase estimation bit by bit with one counting qubit, measured, reset and used again: the gate p(2 pi 11/16) has the
// phase 0.1011 (binary), so `result` is 11. Each round undoes the bits that are known before it asks for the next one.
// M. Dobsicek et al., Phys. Rev. A 76, 030306 (2007), arXiv:quant-ph/0610214.
OPENQASM 3.0;
include "stdgates.inc";

qubit count;
qubit eigen;
bit[4] result; // result[0] is the least significant bit

x eigen;

h count;
cp(8 * 2 * pi * 11 / 16) count, eigen;
h count;
result[0] = measure count;

reset count;
h count;
cp(4 * 2 * pi * 11 / 16) count, eigen;
if (result[0]) { p(-pi / 2) count; }
h count;
result[1] = measure count;

reset count;
h count;
cp(2 * 2 * pi * 11 / 16) count, eigen;
if (result[0]) { p(-pi / 4) count; }
if (result[1]) { p(-pi / 2) count; }
h count;
result[2] = measure count;

reset count;
h count;
cp(2 * pi * 11 / 16) count, eigen;
if (result[0]) { p(-pi / 8) count; }
if (result[1]) { p(-pi / 4) count; }
if (result[2]) { p(-pi / 2) count; }
h count;
result[3] = measure count;
