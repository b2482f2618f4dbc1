/* The loops of org.mlhpc.roofline.kernels.NativeKernels: what Java cannot say, stores past the caches and bf16 among them.
   Compiled on the machine that is measured. Only numbers pass the border, so no header of the JDK is needed. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#if defined(__AVX512F__)
#define WIDTH 64
#define ACCUMULATORS 24
#elif defined(__AVX__)
#define WIDTH 32
#define ACCUMULATORS 12
#else
#define WIDTH 16
#define ACCUMULATORS 12
#endif
/* The constraint of a vector in a register, read and written: all that there are, the first sixteen of x86, those of Arm. */
#if defined(__AVX512F__)
#define REGISTER "+v"
#elif defined(__x86_64__)
#define REGISTER "+x"
#else
#define REGISTER "+w"
#endif
typedef double vd __attribute__((vector_size(WIDTH), may_alias));
typedef float vf __attribute__((vector_size(WIDTH), may_alias));
#define LANES (WIDTH / 8)
#define UNROLL 4

#define HUGE_PAGE (2L << 20)
/* The arrays must not begin at the same place of a page: loads would wait for stores that they do not depend on. */
#define GAP 320

enum { READ, COPY, TRIAD, COPY_STREAM, TRIAD_STREAM, FMA_FP64, FMA_FP32, FMA_BF16, CLOCK };

static inline void stream(vd *to, vd value) {
#if defined(__AVX512F__)
    _mm512_stream_pd((double *)to, (__m512d)value);
#elif defined(__AVX__)
    _mm256_stream_pd((double *)to, (__m256d)value);
#elif defined(__x86_64__)
    _mm_stream_pd((double *)to, (__m128d)value);
#else
    *to = value;
#endif
}

static void streamed(void) {
#if defined(__x86_64__)
    _mm_sfence();
#endif
}

/* All lanes count, lest a compiler leaves some out. */
static double sum_fp64(vd t) {
    double sum = 0;
    for (int j = 0; j < LANES; j++) sum += t[j];
    return sum;
}

static double sum_fp32(vf t) {
    double sum = 0;
    for (int j = 0; j < WIDTH / 4; j++) sum += t[j];
    return sum;
}

static double read_all(const vd *a, long n) {
    vd s[8];
    memset(s, 0, sizeof s);
    for (long i = 0; i + 8 <= n; i += 8)
#pragma GCC unroll 8
        for (int j = 0; j < 8; j++)
            s[j] += a[i + j];
    vd t = s[0] + s[1] + s[2] + s[3] + s[4] + s[5] + s[6] + s[7];
    return sum_fp64(t);
}

static void copy(vd *restrict a, const vd *restrict b, long n) {
    for (long i = 0; i < n; i += UNROLL)
#pragma GCC unroll 4
        for (int j = 0; j < UNROLL; j++)
            *(volatile vd *)&a[i + j] = b[i + j];
}

static void copy_stream(vd *restrict a, const vd *restrict b, long n) {
    for (long i = 0; i < n; i += UNROLL)
#pragma GCC unroll 4
        for (int j = 0; j < UNROLL; j++)
            stream(&a[i + j], b[i + j]);
    streamed();
}

static void triad(vd *restrict a, const vd *restrict b, const vd *restrict c, long n) {
    for (long i = 0; i < n; i += UNROLL)
#pragma GCC unroll 4
        for (int j = 0; j < UNROLL; j++)
            a[i + j] = b[i + j] + 3.0 * c[i + j];
}

static void triad_stream(vd *restrict a, const vd *restrict b, const vd *restrict c, long n) {
    for (long i = 0; i < n; i += UNROLL)
#pragma GCC unroll 4
        for (int j = 0; j < UNROLL; j++)
            stream(&a[i + j], b[i + j] + 3.0 * c[i + j]);
    streamed();
}

/* Unrolled whole, because only then the accumulators stay in registers. */
#define EACH _Pragma("GCC unroll 24") for (int j = 0; j < ACCUMULATORS; j++)

/* Contracting maps towards a fixed point, so that values stay ordinary numbers for ever. */
static double fma_fp64(long repeats) {
    vd s[ACCUMULATORS], x = {0}, y = {0};
    x += 0.5, y += 0.25;
    EACH s[j] = y + j;
    for (long r = 0; r < repeats; r++)
        EACH {
            s[j] = s[j] * x + y;
            __asm__("" : REGISTER(s[j]));
        }
#pragma GCC unroll 24
    for (int j = 1; j < ACCUMULATORS; j++) s[0] += s[j];
    return sum_fp64(s[0]);
}

