package org.mlhpc.harness;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.mlhpc.roofline.WholeFile;
import org.mlhpc.roofline.json.JsonRecords;

/**
 * Where the main thread of a rank that does not get on stands: the content of {@code hang_<i>/rank_<r>.txt}, in JSON.
 *
 * @param epoch from 1; 0 before the first
 * @param seconds for which it has stood there
 * @param waiting whether in a collective, so that others are to blame
 * @param stack innermost calls first
 */
record HangReport(
        int rank,
        String node,
        String phase,
        int epoch,
        long step,
        double seconds,
        boolean waiting,
        List<String> stack) {
    private static final int CALLS = 20;
    private static final JsonMapper JSON = JsonRecords.mapper();

    HangReport {
        stack = List.copyOf(stack);
    }

    /** The innermost calls. */
    static List<String> top(StackTraceElement... stack) {
        return Arrays.stream(stack).limit(CALLS).map(Object::toString).toList();
    }

    void write(Path file) throws IOException {
        WholeFile.write(file, JSON.writeValueAsString(this) + "\n");
    }

    static HangReport read(Path file) throws IOException {
        return JSON.readValue(Files.readString(file), HangReport.class);
    }
}
