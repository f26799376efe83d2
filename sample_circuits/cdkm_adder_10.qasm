// Ripple-carry adder of two 4-bit numbers: b becomes the sum, `carry` its highest bit. Computes 13 + 7 = 20.
// S. A. Cuccaro, T. G. Draper, S. A. Kutin and D. P. Moulton, arXiv:quant-ph/0410184.
OPENQASM 2.0;
include "qelib1.inc";

// The majority of three bits, and its undoing that leaves the sum bit.
gate majority c, b, a { cx a, b; cx a, c; ccx c, b, a; }
gate unmaj c, b, a { ccx c, b, a; cx a, c; cx c, b; }

qreg cin[1];
qreg a[4];
qreg b[4];
qreg carry[1];
creg sum[5];

// index 0 is least significant: a = 13, b = 7
x a[0];
x a[2];
x a[3];
x b[0];
x b[1];
x b[2];

majority cin[0], b[0], a[0];
majority a[0], b[1], a[1];
majority a[1], b[2], a[2];
majority a[2], b[3], a[3];
cx a[3], carry[0];
unmaj a[2], b[3], a[3];
unmaj a[1], b[2], a[2];
unmaj a[0], b[1], a[1];
unmaj cin[0], b[0], a[0];

measure b[0] -> sum[0];
measure b[1] -> sum[1];
measure b[2] -> sum[2];
measure b[3] -> sum[3];
measure carry[0] -> sum[4];
