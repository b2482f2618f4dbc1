package org.mlhpc.harness;

import java.nio.file.Path;

/** Names of what a run writes. The first run of a folder has the plain names; others carry their number. */
public record RunFiles(Path out, int index) {
    /** The finished log. */
    public Path log() {
        return out.resolve("result_" + index + ".txt");
    }

    /** The log while the run goes on. */
    public Path growingLog() {
        return out.resolve("result_" + index + ".txt.partial");
    }

    public Path record() {
        return out.resolve(index == 0 ? "run.json" : "run_" + index + ".json");
    }

    public Path report() {
        return out.resolve(index == 0 ? "report.html" : "report_" + index + ".html");
    }

    /** Where somebody who wants the run to save its state and end puts a file. */
    public Path stop() {
        return out.resolve("stop_" + index);
    }

    /** Where ranks that do not get on say where they stand. */
    Path hang() {
        return out.resolve("hang_" + index);
    }

    Path checkpoints() {
        return out.resolve("checkpoints_" + index);
    }
}
