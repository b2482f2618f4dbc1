/* Requests to a file as fio's psync jobs make them, without its bookkeeping.
   Usage: requests FILE MIB direct|cached sequential|random read|write JOBS. Prints the bytes per second of all jobs. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { HUGE = 2 << 20 };
static const double WARM_UP = 0.25, END = 2.25;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec * 1e-9;
}

static uint64_t next_random(uint64_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    return *state ^= *state << 17;
}

/* In one large page, and incompressible. */
static char *buffer(size_t bytes) {
    char *memory = mmap(NULL, 2 * HUGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return NULL;
    memory = (char *)(((uintptr_t)memory + HUGE - 1) & -(uintptr_t)HUGE);
    madvise(memory, HUGE, MADV_HUGEPAGE);
    uint64_t state = 1;
    for (size_t i = 0; i < bytes; i += sizeof state) memcpy(memory + i, &(uint64_t){next_random(&state)}, sizeof state);
    return memory;
}

/* Bytes per second of one job on its part of the file, or a negative number. */
static double job(char **words, int number, int jobs) {
    int direct = !strcmp(words[3], "direct"), random = !strcmp(words[4], "random"), writes = !strcmp(words[5], "write");
    size_t size = random ? 1 << 12 : 1 << 20;
    uint64_t blocks = ((uint64_t)atoi(words[2]) << 20) / size / jobs, state = number + 1, next = 0;
    int file = open(words[1], (writes ? O_WRONLY : O_RDONLY) | (direct ? O_DIRECT : 0));
    char *data = buffer(size);
    if (file < 0 || data == NULL) return -1;
    double begin = now(), counted = 0, time = begin;
    uint64_t moved = 0;
    while (time < begin + END) {
        off_t at = (number * blocks + (random ? next_random(&state) % blocks : next++ % blocks)) * size;
        if ((writes ? pwrite(file, data, size, at) : pread(file, data, size, at)) != (ssize_t)size) return -1;
        time = now();
        if (counted > 0) moved += size;
        else if (time > begin + WARM_UP) counted = time;
    }
    return moved / (time - counted);
}

int main(int count, char **words) {
    if (count != 7) return 2;
    int jobs = atoi(words[6]), ends[2];
    if (pipe(ends) != 0) return 3;
    for (int i = 0; i < jobs; i++) {
        pid_t child = fork();
        if (child < 0) return 3;
        if (child == 0) {
            double rate = job(words, i, jobs);
            return write(ends[1], &rate, sizeof rate) != sizeof rate;
        }
    }
    close(ends[1]);
    double sum = 0;
    for (int i = 0; i < jobs; i++) {
        double rate;
        if (read(ends[0], &rate, sizeof rate) != sizeof rate || rate < 0) return 3;
        sum += rate;
    }
    while (wait(NULL) > 0) {}
    printf("%.6g\n", sum);
    return 0;
}
