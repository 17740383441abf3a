#ifndef GUOMI_SM4_MAPS_H
#define GUOMI_SM4_MAPS_H

// How the vector kernels compute a round of SM4.
//
// The S-box of SM4 (GB/T 32907-2016, 6.2 a) is B * inverse(A * x + 0x3e) + 0xd3 with the inversion in AES's field. Liu and others
// ("Analysis of the SMS4 block cipher", ACISP 2007) found it to be an affine map, the inversion in the field of
// x^8 + x^7 + x^6 + x^5 + x^4 + x^2 + 1, and the same affine map again. That field and AES's, of x^8 + x^4 + x^3 + x + 1, are
// isomorphic: any root of the one polynomial in the other field gives an isomorphism, which is linear over single bits; A and B are
// the affine map's matrix multiplied with it and with its inverse. That they are right, a comparison over all 256 bytes shows.
//
// The kernels keep every word of the state as A * word, byte for byte, and the round keys as A * key + 0x3e. So the sum of three
// words and a round key is what goes into the inversion; and the map B, the rotations of L (6.2 b) and the map A back into the
// state become one. L rotates by 2, 10, 18 and 24 bits: of b out of the S-box, byte i of the result is, counted from the low end,
//
//     b[i] + (b[i] << 2) + (b[i-1] >> 6) + (b[i-1] << 2) + (b[i-2] >> 6) + (b[i-2] << 2) + (b[i-3] >> 6) + b[i-3]
//     = P b[i] + Q b[i-1] + Q b[i-2] + R b[i-3],      P = 1 + (<< 2),  Q = (>> 6) + (<< 2),  R = 1 + (>> 6) = P + Q.
//
// With u = A P B y, v = A Q B y, w = A R B y = u + v for y out of the inversion, a round adds u + v <<< 8 + v <<< 16 + w <<< 24:
// rotations by whole bytes only. These do not care which way round the bytes of a word are, so that nothing swaps them: where words
// stay as they are in memory, big-endian, they rotate the other way. The constant 0xd3 becomes A (P + Q + Q + R) 0xd3 = 0x63.
//
// The key schedule (7.3) differs in L' alone, which rotates by 13 and 23 bits: b[i] + (b[i-1] << 5) + (b[i-2] >> 3) + (b[i-2] << 7)
// + (b[i-3] >> 1); its four maps share nothing. Its constant is 0xc5.

// As GF2P8AFFINEQB and GF2P8AFFINEINVQB take matrices.
#define GUOMI_SM4_INTO 0x4c287db91a22505d
#define GUOMI_SM4_INTO_CONSTANT 0x3e
#define GUOMI_SM4_OUT_OF 0xb3a4f5863284728b
#define GUOMI_SM4_U 0x040db891e9a481b7
#define GUOMI_SM4_V 0x2c020425162040ad
#define GUOMI_SM4_W 0x280fbcb4ff84c11a
#define GUOMI_SM4_ROUND_CONSTANT 0x63
#define GUOMI_SM4_SCHEDULE_0 0x280f0901760dc1af
#define GUOMI_SM4_SCHEDULE_1 0xabf358c700f3abab
#define GUOMI_SM4_SCHEDULE_2 0x13b5336648748933
#define GUOMI_SM4_SCHEDULE_3 0x54c1eccce6812f59
#define GUOMI_SM4_SCHEDULE_CONSTANT 0xc5

#endif