static double fma_fp32(long repeats) {
    vf s[ACCUMULATORS], x = {0}, y = {0};
    x += 0.5f, y += 0.25f;
    EACH s[j] = y + (float)j;
    for (long r = 0; r < repeats; r++)
        EACH {
            s[j] = s[j] * x + y;
            __asm__("" : REGISTER(s[j]));
        }
#pragma GCC unroll 24
    for (int j = 1; j < ACCUMULATORS; j++) s[0] += s[j];
    return sum_fp32(s[0]);
}

static double fma_bf16(long repeats) {
#if defined(__AVX512BF16__)
    __m512 s[ACCUMULATORS];
    __m512bh x = _mm512_cvtne2ps_pbh(_mm512_set1_ps(0.f), _mm512_set1_ps(0.f));
    __m512bh y = _mm512_cvtne2ps_pbh(_mm512_set1_ps(1.f), _mm512_set1_ps(1.f));
    EACH s[j] = _mm512_set1_ps(j);
    for (long r = 0; r < repeats; r++)
        EACH {
            s[j] = _mm512_dpbf16_ps(s[j], x, y);
            __asm__("" : REGISTER(s[j]));
        }
#pragma GCC unroll 24
    for (int j = 1; j < ACCUMULATORS; j++) s[0] += s[j];
    return sum_fp32((vf)s[0]);
#else
    (void)repeats;
    return 0;
#endif
}

/* Cycles: each product waits for the one before, three cycles on the x86 processors of the last fifteen years. */
static double clock_hertz(long repeats) {
#if defined(__x86_64__)
    struct timespec from, to;
    uint64_t x = 3;
    clock_gettime(CLOCK_MONOTONIC, &from);
    for (long r = 0; r < repeats; r++)
        __asm__ volatile("imul %0,%0\n imul %0,%0\n imul %0,%0\n imul %0,%0\n"
                         "imul %0,%0\n imul %0,%0\n imul %0,%0\n imul %0,%0\n" : "+r"(x));
    clock_gettime(CLOCK_MONOTONIC, &to);
    return 24.0 * repeats / (to.tv_sec - from.tv_sec + 1e-9 * (to.tv_nsec - from.tv_nsec));
#else
    (void)repeats;
    return 0;
#endif
}

static long stride(int64_t elements) { return elements * 8 + GAP; }

#define EXPORT(name) Java_org_mlhpc_roofline_kernels_NativeKernels_##name

int64_t EXPORT(allocate)(void *env, void *type, int32_t arrays, int64_t elements) {
    (void)env, (void)type;
    size_t bytes = (arrays * stride(elements) + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
    void *address = aligned_alloc(HUGE_PAGE, bytes);
    if (address == NULL) return 0;
    madvise(address, bytes, MADV_HUGEPAGE);
    for (size_t i = 0; i < bytes / 8; i++) ((double *)address)[i] = 1;
    return (int64_t)(intptr_t)address;
}

void EXPORT(release)(void *env, void *type, int64_t address) {
    (void)env, (void)type;
    free((void *)(intptr_t)address);
}

int32_t EXPORT(bf16)(void *env, void *type) {
    (void)env, (void)type;
#if defined(__AVX512BF16__)
    return 1;
#else
    return 0;
#endif
}

int32_t EXPORT(vectorBytes)(void *env, void *type) {
    (void)env, (void)type;
    return WIDTH;
}

int32_t EXPORT(accumulators)(void *env, void *type) {
    (void)env, (void)type;
    return ACCUMULATORS;
}

double EXPORT(run)(void *env, void *type, int32_t kernel, int64_t address, int64_t elements, int64_t repeats) {
    (void)env, (void)type;
    char *base = (char *)(intptr_t)address;
    vd *a = (vd *)base, *b = (vd *)(base + stride(elements)), *c = (vd *)(base + 2 * stride(elements));
    long n = elements / LANES;
    double result = 0;
    switch (kernel) {
    case FMA_FP64: return fma_fp64(repeats);
    case FMA_FP32: return fma_fp32(repeats);
    case FMA_BF16: return fma_bf16(repeats);
    case CLOCK: return clock_hertz(repeats);
    }
    for (int64_t r = 0; r < repeats; r++) {
        switch (kernel) {
        case READ: result += read_all(a, n); break;
        case COPY: copy(a, b, n); break;
        case TRIAD: triad(a, b, c, n); break;
        case COPY_STREAM: copy_stream(a, b, n); break;
        case TRIAD_STREAM: triad_stream(a, b, c, n); break;
        }
        __asm__ volatile("" ::: "memory");
    }
    return result + ((double *)a)[0];
}
