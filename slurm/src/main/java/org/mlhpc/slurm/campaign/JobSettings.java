package org.mlhpc.slurm.campaign;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.mlhpc.slurm.script.BatchText;
import org.mlhpc.slurm.site.Site;

/** The lines of a script that prepare the environment of its programs. */
final class JobSettings {
    private final Site site;
    private final Path home;

    JobSettings(Site site, Path home) {
        this.site = site;
        this.home = home;
    }

    /** Of a job with one process. */
    String text() {
        var lines = loading();
        lines.addAll(variables());
        return String.join("\n", lines);
    }

    /** Of a job whose runs have so many ranks on each node. */
    String text(int ranksPerNode) {
        var lines = loading();
        OptionalInt cores = site.node().coresPerRank(ranksPerNode);
        if (cores.isPresent()) {
            lines.add("export OMP_NUM_THREADS=" + cores.getAsInt());
        }
        site.launcher().command().ifPresent(command -> lines.add("export MLHPC_LAUNCHER=" + command));
        site.launcher().mpi().ifPresent(mpi -> lines.add("export MLHPC_SRUN_OPTS=--mpi=" + mpi));
        // After ours, so that the site can change them.
        lines.addAll(variables());
        return String.join("\n", lines);
    }

    private List<String> loading() {
        var lines = new ArrayList<String>();
        lines.add("home=" + BatchText.quoted(home.toString()));
        for (String module : site.modules()) {
            lines.add("module load " + BatchText.quoted(module) + " || exit 3");
        }
        return lines;
    }

    private List<String> variables() {
        var lines = new ArrayList<String>();
        for (String variable : site.environment()) {
            int split = variable.indexOf('=') + 1;
            lines.add("export " + variable.substring(0, split) + BatchText.quoted(variable.substring(split)));
        }
        return lines;
    }
}
