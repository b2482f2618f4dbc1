package org.mlhpc.roofline.ceilings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.mlhpc.roofline.json.JsonRecords;

/** Measured machines as JSON files. */
public final class MachineFile {
    private static final JsonNode NONE = JsonNodeFactory.instance.arrayNode();

    private static final JsonRecords<MeasuredMachine> FILES = new JsonRecords<>(
            MeasuredMachine.class,
            "a measured machine",
            MeasuredMachine::format,
            MeasuredMachine.FORMAT,
            "measure again with ./mlhpc roofline measure",
            Map.of(
                    "accelerators", NONE,
                    "collectives_in_c", NONE,
                    "origins", NONE,
                    "physical_cores", NullNode.instance));

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
