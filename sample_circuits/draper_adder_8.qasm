// Addition in Fourier space: b becomes a + b modulo 16. Computes 11 + 7 = 2 (mod 16).
// T. G. Draper, Addition on a quantum computer, arXiv:quant-ph/0008033.
OPENQASM 3.0;
include "stdgates.inc";
qubit[4] a;
qubit[4] b;
bit[4] sum;

// a = 11 and b = 7, index 0 least significant
x a[0];
x a[1];
x a[3];
x b[0];
x b[1];
x b[2];

// Fourier transform of b
h b[3];
cp(pi/2) b[2], b[3];
cp(pi/4) b[1], b[3];
cp(pi/8) b[0], b[3];
h b[2];
cp(pi/2) b[1], b[2];
cp(pi/4) b[0], b[2];
h b[1];
cp(pi/2) b[0], b[1];
h b[0];

// add a in Fourier space
cp(pi) a[3], b[3];
cp(pi/2) a[2], b[3];
cp(pi/4) a[1], b[3];
cp(pi/8) a[0], b[3];
cp(pi) a[2], b[2];
cp(pi/2) a[1], b[2];
cp(pi/4) a[0], b[2];
cp(pi) a[1], b[1];
cp(pi/2) a[0], b[1];
cp(pi) a[0], b[0];

// and back
h b[0];
cp(-pi/2) b[0], b[1];
h b[1];
cp(-pi/4) b[0], b[2];
cp(-pi/2) b[1], b[2];
h b[2];
cp(-pi/8) b[0], b[3];
cp(-pi/4) b[1], b[3];
cp(-pi/2) b[2], b[3];
h b[3];

sum = measure b;
