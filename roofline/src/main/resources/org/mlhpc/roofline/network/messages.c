/* The loops of org.mlhpc.roofline.network.NativeMessages: what MPI does without the Java bindings on top. The process has
   initialised MPI through the bindings, with the same library. Only numbers pass the border, so no header of the JDK is needed. */
#include <mpi.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { PING_PONG, ALL_REDUCE, BROADCAST, ALL_GATHER };

#define EXPORT(name) Java_org_mlhpc_roofline_network_NativeMessages_##name

static int once(int what, char *buffer, int bytes, int rank, int size) {
    int last = size - 1, failed = 0;
    switch (what) {
    case PING_PONG:
        if (rank == 0) {
            failed |= MPI_Send(buffer, bytes, MPI_BYTE, last, 0, MPI_COMM_WORLD);
            failed |= MPI_Recv(buffer, bytes, MPI_BYTE, last, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        } else if (rank == last) {
            failed |= MPI_Recv(buffer, bytes, MPI_BYTE, 0, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
            failed |= MPI_Send(buffer, bytes, MPI_BYTE, 0, 0, MPI_COMM_WORLD);
        }
        return failed;
    case ALL_REDUCE: return MPI_Allreduce(MPI_IN_PLACE, buffer, bytes / 4, MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD);
    case BROADCAST: return MPI_Bcast(buffer, bytes, MPI_BYTE, 0, MPI_COMM_WORLD);
    default: return MPI_Allgather(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, buffer, bytes / size, MPI_BYTE, MPI_COMM_WORLD);
    }
}

/* Ranks of the world, or 0 if this library's MPI is not the one that the process has initialised. */
int32_t EXPORT(ranks)(void *env, void *type) {
    (void)env, (void)type;
    int initialised = 0, size = 0;
    if (MPI_Initialized(&initialised) != MPI_SUCCESS || !initialised) return 0;
    return MPI_Comm_size(MPI_COMM_WORLD, &size) == MPI_SUCCESS ? size : 0;
}

/* Address of zeros, or 0. */
int64_t EXPORT(allocate)(void *env, void *type, int64_t bytes) {
    (void)env, (void)type;
    char *buffer = malloc(bytes);
    if (buffer != NULL) memset(buffer, 0, bytes);
    return (int64_t)(intptr_t)buffer;
}

void EXPORT(release)(void *env, void *type, int64_t address) {
    (void)env, (void)type;
    free((void *)(intptr_t)address);
}

/* Seconds of so many operations on this rank, after a barrier; negative if MPI reports an error. */
double EXPORT(repeat)(void *env, void *type, int32_t what, int64_t address, int32_t bytes, int32_t count) {
    (void)env, (void)type;
    int rank, size, failed = 0;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    failed |= MPI_Barrier(MPI_COMM_WORLD);
    double begin = MPI_Wtime();
    for (int i = 0; i < count; i++) failed |= once(what, (char *)(intptr_t)address, bytes, rank, size);
    double seconds = MPI_Wtime() - begin;
    return failed ? -1 : seconds;
}
