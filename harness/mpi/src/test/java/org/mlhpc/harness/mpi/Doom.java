package org.mlhpc.harness.mpi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What happens to which rank and when; in most cases it kills itself. Set by the environment, because settings belong to the identity of a run, and a run
 * that goes on without dying has to be the same one.
 */
record Doom(int rank, Moment moment, Path stamp) {
    private static final String RANK = "MLHPC_DOOMED_RANK";
    private static final String MOMENT = "MLHPC_DOOMED_MOMENT";
    private static final String STAMP = "MLHPC_DOOMED_STAMP";

    /** When. */
    enum Moment {
        GENERATION,
        STAGING,
        STEP,
        EVALUATION,
        CHECKPOINT,
        /** Is asked to stop, which takes effect within the next steps. */
        REQUEST,
        /** Stands still after a step. */
        HANG,
        /** Is stopped by a signal, all threads of it, after a step. */
        FREEZE,
        NEVER
    }

    static Doom ofThisProcess() {
        Map<String, String> environment = System.getenv();
        return new Doom(
                Integer.parseInt(environment.getOrDefault(RANK, "0")),
                Moment.valueOf(environment.getOrDefault(MOMENT, Moment.NEVER.name())),
                Path.of(environment.getOrDefault(STAMP, "")));
    }

    Map<String, String> environment() {
        return Map.of(RANK, Integer.toString(rank), MOMENT, moment.name(), STAMP, stamp.toString());
    }

    /** After a step: what does not end this process. */
    void trouble(Path requests) {
        if (rank != ownRank()) {
            return;
        }
        try {
            switch (moment) {
                case REQUEST -> request(requests);
                case HANG -> Thread.sleep(Long.MAX_VALUE);
                case FREEZE -> signal("STOP");
                default -> {}
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("cannot make trouble", e);
        }
    }

    /** Once. A run looks for requests every second. */
    private void request(Path file) throws IOException, InterruptedException {
        if (!Files.exists(stamp)) {
            Files.createFile(file);
            Files.createFile(stamp);
            Thread.sleep(1100);
        }
    }

    private static void signal(String name) throws IOException {
        new ProcessBuilder(
                        "kill",
                        "-" + name,
                        Long.toString(ProcessHandle.current().pid()))
                .start();
    }

    /** SIGKILL, as from the kernel when memory runs out: no handler, no farewell. */
    void strike(Moment now) {
        if (now != moment || rank != ownRank()) {
            return;
        }
        try {
            Files.writeString(stamp, Long.toString(System.currentTimeMillis()));
            signal("KILL");
            Thread.sleep(Long.MAX_VALUE);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("cannot kill this process", e);
        }
    }

    private static int ownRank() {
        return Integer.parseInt(System.getenv().getOrDefault("OMPI_COMM_WORLD_RANK", "0"));
    }

    /** Strikes as soon as there is a file in {@code folder}. */
    void strikeAtTheFirstFileIn(Path folder) {
        if (moment == Moment.STAGING && rank == ownRank()) {
            var watcher = new Thread(() -> {
                String[] names = folder.toFile().list();
                while (names == null || names.length == 0) {
                    Thread.onSpinWait();
                    names = folder.toFile().list();
                }
                strike(Moment.STAGING);
            });
            watcher.setDaemon(true);
            watcher.start();
        }
    }
}
