/* Stands in for libcuda.so.1: two devices that live in the memory of the host, on a clock of their own. Kernels are done here in C, by their
 * names. A call that no driver would accept ends the process and says why; what is not released is told at its end. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef unsigned long long address;
typedef struct { double now; int context; } stream;
typedef struct { double time; int context; int recorded; } event;
typedef struct { char name[64]; } module;

enum { SUCCESS = 0, NO_DEVICE = 100, UNSUPPORTED_PTX = 222, ALREADY_ENABLED = 704, LAUNCH_FAILED = 719 };

static int current = -1, retained[2], reached[2], memory, pinned, streams, events, modules;

static void refuse(const char *what) {
    fprintf(stderr, "libcuda: %s\n", what);
    _Exit(9);
}

#define DEMAND(condition) ((condition) ? (void)0 : refuse(#condition))
#define CONTEXT() DEMAND(current >= 0 && retained[current])

/* What the call returns: it is to fail if STAND_IN_FAILING names it. */
static int outcome(const char *call) {
    const char *failing = getenv("STAND_IN_FAILING");
    return failing && strcmp(failing, call) == 0 ? LAUNCH_FAILED : SUCCESS;
}

static double seconds(double bytes) { return bytes / 1e9; }

int cuInit(unsigned flags) {
    DEMAND(flags == 0);
    return getenv("STAND_IN_ERROR") ? atoi(getenv("STAND_IN_ERROR")) : SUCCESS;
}
int cuDriverGetVersion(int *version) { *version = 12060; return SUCCESS; }
int cuDeviceGetCount(int *count) { *count = 2; return SUCCESS; }
int cuDeviceGet(int *device, int index) { DEMAND(index >= 0 && index < 2); *device = index; return SUCCESS; }
int cuDeviceGetName(char *name, int length, int device) { snprintf(name, length, "Stand-in %d", device); return SUCCESS; }
int cuDeviceTotalMem_v2(size_t *bytes, int device) { (void)device; *bytes = 64u << 20; return SUCCESS; }
int cuDeviceGetPCIBusId(char *id, int length, int device) { snprintf(id, length, "0000:%02X:00.0", 0xa0 + device); return SUCCESS; }
int cuDeviceCanAccessPeer(int *can, int from, int to) { *can = from != to; return SUCCESS; }

int cuDeviceGetAttribute(int *value, int attribute, int device) {
    (void)device;
    switch (attribute) { /* numbers of the driver's header */
    case 13: *value = 2000000; break;  /* clock, kHz */
    case 16: *value = 2; break;        /* multiprocessors */
    case 32: *value = 1; break;        /* ECC */
    case 36: *value = 1000000; break;  /* memory clock, kHz */
    case 37: *value = 512; break;      /* bus width, bits */
    case 38: *value = 1 << 20; break;  /* L2, bytes */
    case 75: *value = 9; break;        /* compute capability */
    case 76: *value = 0; break;
    default: refuse("an attribute that is not known");
    }
    return SUCCESS;
}

int cuDevicePrimaryCtxRetain(uintptr_t *context, int device) { retained[device]++; *context = device + 1; return SUCCESS; }
int cuDevicePrimaryCtxRelease_v2(int device) { DEMAND(retained[device] > 0); retained[device]--; return SUCCESS; }
int cuCtxSetCurrent(uintptr_t context) { current = (int)context - 1; CONTEXT(); return SUCCESS; }
int cuCtxSynchronize(void) { CONTEXT(); return SUCCESS; }

int cuCtxEnablePeerAccess(uintptr_t peer, unsigned flags) {
    CONTEXT();
    DEMAND(flags == 0 && (int)peer - 1 != current);
    int before = reached[current];
    reached[current] = 1;
    return before ? ALREADY_ENABLED : SUCCESS;
}

int cuMemGetInfo_v2(size_t *available, size_t *total) { CONTEXT(); *available = 32u << 20; *total = 64u << 20; return SUCCESS; }
int cuMemAlloc_v2(address *result, size_t bytes) { CONTEXT(); memory++; *result = (address)malloc(bytes); return SUCCESS; }
int cuMemFree_v2(address a) { CONTEXT(); DEMAND(a); memory--; free((void *)a); return SUCCESS; }
int cuMemHostAlloc(void **result, size_t bytes, unsigned flags) { CONTEXT(); DEMAND(flags == 1); pinned++; *result = malloc(bytes); return SUCCESS; }
int cuMemFreeHost(void *a) { CONTEXT(); DEMAND(a); pinned--; free(a); return SUCCESS; }

int cuMemsetD32_v2(address a, unsigned word, size_t count) {
    CONTEXT();
    for (size_t i = 0; i < count; i++) ((unsigned *)a)[i] = word;
    return SUCCESS;
}
int cuMemcpyHtoD_v2(address to, const void *from, size_t bytes) { CONTEXT(); memcpy((void *)to, from, bytes); return SUCCESS; }
int cuMemcpyDtoH_v2(void *to, address from, size_t bytes) { CONTEXT(); memcpy(to, (void *)from, bytes); return SUCCESS; }

static int copy(void *to, const void *from, size_t bytes, stream *queue) {
    CONTEXT();
    DEMAND(queue && queue->context == current);
    memcpy(to, from, bytes);
    queue->now += seconds(bytes);
    return SUCCESS;
}
int cuMemcpyHtoDAsync_v2(address to, const void *from, size_t bytes, stream *queue) { return copy((void *)to, from, bytes, queue); }
int cuMemcpyDtoHAsync_v2(void *to, address from, size_t bytes, stream *queue) { return copy(to, (void *)from, bytes, queue); }
int cuMemcpyPeerAsync(address to, uintptr_t toContext, address from, uintptr_t fromContext, size_t bytes, stream *queue) {
    DEMAND(toContext != fromContext && reached[0] && reached[1]);
    return copy((void *)to, (void *)from, bytes, queue);
}

