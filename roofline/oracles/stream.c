/* The four numbers of STREAM that ceilings are compared with: triad and copy, by plain loops and past the caches.
   Usage: stream ELEMENTS PASSES; threads by OMP_NUM_THREADS. Prints the median over passes in B/s, as STREAM counts bytes. */
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

static double *a, *b, *c;
static long n;

static void triad(void) {
#pragma omp parallel for schedule(static)
    for (long i = 0; i < n; i++) a[i] = b[i] + 3.0 * c[i];
}

static void copy(void) {
#pragma omp parallel for schedule(static)
    for (long i = 0; i < n; i++) ((volatile double *)a)[i] = b[i];
}

#if defined(__AVX512F__)
static void triad_past(void) {
#pragma omp parallel for schedule(static)
    for (long i = 0; i < n; i += 8)
        _mm512_stream_pd(a + i, _mm512_fmadd_pd(_mm512_set1_pd(3), _mm512_load_pd(c + i), _mm512_load_pd(b + i)));
}
static void copy_past(void) {
#pragma omp parallel for schedule(static)
    for (long i = 0; i < n; i += 8) _mm512_stream_pd(a + i, _mm512_load_pd(b + i));
}
#elif defined(__AVX2__)
static void triad_past(void) {
#pragma omp parallel for schedule(static)
    for (long i = 0; i < n; i += 4)
        _mm256_stream_pd(a + i, _mm256_fmadd_pd(_mm256_set1_pd(3), _mm256_load_pd(c + i), _mm256_load_pd(b + i)));
}
static void copy_past(void) {
#pragma omp parallel for schedule(static)
    for (long i = 0; i < n; i += 4) _mm256_stream_pd(a + i, _mm256_load_pd(b + i));
}
#else
#define triad_past triad
#define copy_past copy
#endif

static int by_size(const void *x, const void *y) {
    double d = *(const double *)x - *(const double *)y;
    return (d > 0) - (d < 0);
}

static void report(const char *name, void (*loop)(void), double bytes, int passes) {
    double *rates = malloc(passes * sizeof *rates);
    loop();
    for (int p = 0; p < passes; p++) {
        double begin = omp_get_wtime();
        loop();
        rates[p] = bytes / (omp_get_wtime() - begin);
    }
    qsort(rates, passes, sizeof *rates, by_size);
    printf("%s %.6g\n", name, rates[passes / 2]);
    free(rates);
}

int main(int count, char **words) {
    if (count != 3) return 2;
    n = atol(words[1]) / 64 * 64;
    int passes = atoi(words[2]);
    a = aligned_alloc(64, n * 8), b = aligned_alloc(64, n * 8), c = aligned_alloc(64, n * 8);
    if (!a || !b || !c) return 3;
#pragma omp parallel for schedule(static)
    for (long i = 0; i < n; i++) a[i] = b[i] = c[i] = 1;
    report("triad", triad, 24.0 * n, passes);
    report("triad-past-caches", triad_past, 24.0 * n, passes);
    report("copy", copy, 16.0 * n, passes);
    report("copy-past-caches", copy_past, 16.0 * n, passes);
    return 0;
}
