/*
 * The same items as wasm/create2-search, in C for one core, with the same savings: the first round up to its chi once an item,
 * of the last round three lanes. The bench compares its digests with the WASM kernel's, so that both are known to do the same work.
 *
 *   create2Search BLOCK_LOG2 FIRST_NONCE ZERO_BYTES MASK VALUE BLOCK
 *
 * MASK and VALUE are 20 bytes in hex, BLOCK is the 136 that Keccak-256 absorbs, the nonce's zero. Then one line in, `ITEM SEED`,
 * gives one line out: `NANOSECONDS NONCES DIGEST HITS`, until the input ends. Numbers are decimal.
 *
 * LANES nonces are hashed together. One is plain C. With -DSIMD they are as many as a vector register has 64-bit words, in the vectors
 * of GCC and Clang.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef uint32_t u32;
typedef uint64_t u64;

#if !defined(SIMD)
#define LANES 1
#elif defined(__AVX512F__)
#define LANES 8
#elif defined(__AVX2__)
#define LANES 4
#else
#define LANES 2
#endif

#if LANES == 1
typedef u64 word;
#define AT(w, lane) (w)
#else
typedef u64 word __attribute__((vector_size(8 * LANES)));
#define AT(w, lane) ((w)[lane])
#endif

#define ROTATE(a, n) ((a) << (n) | (a) >> (64 - (n)))

/* FIPS 202, 3.2.5. */
static const u64 IOTA[24] = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000, 0x000000000000808b, 0x0000000080000001,
    0x8000000080008081, 0x8000000000008009, 0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
    0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003, 0x8000000000008002, 0x8000000000000080,
    0x000000000000800a, 0x800000008000000a, 0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
};

/* FIPS 202, table 2, modulo 64, of lane x + 5y. */
static const int RHO[25] = {0,  1,  62, 28, 27, 36, 44, 6,  55, 20, 3,  10, 43,
                            25, 39, 41, 45, 15, 21, 8,  18, 2,  61, 56, 14};

static u32 blockLog2, zeroBytes;
static u64 firstNonce;
static uint8_t mask[20], value[20], block[200];
static u64 seed, digest, hits;

/* The first round up to its chi for the item's first nonce. */
static u64 first[25];

static void prepareItem(u64 start) {
  u64 lanes[25], parity[5];
  for (int i = 0; i < 8; i++) block[45 + i] = (uint8_t)(start >> (56 - 8 * i));
  for (int i = 0; i < 25; i++) {
    lanes[i] = 0;
    for (int j = 0; j < 8; j++) lanes[i] |= (u64)block[8 * i + j] << (8 * j);
  }
  for (int x = 0; x < 5; x++) parity[x] = lanes[x] ^ lanes[x + 5] ^ lanes[x + 10] ^ lanes[x + 15];
  for (int x = 0; x < 5; x++) {
    u64 next = parity[(x + 1) % 5], d = parity[(x + 4) % 5] ^ ROTATE(next, 1);
    for (int y = 0; y < 5; y++) {
      u64 lane = lanes[x + 5 * y] ^ d;
      int r = RHO[x + 5 * y];
      first[y + 5 * ((2 * x + 3 * y) % 5)] = r == 0 ? lane : ROTATE(lane, r);
    }
  }
}

/* A plane after chi, from b0 to b4. */
#define PLANE(e0, e1, e2, e3, e4)                                                                                                  \
  e0 = b0 ^ (~b1 & b2), e1 = b1 ^ (~b2 & b3), e2 = b2 ^ (~b3 & b4), e3 = b3 ^ (~b4 & b0), e4 = b4 ^ (~b0 & b1)

#define TURNED(a, d, n) (t = (a) ^ (d), ROTATE(t, n))

