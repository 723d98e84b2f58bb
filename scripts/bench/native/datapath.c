/*
 * The native peers of the WASM datapath, for ratios in `npm run bench`.
 *
 *   datapath KERNEL SOURCES BYTES REPETITIONS
 *
 * runs one kernel over the same layout of buffers that scripts/bench/datapath-kernels.ts uses in the DRAM and prints
 * the nanoseconds of one call and a checksum of what it wrote, which must equal the checksum of the WASM kernel.
 * Every number of sources has its own copy of the loop with the count known to the compiler: a fair peer is one that
 * somebody who knows the machine would have written.
 */
#include <immintrin.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MAX_SOURCES 8
/* A sample is the fastest of so many slices: shared machines take time away, they never give any. */
#define SLICES 8
#define ALWAYS_INLINE static inline __attribute__((always_inline))
#define NOINLINE __attribute__((noinline))

typedef uint8_t *restrict out_t;
typedef const uint8_t *in_t;

/* --- XOR: plain C, the compiler vectorises ------------------------------------------------------------------- */

NOINLINE static void accumulate(out_t d, in_t a, size_t n) {
  for (size_t i = 0; i < n; i++) d[i] ^= a[i];
}

NOINLINE static void xor4(out_t d, in_t a, in_t b, in_t c, in_t e, size_t n) {
  for (size_t i = 0; i < n; i++) d[i] = a[i] ^ b[i] ^ c[i] ^ e[i];
}

NOINLINE static void xor5(out_t d, in_t a, in_t b, in_t c, in_t e, in_t f, size_t n) {
  for (size_t i = 0; i < n; i++) d[i] = a[i] ^ b[i] ^ c[i] ^ e[i] ^ f[i];
}

/* --- P+Q with consecutive powers of two: AVX2, Horner, two registers of 32 bytes a turn ------------------------ */

ALWAYS_INLINE __m256i doubled(__m256i x) {
  const __m256i poly = _mm256_set1_epi8(0x1d);
  const __m256i carry = _mm256_cmpgt_epi8(_mm256_setzero_si256(), x);
  return _mm256_xor_si256(_mm256_add_epi8(x, x), _mm256_and_si256(carry, poly));
}

ALWAYS_INLINE __m256i load256(in_t at) { return _mm256_loadu_si256((const __m256i *)at); }

ALWAYS_INLINE void store256(uint8_t *at, __m256i x) { _mm256_storeu_si256((__m256i *)at, x); }

ALWAYS_INLINE void syndrome(int count, uint8_t *p, uint8_t *q, const in_t *sources, size_t n) {
  in_t s[MAX_SOURCES];
  memcpy(s, sources, count * sizeof *s);
  for (size_t i = 0; i < n; i += 64) {
    __m256i p0 = load256(s[count - 1] + i), p1 = load256(s[count - 1] + i + 32);
    __m256i q0 = p0, q1 = p1;
    for (int z = count - 2; z >= 0; z--) {
      const __m256i d0 = load256(s[z] + i), d1 = load256(s[z] + i + 32);
      p0 = _mm256_xor_si256(p0, d0);
      p1 = _mm256_xor_si256(p1, d1);
      q0 = _mm256_xor_si256(doubled(q0), d0);
      q1 = _mm256_xor_si256(doubled(q1), d1);
    }
    store256(p + i, p0);
    store256(p + i + 32, p1);
    store256(q + i, q0);
    store256(q + i + 32, q1);
  }
}

NOINLINE static void syndrome4(uint8_t *p, uint8_t *q, const in_t *s, size_t n) { syndrome(4, p, q, s, n); }
NOINLINE static void syndrome8(uint8_t *p, uint8_t *q, const in_t *s, size_t n) { syndrome(8, p, q, s, n); }

