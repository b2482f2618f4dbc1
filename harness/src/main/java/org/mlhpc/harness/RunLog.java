package org.mlhpc.harness;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.mlhpc.api.Communicator;
import org.mlhpc.results.RunRecord;
import org.mlhpc.results.mllog.MlLogWriter;

/** The log of a job: rank 0 writes, after all ranks have come to the same point where the time matters. */
final class RunLog implements AutoCloseable {
    private final Communicator world;
    private final RunClock clock;
    private final @Nullable MlLogWriter writer;

    /** @param writer null on all ranks but 0 */
    RunLog(Communicator world, RunClock clock, @Nullable MlLogWriter writer) {
        this.world = world;
        this.clock = clock;
        this.writer = writer;
    }

    /** Collective; returns the time written on rank 0, else 0. */
    long start(String key, Map<String, ?> metadata) throws IOException {
        clock.await(world::barrier);
        return writer == null ? 0 : writer.start(key, metadata);
    }

    /** Collective; returns the time written on rank 0, else 0. */
    long end(String key, Map<String, ?> metadata) throws IOException {
        clock.await(world::barrier);
        return writer == null ? 0 : writer.end(key, metadata);
    }

    void point(String key, Object value, Map<String, ?> metadata) throws IOException {
        if (writer != null) {
            writer.point(key, value, metadata);
        }
    }

    void point(String key, Object value) throws IOException {
        point(key, value, Map.of());
    }

    /** Tells readers of the log that the run did not go on all the time, by a key that the rules do not know and let pass. */
    void resumed(RunRecord.Interruption gap) throws IOException {
        var metadata = new LinkedHashMap<String, Object>();
        metadata.put("epoch_num", gap.epoch());
        gap.step().ifPresent(step -> metadata.put("step", step));
        var value = new LinkedHashMap<String, Object>();
        value.put("saved_ms", gap.saved().toEpochMilli());
        value.put("resumed_ms", gap.resumed().toEpochMilli());
        value.put("seconds", gap.seconds());
        point("run_resumed", value, metadata);
    }

    /** Length so far; 0 on other ranks. */
    long bytes() throws IOException {
        if (writer == null) {
            return 0;
        }
        writer.force();
        return writer.bytes();
    }

    @Override
    public void close() throws IOException {
        if (writer != null) {
            writer.close();
        }
    }
}
