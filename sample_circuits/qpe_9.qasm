// Phase estimation with 8 bits: the gate `turn` has the eigenvalue exp(2 pi i 179/256) on |1>; the result is 179.
// A. Yu. Kitaev, arXiv:quant-ph/9511026; R. Cleve et al., Proc. R. Soc. A 454, 339 (1998), arXiv:quant-ph/9708016.
OPENQASM 3.0;
include "stdgates.inc";

gate turn a { p(2 * pi * 179 / 256) a; }

qubit[8] n; // n[7] is the most significant bit of the result
qubit eigen;
bit[8] result;

x eigen;
h n;

ctrl @ turn n[0], eigen;
ctrl @ pow(2) @ turn n[1], eigen;
ctrl @ pow(4) @ turn n[2], eigen;
ctrl @ pow(8) @ turn n[3], eigen;
ctrl @ pow(16) @ turn n[4], eigen;
ctrl @ pow(32) @ turn n[5], eigen;
ctrl @ pow(64) @ turn n[6], eigen;
ctrl @ pow(128) @ turn n[7], eigen;

// inverse Fourier transform; control k carries the phase 2^k * 179/256, hence the reversed order
swap n[0], n[7];
swap n[1], n[6];
swap n[2], n[5];
swap n[3], n[4];
h n[0];
inv @ cp(pi / 2) n[0], n[1];
h n[1];
inv @ cp(pi / 4) n[0], n[2];
inv @ cp(pi / 2) n[1], n[2];
h n[2];
inv @ cp(pi / 8) n[0], n[3];
inv @ cp(pi / 4) n[1], n[3];
inv @ cp(pi / 2) n[2], n[3];
h n[3];
inv @ cp(pi / 16) n[0], n[4];
inv @ cp(pi / 8) n[1], n[4];
inv @ cp(pi / 4) n[2], n[4];
inv @ cp(pi / 2) n[3], n[4];
h n[4];
inv @ cp(pi / 32) n[0], n[5];
inv @ cp(pi / 16) n[1], n[5];
inv @ cp(pi / 8) n[2], n[5];
inv @ cp(pi / 4) n[3], n[5];
inv @ cp(pi / 2) n[4], n[5];
h n[5];
inv @ cp(pi / 64) n[0], n[6];
inv @ cp(pi / 32) n[1], n[6];
inv @ cp(pi / 16) n[2], n[6];
inv @ cp(pi / 8) n[3], n[6];
inv @ cp(pi / 4) n[4], n[6];
inv @ cp(pi / 2) n[5], n[6];
h n[6];
inv @ cp(pi / 128) n[0], n[7];
inv @ cp(pi / 64) n[1], n[7];
inv @ cp(pi / 32) n[2], n[7];
inv @ cp(pi / 16) n[3], n[7];
inv @ cp(pi / 8) n[4], n[7];
inv @ cp(pi / 4) n[5], n[7];
inv @ cp(pi / 2) n[6], n[7];
h n[7];

result = measure n;
