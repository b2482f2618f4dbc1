package org.mlhpc.slurm.campaign;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.mlhpc.slurm.queue.Slurm;

/** Takes jobs as 101, 102, …, but the one whose script is refused. */
final class StandInQueue implements Slurm {
    final List<String> submitted = new ArrayList<>();
    final List<String> cancelled = new ArrayList<>();
    final Set<String> queued = new HashSet<>();
    String refused = "";
    boolean silent;
    Meanwhile after = name -> {};

    @Override
    public String submit(List<String> options, Path script) throws IOException {
        String name = script.getFileName().toString();
        if (name.equals(refused)) {
            throw new IOException("sbatch: Invalid account");
        }
        assertTrue(Files.isRegularFile(script));
        assertTrue(CampaignFile.existsIn(script.getParent().getParent()), "written before sbatch");
        after.happens(name);
        submitted.add((String.join(" ", options) + " " + name).strip());
        return Integer.toString(100 + submitted.size());
    }

    @Override
    public Set<String> queued() {
        return queued;
    }

    @Override
    public void cancel(List<String> ids) throws IOException {
        if (silent) {
            throw new IOException("no answer");
        }
        cancelled.addAll(ids);
    }

    /** What happens while a job is handed over. */
    interface Meanwhile {
        void happens(String name) throws IOException;
    }
}