/* The same as Linux writes it (lib/raid6/avx2.c, avx2x2): sources fetched past the caches, results streamed. */
ALWAYS_INLINE void streaming(int count, uint8_t *p, uint8_t *q, const in_t *sources, size_t n) {
  in_t s[MAX_SOURCES];
  memcpy(s, sources, count * sizeof *s);
  for (size_t i = 0; i < n; i += 64) {
    _mm_prefetch((const char *)s[count - 1] + i, _MM_HINT_NTA);
    __m256i p0 = load256(s[count - 1] + i), p1 = load256(s[count - 1] + i + 32);
    __m256i q0 = p0, q1 = p1;
    for (int z = count - 2; z >= 0; z--) {
      _mm_prefetch((const char *)s[z] + i, _MM_HINT_NTA);
      const __m256i d0 = load256(s[z] + i), d1 = load256(s[z] + i + 32);
      p0 = _mm256_xor_si256(p0, d0);
      p1 = _mm256_xor_si256(p1, d1);
      q0 = _mm256_xor_si256(doubled(q0), d0);
      q1 = _mm256_xor_si256(doubled(q1), d1);
    }
    _mm256_stream_si256((__m256i *)(p + i), p0);
    _mm256_stream_si256((__m256i *)(p + i + 32), p1);
    _mm256_stream_si256((__m256i *)(q + i), q0);
    _mm256_stream_si256((__m256i *)(q + i + 32), q1);
  }
  _mm_sfence();
}

NOINLINE static void streaming4(uint8_t *p, uint8_t *q, const in_t *s, size_t n) { streaming(4, p, q, s, n); }
NOINLINE static void streaming8(uint8_t *p, uint8_t *q, const in_t *s, size_t n) { streaming(8, p, q, s, n); }

/* --- P+Q with any multipliers: SSE, two tables of 16 products a source (pshufb), 32 bytes a turn ---------------- */

static uint8_t product(uint8_t a, uint8_t b) {
  uint8_t result = 0;
  for (; b; b >>= 1) {
    if (b & 1) result ^= a;
    a = (a << 1) ^ (a & 0x80 ? 0x1d : 0);
  }
  return result;
}

/* For each multiplier its products with 0 … 15 and with 16k, made once as Linux does (raid6_vgfmul). */
static uint8_t tables[256][32];

static void prepare_tables(void) {
  for (int m = 0; m < 256; m++) {
    for (int k = 0; k < 16; k++) {
      tables[m][k] = product(m, k);
      tables[m][16 + k] = product(m, k << 4);
    }
  }
}

ALWAYS_INLINE __m128i load128(in_t at) { return _mm_loadu_si128((const __m128i *)at); }

ALWAYS_INLINE void store128(uint8_t *at, __m128i x) { _mm_storeu_si128((__m128i *)at, x); }

ALWAYS_INLINE __m128i multiplied(__m128i x, __m128i low, __m128i high) {
  const __m128i nibble = _mm_set1_epi8(0x0f);
  return _mm_xor_si128(_mm_shuffle_epi8(low, _mm_and_si128(x, nibble)),
                       _mm_shuffle_epi8(high, _mm_and_si128(_mm_srli_epi16(x, 4), nibble)));
}

ALWAYS_INLINE void general(int count, uint8_t *p, uint8_t *q, const in_t *sources, const uint8_t *multipliers, size_t n) {
  in_t s[MAX_SOURCES];
  __m128i low[MAX_SOURCES], high[MAX_SOURCES];
  memcpy(s, sources, count * sizeof *s);
  for (int z = 0; z < count; z++) {
    low[z] = load128(tables[multipliers[z]]);
    high[z] = load128(tables[multipliers[z]] + 16);
  }
  for (size_t i = 0; i < n; i += 32) {
    __m128i p0 = _mm_setzero_si128(), p1 = p0, q0 = p0, q1 = p0;
    for (int z = 0; z < count; z++) {
      const __m128i d0 = load128(s[z] + i), d1 = load128(s[z] + i + 16);
      p0 = _mm_xor_si128(p0, d0);
      p1 = _mm_xor_si128(p1, d1);
      q0 = _mm_xor_si128(q0, multiplied(d0, low[z], high[z]));
      q1 = _mm_xor_si128(q1, multiplied(d1, low[z], high[z]));
    }
    store128(p + i, p0);
    store128(p + i + 16, p1);
    store128(q + i, q0);
    store128(q + i + 16, q1);
  }
}

