package org.mlhpc.rules.tree;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the rules ask of a submission beside its logs; the table submission.json.
 *
 * @param runs number of runs by benchmark (hpc_training_rules.adoc, "Benchmark Results")
 * @param systemFields fields of a system description
 */
record Requirements(Map<String, Integer> runs, @JsonProperty("system_fields") List<SystemField> systemFields) {
    /**
     * A field of a system description.
     *
     * @param needsAnswer whether the policies ask for more than an empty text
     * @param integer whether scores need it as a number
     * @param text whether the official checker stops with an exception where it is no text
     * @param free whether published descriptions have an object here
     * @param oneOf what it may be; null: anything
     */
    record SystemField(
            String name,
            @JsonProperty("needs_answer") boolean needsAnswer,
            boolean integer,
            boolean text,
            boolean free,
            @JsonProperty("one_of") @Nullable List<String> oneOf) {}

    static Requirements load() {
        try (InputStream in = Requirements.class.getResourceAsStream("/org/mlhpc/rules/submission.json")) {
            if (in == null) {
                throw new IllegalStateException("the table submission.json is not on the class path");
            }
            return JsonMapper.builder().build().readValue(in, Requirements.class);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the table submission.json", e);
        }
    }
}
