// One layer of QAOA for the maximum cut of the Moebius-Kantor graph: 16 vertices, 24 edges, 3-regular, no triangles.
// gamma = arctan(1/sqrt(2)), beta = pi/8 are the best angles of every triangle-free 3-regular graph; they cut 69.2 % of
// the edges on average. E. Farhi et al., arXiv:1411.4028; Z. Wang et al., Phys. Rev. A 97, 022304 (2018), arXiv:1706.02998.
OPENQASM 2.0;
include "qelib1.inc";
qreg q[16];
creg c[16];
h q;
rzz(-0.6154797086703874) q[0], q[1];
rzz(-0.6154797086703874) q[0], q[7];
rzz(-0.6154797086703874) q[0], q[8];
rzz(-0.6154797086703874) q[1], q[2];
rzz(-0.6154797086703874) q[1], q[9];
rzz(-0.6154797086703874) q[2], q[3];
rzz(-0.6154797086703874) q[2], q[10];
rzz(-0.6154797086703874) q[3], q[4];
rzz(-0.6154797086703874) q[3], q[11];
rzz(-0.6154797086703874) q[4], q[5];
rzz(-0.6154797086703874) q[4], q[12];
rzz(-0.6154797086703874) q[5], q[6];
rzz(-0.6154797086703874) q[5], q[13];
rzz(-0.6154797086703874) q[6], q[7];
rzz(-0.6154797086703874) q[6], q[14];
rzz(-0.6154797086703874) q[7], q[15];
rzz(-0.6154797086703874) q[8], q[11];
rzz(-0.6154797086703874) q[8], q[13];
rzz(-0.6154797086703874) q[9], q[12];
rzz(-0.6154797086703874) q[9], q[14];
rzz(-0.6154797086703874) q[10], q[13];
rzz(-0.6154797086703874) q[10], q[15];
rzz(-0.6154797086703874) q[11], q[14];
rzz(-0.6154797086703874) q[12], q[15];
rx(pi/4) q;
measure q -> c;
