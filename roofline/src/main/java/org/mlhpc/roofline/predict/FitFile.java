package org.mlhpc.roofline.predict;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Fitted runs as JSON files. */
public final class FitFile {
    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .addModule(new JavaTimeModule())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private FitFile() {}

    /** @throws IOException if the file cannot be read or is no fit; the message names the file */
    public static FittedRuns read(Path file) throws IOException {
        String text = Files.readString(file);
        String fix = "; make one with ./mlhpc roofline fit";
        try {
            FittedRuns runs = JSON.readValue(text, FittedRuns.class);
            if (runs == null || runs.format() != FittedRuns.FORMAT) {
                throw new IOException(file + " is not a fit of format " + FittedRuns.FORMAT + fix);
            }
            return runs;
        } catch (JsonMappingException e) {
            throw new IOException(file + " is not a fit: " + e.getOriginalMessage() + fix, e);
        } catch (JsonProcessingException e) {
            throw new IOException(file + " is not JSON: " + e.getOriginalMessage() + fix, e);
        }
    }

    /** Writes {@code file} under a temporary name first. */
    public static void write(Path file, FittedRuns runs) throws IOException {
        Path partial = file.resolveSibling(file.getFileName() + ".partial");
        try {
            Files.writeString(partial, JSON.writeValueAsString(runs) + "\n");
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.deleteIfExists(partial);
            throw new IOException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }
}
