/*
 * The same items as wasm/mersenne-tf, in C for one core: what a native program does with scalar 64-bit multiplications. The
 * bench compares its digests with the WASM kernel's, so that both are known to do the same work.
 *
 *   mersenneTf EXPONENT BLOCK_LOG2 FIRST_BLOCK K_MIN K_MAX
 *
 * Then one line in, `ITEM SEED`, gives one line out: `NANOSECONDS SURVIVORS DIGEST HITS`, all decimal, until the input ends.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef uint32_t u32;
typedef uint64_t u64;
typedef unsigned __int128 u128;

#define SIEVE_BOUND 65536
#define PRIMES 6541
/* Values of k sieved at a time: 16 KiB of bits for each class. */
#define SEGMENT_LOG2 19
/* Candidates tested together: their chains of multiplications overlap in the processor. */
#define BATCH 8

static u32 exponent;
static u32 blockLog2;
static u64 firstBlock, kMin, kMax;

/* The sieve. */

static u32 primes[PRIMES];
static u32 primeCount;
static u32 starts[2][PRIMES];
static u64 bits[1 << (SEGMENT_LOG2 - 2 - 6)];

static void findPrimes(void) {
  static uint8_t composite[SIEVE_BOUND];
  for (u32 q = 3; q < SIEVE_BOUND; q += 2) {
    if (composite[q]) continue;
    primes[primeCount++] = q;
    for (u64 m = (u64)q * q; m < SIEVE_BOUND; m += q) composite[m] = 1;
  }
}

static u32 inverseMod(u32 a, u32 q) {
  int32_t r0 = (int32_t)q, r1 = (int32_t)a, t0 = 0, t1 = 1;
  while (r1 != 0) {
    int32_t quotient = r0 / r1, r = r0 - quotient * r1, t = t0 - quotient * t1;
    r0 = r1, r1 = r, t0 = t1, t1 = t;
  }
  return (u32)(t0 < 0 ? t0 + (int32_t)q : t0);
}

/* k = 4j + c gives f = 8pj + (2pc + 1), so q | f where j = -(2pc + 1) / 8p mod q. */
static void prepareSieve(u32 residue) {
  for (u32 i = 0; i < primeCount; i++) {
    u32 q = primes[i], p = exponent % q;
    if (p == 0) continue;
    u32 inverse = inverseMod(8 * p % q, q);
    starts[0][i] = q - inverse;
    starts[1][i] = q - inverse * ((2 * p * residue + 1) % q) % q;
  }
}

static void strikeAll(u64 first, u32 count, u32 residue, const u32 *start) {
  memset(bits, 0, sizeof bits);
  uint8_t *bytes = (uint8_t *)bits;
  for (u32 i = 0; i < primeCount; i++) {
    u32 q = primes[i];
    if (q == exponent) continue;
    u32 at = (start[i] + q - (u32)(first % q)) % q;
    for (; at < count; at += q) bytes[at >> 3] |= (uint8_t)(1u << (at & 7));
  }
  /* A candidate that is itself one of the primes stays. */
  if (2 * (u64)exponent < SIEVE_BOUND) {
    for (u32 i = 0; i < primeCount; i++) {
      u32 q = primes[i], k = (q - 1) / (2 * exponent);
      u64 j = (k >> 2) - first;
      if ((q - 1) % (2 * exponent) == 0 && (k & 3) == residue && j < count)
        bytes[j >> 3] &= (uint8_t)~(1u << (j & 7));
    }
  }
  if (first == 0 && residue == 0) bytes[0] |= 1;
}

/* The tests. */

static struct {
  u64 k[BATCH];
  u128 f[BATCH];
  u32 count;
  int words;
} batch;
static u64 seed, survivors, digest, hits;

/* hashWords of src/protocol/digest.ts, and what is counted of a survivor. */
static void finish(u64 k, u128 r) {
  u32 words[7] = {(u32)k, (u32)(k >> 32), (u32)r, (u32)(r >> 32), (u32)(r >> 64), 0, 0};
  u32 a = (u32)seed, b = (u32)(seed >> 32);
  for (int i = 0; i < 7; i++) {
    a = (a ^ words[i]) * 0x85ebca6bu;
    a ^= a >> 13;
    b = (b + a) * 0xc2b2ae35u;
    b ^= b >> 16;
    a += b;
  }
  digest += (u64)b << 32 | a;
  survivors++;
  if (r == 1 && kMin <= k && k <= kMax) hits++;
}

/* 1 / f mod 2^64: 3f xor 2 is right to 5 bits (P. Montgomery), and each Newton step doubles them. */
static u64 inverse64(u64 f) {
  u64 x = (3 * f) ^ 2;
  for (int i = 0; i < 4; i++) x *= 2 - f * x;
  return x;
}

/*
 * A Montgomery square takes 2^(w+d) to 2^(w+2d), R = 2^w, so the bits of p - w lead from 2^w to 2^p. The start 2^(w+d0) takes as many
 * of the first bits as one 128-bit division can.
 */
static int stepsFor(u32 w) {
  int steps = 0;
  while ((exponent - w) >> steps > 127 - w) steps++;
  return steps;
}

