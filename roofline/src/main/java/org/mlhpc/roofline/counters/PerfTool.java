package org.mlhpc.roofline.counters;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Command lines of {@code perf stat}.
 *
 * @param program {@code perf}, or a file that stands for it
 */
record PerfTool(String program) {
    /** @throws IOException if it cannot be started */
    Tool.Output version() throws IOException {
        return Tool.run(List.of(program, "--version"));
    }

    /** Counts while next to nothing happens, to see whether these events can be counted. */
    PerfOutput probe(Collection<String> events, Scope scope) throws IOException {
        List<String> target = scope == Scope.NODE ? List.of("-a") : List.of();
        return PerfOutput.of(Tool.run(stat(events, target, "true")));
    }

    /** To start counting what this process does, or the whole node, until {@code cat} ends. */
    ProcessBuilder attach(Collection<String> events, Scope scope) {
        String self = Long.toString(ProcessHandle.current().pid());
        return Tool.builder(stat(events, scope == Scope.NODE ? List.of("-a") : List.of("-p", self), "cat"));
    }

    private List<String> stat(Collection<String> events, List<String> target, String until) {
        var command = new ArrayList<>(List.of(program, "stat", "-x,", "-e", String.join(",", events)));
        command.addAll(target);
        command.addAll(List.of("--", until));
        return command;
    }
}
