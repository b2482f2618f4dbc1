/* Multiply-adds on registers by intrinsics. Usage: fma BATCHES; threads by OMP_NUM_THREADS. Prints medians in FLOP/s. */
#include <immintrin.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>

#define REPEATS 10000000L
#define TWELVE(x) x(0) x(1) x(2) x(3) x(4) x(5) x(6) x(7) x(8) x(9) x(10) x(11)

#if defined(__AVX512F__)
#define D __m512d
#define F __m512
#define SET_D(x) _mm512_set1_pd(x)
#define SET_F(x) _mm512_set1_ps(x)
#define FMA_D _mm512_fmadd_pd
#define FMA_F _mm512_fmadd_ps
#define LANES 8
#else
#define D __m256d
#define F __m256
#define SET_D(x) _mm256_set1_pd(x)
#define SET_F(x) _mm256_set1_ps(x)
#define FMA_D _mm256_fmadd_pd
#define FMA_F _mm256_fmadd_ps
#define LANES 4
#endif

static volatile double sink;

static void doubles(void) {
    D x = SET_D(0.5), y = SET_D(0.25);
#define DECLARE(i) D s##i = SET_D(i);
#define STEP(i) s##i = FMA_D(s##i, x, y); __asm__ volatile("" : "+x"(s##i));
#define ADD(i) total += s##i[0];
    TWELVE(DECLARE)
    for (long r = 0; r < REPEATS; r++) { TWELVE(STEP) }
    double total = 0;
    TWELVE(ADD)
    sink = total;
}

static void singles(void) {
    F x = SET_F(0.5f), y = SET_F(0.25f);
#undef DECLARE
#undef STEP
#define DECLARE(i) F s##i = SET_F(i);
#define STEP(i) s##i = FMA_F(s##i, x, y); __asm__ volatile("" : "+x"(s##i));
    TWELVE(DECLARE)
    for (long r = 0; r < REPEATS; r++) { TWELVE(STEP) }
    double total = 0;
    TWELVE(ADD)
    sink = total;
}

static int by_size(const void *x, const void *y) {
    double d = *(const double *)x - *(const double *)y;
    return (d > 0) - (d < 0);
}

static void report(const char *name, void (*loop)(void), int lanes, int batches) {
    double rates[1000];
    for (int i = 0; i < batches; i++) {
        double begin = omp_get_wtime();
#pragma omp parallel
        loop();
        rates[i] = 2.0 * 12 * lanes * REPEATS * omp_get_max_threads() / (omp_get_wtime() - begin);
    }
    qsort(rates, batches, sizeof *rates, by_size);
    printf("%s %.6g\n", name, rates[batches / 2]);
}

int main(int count, char **words) {
    int batches = count == 2 ? atoi(words[1]) : 0;
    if (batches < 1 || batches > 1000) return 2;
    report("fp64", doubles, LANES, batches);
    report("fp32", singles, 2 * LANES, batches);
    return 0;
}