/* f < 2^64, R = 2^64; residues are fully reduced, so that every f of 64 bits will do. */
static void testOneWord(void) {
  u64 f[BATCH], inverse[BATCH], x[BATCH];
  int steps = exponent <= 127 ? 0 : stepsFor(64);
  u32 start = exponent <= 127 ? exponent : 64 + ((exponent - 64) >> steps);
  for (int i = 0; i < BATCH; i++) {
    f[i] = (u64)batch.f[i];
    inverse[i] = inverse64(f[i]);
    x[i] = (u64)(((u128)1 << start) % f[i]);
  }
  while (steps-- > 0) {
    int twice = (exponent - 64) >> steps & 1;
#pragma GCC unroll 8
    for (int i = 0; i < BATCH; i++) {
      u128 square = (u128)x[i] * x[i];
      u64 high = (u64)(square >> 64), low = (u64)square;
      u64 back = (u64)((u128)(low * inverse[i]) * f[i] >> 64);
      /* Masks, as a branch would be guessed wrong half the time. */
      u64 y = high - back + (f[i] & (0 - (u64)(high < back)));
      if (twice) {
        u64 room = f[i] - y;
        y = y - room + (f[i] & (0 - (u64)(y < room)));
      }
      x[i] = y;
    }
  }
  for (u32 i = 0; i < batch.count; i++) finish(batch.k[i], x[i]);
}

/*
 * f < 2^81, R = 2^96, in a step of 64 bits and one of 32: a residue below 4f, squared and reduced, is below 2f, and doubled it is
 * below 4f again, so no step subtracts (C. Walter, 1999).
 */
static void testTwoWords(void) {
  u64 f0[BATCH], f1[BATCH], inverse[BATCH], x0[BATCH], x1[BATCH];
  int steps = exponent <= 127 ? 0 : stepsFor(96);
  u32 start = exponent <= 127 ? exponent : 96 + ((exponent - 96) >> steps);
  for (int i = 0; i < BATCH; i++) {
    u128 x = ((u128)1 << start) % batch.f[i];
    f0[i] = (u64)batch.f[i], f1[i] = (u64)(batch.f[i] >> 64);
    inverse[i] = 0 - inverse64(f0[i]);
    x0[i] = (u64)x, x1[i] = (u64)(x >> 64);
  }
  while (steps-- > 0) {
    int shift = (exponent - 96) >> steps & 1 ? 31 : 32;
#pragma GCC unroll 8
    for (int i = 0; i < BATCH; i++) {
      u128 square = (u128)x0[i] * x0[i];
      u64 low = (u64)square, m = low * inverse[i];
      u64 back = (u64)((u128)m * f0[i] >> 64) + (low != 0);
      u128 t = (u128)(2 * x1[i]) * x0[i] + (u128)m * f1[i] + (u64)(square >> 64) + back;
      t += (u128)(x1[i] * x1[i]) << 64;
      u64 n = (u32)((u32)t * (u32)inverse[i]);
      t += (u128)n * f0[i];
      u64 high = (u64)(t >> 64) + n * f1[i];
      /* Its lowest 32 bits are zero now; one bit less is a doubling. */
      x0[i] = (u64)t >> shift | high << (64 - shift);
      x1[i] = high >> shift;
    }
  }
  for (u32 i = 0; i < batch.count; i++) {
    u128 x = (u128)x1[i] << 64 | x0[i];
    finish(batch.k[i], x % batch.f[i]);
  }
}

static void flush(void) {
  if (batch.count == 0) return;
  /* A batch is always tested whole; what is missing repeats the last one and is not counted. */
  for (u32 i = batch.count; i < BATCH; i++) batch.f[i] = batch.f[batch.count - 1];
  if (batch.words == 1) testOneWord();
  else testTwoWords();
  batch.count = 0;
}

static void take(u64 k) {
  u128 f = 2 * (u128)k * exponent + 1;
  int words = f >> 64 == 0 ? 1 : 2;
  if (batch.count == BATCH || words != batch.words) flush();
  batch.words = words;
  batch.k[batch.count] = k;
  batch.f[batch.count++] = f;
}

/* f is 1 or 7 mod 8 exactly for k = 0 and k = 3p mod 4; each class is sieved by itself. */
static void takeClass(u64 firstK, u32 log2, u32 residue, const u32 *start) {
  u32 count = 1u << (log2 - 2);
  strikeAll(firstK >> 2, count, residue, start);
  for (u32 j = 0; j < count; j += 64) {
    u64 left = ~bits[j >> 6];
    if (count < 64) left &= ((u64)1 << count) - 1;
    for (; left != 0; left &= left - 1)
      take(firstK + ((u64)(j + (u32)__builtin_ctzll(left)) << 2) + residue);
  }
}

static void runItem(u64 item) {
  u32 segmentLog2 = blockLog2 < SEGMENT_LOG2 ? blockLog2 : SEGMENT_LOG2;
  u64 first = (firstBlock + item) << blockLog2;
  u32 residue = 3 * exponent & 3;
  survivors = digest = hits = 0;
  for (u64 s = 0; s < (u64)1 << (blockLog2 - segmentLog2); s++) {
    u64 k = first + (s << segmentLog2);
    takeClass(k, segmentLog2, 0, starts[0]);
    takeClass(k, segmentLog2, residue, starts[1]);
  }
  flush();
}

static u64 now(void) {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return (u64)at.tv_sec * 1000000000u + (u64)at.tv_nsec;
}

int main(int argc, char **argv) {
  if (argc != 6) return fprintf(stderr, "five numbers are expected\n"), 2;
  exponent = (u32)strtoul(argv[1], NULL, 10);
  blockLog2 = (u32)strtoul(argv[2], NULL, 10);
  firstBlock = strtoull(argv[3], NULL, 10);
  kMin = strtoull(argv[4], NULL, 10);
  kMax = strtoull(argv[5], NULL, 10);
  findPrimes();
  prepareSieve(3 * exponent & 3);
  unsigned long long item, given;
  while (scanf("%llu %llu", &item, &given) == 2) {
    seed = given;
    u64 startedAt = now();
    runItem(item);
    u64 took = now() - startedAt;
    printf("%llu %llu %llu %llu\n", (unsigned long long)took, (unsigned long long)survivors,
           (unsigned long long)digest, (unsigned long long)hits);
    fflush(stdout);
  }
  return 0;
}
