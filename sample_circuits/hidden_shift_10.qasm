// Hidden shift of the bent function f(x, y) = x.y on 2 x 5 bits: one query of f(v + s) and one of its dual find the
// shift s. Here s = 10110 (left, x) and 01101 (right, y), index 0 first.
// M. Roetteler, Quantum algorithms for highly non-linear Boolean functions, arXiv:0811.3208.
OPENQASM 2.0;
include "qelib1.inc";

gate bent x0, x1, x2, x3, x4, y0, y1, y2, y3, y4 { cz x0, y0; cz x1, y1; cz x2, y2; cz x3, y3; cz x4, y4; }

qreg left[5];
qreg right[5];
creg shift_left[5];
creg shift_right[5];

h left;
h right;

// the shifted function
x left[0];
x left[2];
x left[3];
x right[1];
x right[2];
x right[4];
bent left[0], left[1], left[2], left[3], left[4], right[0], right[1], right[2], right[3], right[4];
x left[0];
x left[2];
x left[3];
x right[1];
x right[2];
x right[4];

h left;
h right;

// its dual, which is the same function with its two halves exchanged
bent right[0], right[1], right[2], right[3], right[4], left[0], left[1], left[2], left[3], left[4];

h left;
h right;
measure left -> shift_left;
measure right -> shift_right;