/* --- the bench ------------------------------------------------------------------------------------------------ */

static const uint8_t MULTIPLIERS[MAX_SOURCES] = {0x8e, 0x01, 0x47, 0xfe, 0x1d, 0x02, 0xb3, 0x6c};

NOINLINE static void general4(uint8_t *p, uint8_t *q, const in_t *s, size_t n) { general(4, p, q, s, MULTIPLIERS, n); }
NOINLINE static void general8(uint8_t *p, uint8_t *q, const in_t *s, size_t n) { general(8, p, q, s, MULTIPLIERS, n); }

/* Buffers: two destinations (P and Q; XOR uses the first), then the sources, one behind the other. */
static void call(const char *kernel, int count, uint8_t *memory, size_t n) {
  in_t s[MAX_SOURCES];
  for (int i = 0; i < MAX_SOURCES; i++) s[i] = memory + (2 + i) * n;
  if (!strcmp(kernel, "accumulate")) accumulate(memory, s[0], n);
  else if (!strcmp(kernel, "xor") && count == 4) xor4(memory, s[0], s[1], s[2], s[3], n);
  else if (!strcmp(kernel, "xor") && count == 5) xor5(memory, s[0], s[1], s[2], s[3], s[4], n);
  else if (!strcmp(kernel, "syndrome") && count == 4) syndrome4(memory, memory + n, s, n);
  else if (!strcmp(kernel, "syndrome") && count == 8) syndrome8(memory, memory + n, s, n);
  else if (!strcmp(kernel, "streaming") && count == 4) streaming4(memory, memory + n, s, n);
  else if (!strcmp(kernel, "streaming") && count == 8) streaming8(memory, memory + n, s, n);
  else if (!strcmp(kernel, "general") && count == 4) general4(memory, memory + n, s, n);
  else if (!strcmp(kernel, "general") && count == 8) general8(memory, memory + n, s, n);
  else exit(2);
}

/* The checksum and the contents are those of scripts/bench/datapath-kernels.ts. */
static void scribble(uint32_t *words, size_t count) {
  uint32_t x = 0x9e3779b9;
  for (size_t i = 0; i < count; i++) {
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    words[i] = x;
  }
}

static uint32_t checksum(const uint32_t *words, size_t count) {
  uint32_t sum = 0;
  for (size_t i = 0; i < count; i++) sum = sum * 31 + words[i];
  return sum;
}

static double nanoseconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}

int main(int argc, char **argv) {
  if (argc != 5) return 2;
  const int count = atoi(argv[2]);
  const size_t n = strtoul(argv[3], 0, 10);
  const long repetitions = atol(argv[4]);
  prepare_tables();
  const size_t bytes = (2 + MAX_SOURCES) * n;
  uint8_t *memory = aligned_alloc(65536, (bytes + 65535) & ~(size_t)65535);
  scribble((uint32_t *)memory, bytes / 4);
  call(argv[1], count, memory, n);
  const uint32_t sum = checksum((uint32_t *)memory, bytes / 4);
  double best = 0;
  for (int slice = 0; slice < SLICES; slice++) {
    const double start = nanoseconds();
    for (long i = 0; i < repetitions; i++) {
      call(argv[1], count, memory, n);
      __asm__ volatile("" ::: "memory");
    }
    const double time = (nanoseconds() - start) / repetitions;
    if (slice == 0 || time < best) best = time;
  }
  printf("%.3f %u\n", best, sum);
  return 0;
}