int cuModuleLoadData(module **result, const char *text) {
    CONTEXT();
    const char *entry = strstr(text, ".visible .entry ");
    DEMAND(strncmp(text, ".version ", 9) == 0 && entry && text[strlen(text) - 2] == '}');
    module *loaded = calloc(1, sizeof *loaded);
    sscanf(entry, ".visible .entry %63[a-z0-9_]", loaded->name);
    modules++;
    *result = loaded;
    return SUCCESS;
}
int cuModuleGetFunction(module **function, module *loaded, const char *name) {
    DEMAND(strcmp(name, loaded->name) == 0);
    *function = loaded;
    return SUCCESS;
}
/* Unloads, and may return what an earlier launch has left, as the driver's reference says. */
int cuModuleUnload(module *loaded) { CONTEXT(); modules--; free(loaded); return outcome("cuModuleUnload"); }

static void traffic(const char *name, address *out, address *a, address *b, uint64_t bytes, uint64_t passes) {
    uint64_t sum = 0;
    for (uint64_t i = 0; i < bytes / 8; i++) {
        if (*name == 'r') sum += passes * a[i];
        else if (*name == 'c') out[i] = a[i];
        else ((double *)out)[i] = ((double *)b)[i] * 3 + ((double *)a)[i];
    }
    if (*name == 'r') out[0] = sum;
}

/* A fixed point of one half in each of eight chains; sums that grow by three with each repeat. */
static void arithmetic(const char *name, void *out, uint64_t repeats, size_t threads) {
    int wide = strstr(name, "fp64") != 0;
    for (size_t i = 0; i < threads; i++) {
        if (strncmp(name, "fma", 3) != 0) wide ? (((double *)out)[i] = 3.0 * repeats) : (((float *)out)[i] = 3.0f * repeats);
        else if (wide) ((double *)out)[i] = 4;
        else if (strstr(name, "fp32")) ((float *)out)[i] = 4;
        else ((uint32_t *)out)[i] = strstr(name, "bf16") ? 0x40804080u : 0x44004400u;
    }
}

int cuLaunchKernel(module *f, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, unsigned shared,
                   stream *queue, void **parameters, void **extra) {
    CONTEXT();
    DEMAND(gy == 1 && gz == 1 && by == 1 && bz == 1 && shared == 0 && !extra && queue->context == current);
    DEMAND(gx == 2 * (strstr(f->name, "matrix") ? 2 : 4) && (bx == 256 || bx == 128));
    uint64_t *p[5];
    for (int i = 0; i < 3; i++) p[i] = parameters[i];
    if (strstr(f->name, "_")) {
        int loop = strncmp(f->name, "fma", 3) == 0;
        if (loop) p[3] = parameters[3];
        uint64_t repeats = *p[loop ? 3 : 2];
        arithmetic(f->name, (void *)*p[0], repeats, (size_t)gx * bx);
        queue->now += repeats * 1e-4;
        if (loop) *(uint64_t *)*p[2] = repeats * 250000; /* 2.5 GHz, more than what the attribute says */
    } else {
        for (int i = 3; i < 5; i++) p[i] = parameters[i];
        traffic(f->name, (address *)*p[0], (address *)*p[1], (address *)*p[2], *p[3], *p[4]);
        queue->now += seconds((double)*p[3] * *p[4]);
    }
    return SUCCESS;
}

int cuStreamCreate(stream **result, unsigned flags) {
    CONTEXT();
    DEMAND(flags == 1);
    streams++;
    *result = calloc(1, sizeof **result);
    (*result)->context = current;
    return SUCCESS;
}
int cuStreamDestroy_v2(stream *queue) { CONTEXT(); streams--; free(queue); return SUCCESS; }
int cuStreamWaitEvent(stream *queue, event *mark, unsigned flags) {
    DEMAND(flags == 0 && mark->recorded);
    if (queue->now < mark->time) queue->now = mark->time;
    return SUCCESS;
}

int cuEventCreate(event **result, unsigned flags) {
    CONTEXT();
    DEMAND(flags == 0);
    events++;
    *result = calloc(1, sizeof **result);
    (*result)->context = current;
    return SUCCESS;
}
int cuEventRecord(event *mark, stream *queue) {
    DEMAND(mark->context == queue->context && current == queue->context);
    if (outcome("cuEventRecord") != SUCCESS) return LAUNCH_FAILED;
    mark->time = queue->now;
    mark->recorded = 1;
    return SUCCESS;
}
int cuEventSynchronize(event *mark) { DEMAND(mark->recorded); return SUCCESS; }
int cuEventElapsedTime(float *milliseconds, event *begin, event *end) {
    DEMAND(begin->context == end->context && begin->recorded && end->recorded);
    *milliseconds = (float)((end->time - begin->time) * 1e3);
    return SUCCESS;
}
int cuEventDestroy_v2(event *mark) { CONTEXT(); events--; free(mark); return SUCCESS; }

__attribute__((destructor)) static void at_end(void) {
    if (retained[0] + retained[1] + memory + pinned + streams + events + modules) {
        fprintf(stderr, "libcuda: not released: contexts %d, memory %d, pinned %d, streams %d, events %d, modules %d\n",
                retained[0] + retained[1], memory, pinned, streams, events, modules);
    }
}