/* A round from the lanes a to the lanes e; its name is the place of a lane, row and column. */
#define ROUND(a, e, iota)                                                                                                          \
  do {                                                                                                                             \
    word c0 = a##00 ^ a##10 ^ a##20 ^ a##30 ^ a##40, c1 = a##01 ^ a##11 ^ a##21 ^ a##31 ^ a##41;                                     \
    word c2 = a##02 ^ a##12 ^ a##22 ^ a##32 ^ a##42, c3 = a##03 ^ a##13 ^ a##23 ^ a##33 ^ a##43;                                     \
    word c4 = a##04 ^ a##14 ^ a##24 ^ a##34 ^ a##44, t;                                                                              \
    word d0 = c4 ^ ROTATE(c1, 1), d1 = c0 ^ ROTATE(c2, 1), d2 = c1 ^ ROTATE(c3, 1);                                                  \
    word d3 = c2 ^ ROTATE(c4, 1), d4 = c3 ^ ROTATE(c0, 1);                                                                           \
    word b0 = a##00 ^ d0, b1 = TURNED(a##11, d1, 44), b2 = TURNED(a##22, d2, 43);                                                    \
    word b3 = TURNED(a##33, d3, 21), b4 = TURNED(a##44, d4, 14);                                                                     \
    PLANE(e##00, e##01, e##02, e##03, e##04);                                                                                        \
    e##00 ^= iota;                                                                                                                 \
    b0 = TURNED(a##03, d3, 28), b1 = TURNED(a##14, d4, 20), b2 = TURNED(a##20, d0, 3);                                               \
    b3 = TURNED(a##31, d1, 45), b4 = TURNED(a##42, d2, 61);                                                                          \
    PLANE(e##10, e##11, e##12, e##13, e##14);                                                                                        \
    b0 = TURNED(a##01, d1, 1), b1 = TURNED(a##12, d2, 6), b2 = TURNED(a##23, d3, 25);                                                \
    b3 = TURNED(a##34, d4, 8), b4 = TURNED(a##40, d0, 18);                                                                           \
    PLANE(e##20, e##21, e##22, e##23, e##24);                                                                                        \
    b0 = TURNED(a##04, d4, 27), b1 = TURNED(a##10, d0, 36), b2 = TURNED(a##21, d1, 10);                                              \
    b3 = TURNED(a##32, d2, 15), b4 = TURNED(a##43, d3, 56);                                                                          \
    PLANE(e##30, e##31, e##32, e##33, e##34);                                                                                        \
    b0 = TURNED(a##02, d2, 62), b1 = TURNED(a##13, d3, 55), b2 = TURNED(a##24, d4, 39);                                              \
    b3 = TURNED(a##30, d0, 41), b4 = TURNED(a##41, d1, 2);                                                                           \
    PLANE(e##40, e##41, e##42, e##43, e##44);                                                                                        \
  } while (0)

#define LANES_OF(a)                                                                                                                \
  word a##00, a##01, a##02, a##03, a##04, a##10, a##11, a##12, a##13, a##14, a##20, a##21, a##22, a##23, a##24, a##30, a##31,         \
      a##32, a##33, a##34, a##40, a##41, a##42, a##43, a##44

/* Lanes 1, 2 and 3 of the hashes at these offsets in the item; w is what an offset adds to lane 6. */
static inline void hashAll(word w, word out[3]) {
  LANES_OF(a);
  LANES_OF(e);
  /* A number and this give a vector of that number. */
  word zero = w ^ w;
  /* Theta gives lane 6's bits to columns 0 (turned by 1) and 2 as well. */
  word b0 = first[0] ^ ROTATE(w, 1), b1 = first[1] ^ ROTATE(w, 44), b2 = first[2] ^ ROTATE(w, 43);
  word b3 = zero ^ first[3], b4 = zero ^ first[4];
  PLANE(a00, a01, a02, a03, a04);
  a00 ^= IOTA[0];
  b0 = zero ^ first[5], b1 = zero ^ first[6], b2 = first[7] ^ ROTATE(w, 4), b3 = zero ^ first[8];
  b4 = first[9] ^ ROTATE(w, 61);
  PLANE(a10, a11, a12, a13, a14);
  b0 = zero ^ first[10], b1 = first[11] ^ ROTATE(w, 6), b2 = zero ^ first[12], b3 = zero ^ first[13];
  b4 = first[14] ^ ROTATE(w, 19);
  PLANE(a20, a21, a22, a23, a24);
  b0 = zero ^ first[15], b1 = first[16] ^ ROTATE(w, 37), b2 = zero ^ first[17];
  b3 = first[18] ^ ROTATE(w, 15), b4 = zero ^ first[19];
  PLANE(a30, a31, a32, a33, a34);
  b0 = first[20] ^ ROTATE(w, 62), b1 = zero ^ first[21], b2 = zero ^ first[22];
  b3 = first[23] ^ ROTATE(w, 42), b4 = zero ^ first[24];
  PLANE(a40, a41, a42, a43, a44);

  for (int round = 1; round < 23; round += 2) {
    ROUND(a, e, IOTA[round]);
    ROUND(e, a, IOTA[round + 1]);
  }

  word c0 = a00 ^ a10 ^ a20 ^ a30 ^ a40, c1 = a01 ^ a11 ^ a21 ^ a31 ^ a41, c2 = a02 ^ a12 ^ a22 ^ a32 ^ a42;
  word c3 = a03 ^ a13 ^ a23 ^ a33 ^ a43, c4 = a04 ^ a14 ^ a24 ^ a34 ^ a44, t;
  b0 = a00 ^ c4 ^ ROTATE(c1, 1);
  b1 = TURNED(a11, c0 ^ ROTATE(c2, 1), 44), b2 = TURNED(a22, c1 ^ ROTATE(c3, 1), 43);
  b3 = TURNED(a33, c2 ^ ROTATE(c4, 1), 21), b4 = TURNED(a44, c3 ^ ROTATE(c0, 1), 14);
  out[0] = b1 ^ (~b2 & b3);
  out[1] = b2 ^ (~b3 & b4);
  out[2] = b3 ^ (~b4 & b0);
}

/* hashWords of src/protocol/digest.ts. */
static u64 hashWords(const u32 words[7]) {
  u32 a = (u32)seed, b = (u32)(seed >> 32);
  for (int i = 0; i < 9; i++) {
    a = (a ^ (i < 7 ? words[i] : 0)) * 0x85ebca6bu;
    a ^= a >> 13;
    b = (b + a) * 0xc2b2ae35u;
    b ^= b >> 16;
    a += b;
  }
  return (u64)b << 32 | a;
}

/* Whether these 20 bytes are an output. */
static int isShare(const u32 words[5]) {
  u32 zeros = 0;
  for (int i = 0; i < 20; i++) {
    uint8_t byte = (uint8_t)(words[i >> 2] >> (8 * (i & 3)));
    if ((byte & mask[i]) != value[i]) return 0;
    zeros += byte == 0;
  }
  return zeros >= zeroBytes;
}

static void runItem(u64 item) {
  u64 start = firstNonce + (item << blockLog2);
  prepareItem(start);
  digest = hits = 0;
  for (u32 offset = 0; offset < 1u << blockLog2; offset += LANES) {
    word w, out[3];
    /* The low four bytes of a nonce, big-endian, are bytes 1 to 4 of lane 6. */
    for (u32 i = 0; i < LANES; i++) AT(w, i) = (u64)__builtin_bswap32(offset + i) << 8;
    hashAll(w, out);
    for (u32 i = 0; i < LANES; i++) {
      u64 nonce = start + offset + i, l1 = AT(out[0], i), l2 = AT(out[1], i), l3 = AT(out[2], i);
      u32 words[7] = {(u32)nonce, (u32)(nonce >> 32), (u32)(l1 >> 32), (u32)l2, (u32)(l2 >> 32), (u32)l3, (u32)(l3 >> 32)};
      digest += hashWords(words);
      hits += isShare(words + 2);
    }
  }
}

static u64 now(void) {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return (u64)at.tv_sec * 1000000000u + (u64)at.tv_nsec;
}

static int readHex(const char *text, uint8_t *bytes, size_t length) {
  if (strlen(text) != 2 * length) return 0;
  for (size_t i = 0; i < length; i++) {
    unsigned byte;
    if (sscanf(text + 2 * i, "%2x", &byte) != 1) return 0;
    bytes[i] = (uint8_t)byte;
  }
  return 1;
}

int main(int argc, char **argv) {
  if (argc != 7 || !readHex(argv[4], mask, 20) || !readHex(argv[5], value, 20) || !readHex(argv[6], block, 136))
    return fprintf(stderr, "three numbers, 20, 20 and 136 bytes are expected\n"), 2;
  blockLog2 = (u32)strtoul(argv[1], NULL, 10);
  firstNonce = strtoull(argv[2], NULL, 10);
  zeroBytes = (u32)strtoul(argv[3], NULL, 10);
  unsigned long long item, given;
  while (scanf("%llu %llu", &item, &given) == 2) {
    seed = given;
    u64 startedAt = now();
    runItem(item);
    u64 took = now() - startedAt;
    printf("%llu %llu %llu %llu\n", (unsigned long long)took, 1ull << blockLog2, (unsigned long long)digest,
           (unsigned long long)hits);
    fflush(stdout);
  }
  return 0;
}
