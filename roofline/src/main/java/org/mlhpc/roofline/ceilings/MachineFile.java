package org.mlhpc.roofline.ceilings;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mlhpc.roofline.json.JsonRecords;

/** Measured machines as JSON files. */
public final class MachineFile {
    private static final JsonRecords<MeasuredMachine> FILES = new JsonRecords<>(
            MeasuredMachine.class,
            "a measured machine",
            MeasuredMachine::format,
            MeasuredMachine.FORMAT,
            "measure again with ./mlhpc roofline measure",
            Map.of(
                    "accelerators", List.of(),
                    "collectives_in_c", List.of(),
                    "origins", List.of(),
                    "physical_cores", Optional.empty()));

    private MachineFile() {}

    /** The text of the file. */
    public static String text(MeasuredMachine machine) {
        return FILES.text(machine);
    }

    /** @throws IOException if the file cannot be read or is not a measured machine; the message names the file */
    public static MeasuredMachine read(Path file) throws IOException {
        return FILES.read(file);
    }

    /** Writes {@code file} under a temporary name first. */
    public static void write(Path file, MeasuredMachine machine) throws IOException {
        FILES.write(file, machine);
    }
}
