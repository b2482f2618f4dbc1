package org.mlhpc.rules.tree;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

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
     */
    record SystemField(String name, @JsonProperty("needs_answer") boolean needsAnswer, boolean integer) {}

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
