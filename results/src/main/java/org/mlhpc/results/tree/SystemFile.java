package org.mlhpc.results.tree;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * What a system description says that results are compared by; empty is what it does not say.
 *
 * @param nodes number_of_nodes
 * @param accelerators of all nodes together; 0 for a system without
 */
public record SystemFile(
        String submitter,
        String division,
        OptionalLong nodes,
        OptionalLong accelerators,
        String accelerator,
        String processor,
        String framework) {
    /** Of a system that is not described. */
    public static final SystemFile NONE =
            new SystemFile("", "", OptionalLong.empty(), OptionalLong.empty(), "", "", "");

    /** @throws IOException if the file cannot be read or is no JSON object; the message names the file */
    public static SystemFile read(Path file) throws IOException {
        if (!Folder.isFile(file)) {
            throw new IOException("no system description " + file);
        }
        return of(SystemJson.read(file).members());
    }

    private static SystemFile of(JsonNode json) {
        OptionalLong nodes = count(json.path("number_of_nodes"));
        OptionalLong perNode = count(json.path("accelerators_per_node"));
        return new SystemFile(
                json.path("submitter").asText(),
                json.path("division").asText(),
                nodes,
                nodes.isPresent() && perNode.isPresent()
                        ? OptionalLong.of(nodes.getAsLong() * perNode.getAsLong())
                        : OptionalLong.empty(),
                json.path("accelerator_model_name").asText(),
                json.path("host_processor_model_name").asText(),
                json.path("framework").asText());
    }

    private static OptionalLong count(JsonNode json) {
        String text = json.asText().strip();
        return text.matches("\\d{1,9}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }
}
