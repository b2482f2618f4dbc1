package org.mlhpc.results.tree;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.OptionalDouble;

/** The factor that a review decided on, in {@code scaling.json}. */
public final class ScalingFile {
    private static final long LARGEST_BYTES = 1 << 16;

    private ScalingFile() {}

    /** The factor in {@code file}; 1 without the file; empty if it cannot be read or holds no positive
     * {@code scaling_factor}. */
    public static OptionalDouble read(Path file) {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return OptionalDouble.of(1);
        }
        try {
            if (Files.size(file) > LARGEST_BYTES) {
                return OptionalDouble.empty();
            }
            JsonNode factor =
                    new JsonMapper().readTree(Files.readAllBytes(file)).path("scaling_factor");
            return factor.isNumber() && factor.doubleValue() > 0 && Double.isFinite(factor.doubleValue())
                    ? OptionalDouble.of(factor.doubleValue())
                    : OptionalDouble.empty();
        } catch (IOException e) {
            return OptionalDouble.empty();
        }
    }
}
