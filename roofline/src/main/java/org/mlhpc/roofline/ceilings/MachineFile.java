package org.mlhpc.roofline.ceilings;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Measured machines as JSON files: keys in snake case, instants in ISO 8601, what is not known {@code null}. */
public final class MachineFile {
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

    private MachineFile() {}

    /** The text of the file. */
    public static String text(MeasuredMachine machine) {
        try {
            return JSON.writeValueAsString(machine) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of plain values cannot be written as JSON", e);
        }
    }

    /**
     * Reads a machine out of the text of its file.
     *
     * @throws IOException if it is none; the message begins with {@code name}
     */
    public static MeasuredMachine parse(String name, String text) throws IOException {
        MeasuredMachine machine;
        try {
            machine = JSON.readValue(text, MeasuredMachine.class);
        } catch (ValueInstantiationException e) {
            throw new IOException(name + " is not a measured machine: " + cause(e), e);
        } catch (JsonMappingException e) {
            throw new IOException(name + " is not a measured machine: " + e.getOriginalMessage(), e);
        } catch (JsonProcessingException e) {
            throw new IOException(name + " is not JSON: " + e.getOriginalMessage(), e);
        }
        if (machine == null || machine.format() != MeasuredMachine.FORMAT) {
            throw new IOException(name + " is not a measured machine of format " + MeasuredMachine.FORMAT
                    + ": measure again with ./mlhpc roofline measure --out " + name);
        }
        return machine;
    }

    private static String cause(ValueInstantiationException e) {
        return String.valueOf(
                e.getCause() == null ? e.getOriginalMessage() : e.getCause().getMessage());
    }

    /** @throws IOException if the file cannot be read or is not a measured machine; the message names the file */
    public static MeasuredMachine read(Path file) throws IOException {
        return parse(file.toString(), Files.readString(file));
    }

    /** Writes {@code file} under a temporary name first. */
    public static void write(Path file, MeasuredMachine machine) throws IOException {
        Path partial = file.resolveSibling(file.getFileName() + ".partial");
        try {
            Files.writeString(partial, text(machine));
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.deleteIfExists(partial);
            throw new IOException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }
}
