package org.mlhpc.results;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.mlhpc.roofline.WholeFile;
import org.mlhpc.roofline.json.JsonRecords;

/** Run records as JSON files: keys in snake case, instants in ISO 8601, an optional part that there is not {@code null}. */
public final class RunRecordFile {
    private static final JsonMapper JSON = JsonRecords.mapper();

    private static final String PROFILE = "profile";
    private static final String INTERRUPTIONS = "interruptions";

    private RunRecordFile() {}

    /**
     * Reads a record out of the text of its file.
     *
     * @throws IOException if it is none; the message begins with {@code name}
     */
    public static RunRecord parse(String name, String text) throws IOException {
        try {
            JsonNode tree = JSON.readTree(text);
            if (tree instanceof ObjectNode run) {
                addWhatOlderRecordsLack(run);
            }
            return JSON.treeToValue(tree, RunRecord.class);
        } catch (JsonMappingException e) {
            throw new IOException(name + " is not a run record: " + e.getOriginalMessage(), e);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IOException(name + " is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static void addWhatOlderRecordsLack(ObjectNode run) {
        if (!run.has(PROFILE)) {
            run.putNull(PROFILE);
        }
        if (!run.has(INTERRUPTIONS)) {
            run.putArray(INTERRUPTIONS);
        }
        for (JsonNode rank : run.path("ranks")) {
            if (rank instanceof ObjectNode own && !own.has("node")) {
                own.put("node", "").putNull("own_step_seconds");
            }
        }
    }

    /** A record as its file has it. */
    public static JsonNode tree(RunRecord run) {
        return JSON.valueToTree(run);
    }

    /** Where the record of the run with {@code log} is: {@code run.json} of the first, {@code run_<i>.json} of others. */
    public static Path beside(Path log) {
        String name = String.valueOf(log.getFileName());
        String index = name.replaceFirst("^result_", "").replaceFirst("\\.txt$", "");
        return log.resolveSibling(index.equals("0") ? "run.json" : "run_" + index + ".json");
    }

    /** Writes {@code file} under a temporary name first. */
    public static void write(Path file, RunRecord run) throws IOException {
        WholeFile.write(file, JSON.writeValueAsString(run) + "\n");
    }

    /** @throws IOException if the file cannot be read or is not a run record; the message names the file and the member */
    public static RunRecord read(Path file) throws IOException {
        return parse(file.toString(), Files.readString(file));
    }
}
