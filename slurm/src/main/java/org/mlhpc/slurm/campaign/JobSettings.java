package org.mlhpc.slurm.campaign;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.mlhpc.slurm.script.BatchText;
import org.mlhpc.slurm.site.Site;

/** The lines of a script that prepare the environment of its programs. */
final class JobSettings {
    /** Variables of mlhpc, which no module sets. */
    private static final String OWN = "MLHPC_";

    private final Site site;
    private final Path home;

    JobSettings(Site site, Path home) {
        this.site = site;
        this.home = home;
    }

    /** Where mlhpc is, and what it is told by variables; of a job with one process. */
    String own() {
        return own(List.of());
    }

    /** The same of a job whose ranks the site's launcher starts. These lines come before batch.sh, which reads some of them at once. */
    String ownOfRanks() {
        var lines = new ArrayList<String>();
        site.launcher().command().ifPresent(command -> lines.add("export MLHPC_LAUNCHER=" + command));
        site.launcher().mpi().ifPresent(mpi -> lines.add("export MLHPC_SRUN_OPTS=--mpi=" + mpi));
        return own(lines);
    }

    private String own(List<String> ours) {
        var lines = new ArrayList<>(List.of("home=" + BatchText.quoted(home.toString())));
        lines.addAll(ours);
        // After ours, so that the site can change them.
        lines.addAll(variables(true));
        return String.join("\n", lines);
    }

    /** Modules and the variables of others, of a job with one process. */
    String text() {
        return text(OptionalInt.empty());
    }

    /** The same of a job whose runs have so many ranks on each node. */
    String text(int ranksPerNode) {
        return text(site.node().coresPerRank(ranksPerNode));
    }

    private String text(OptionalInt cores) {
        var lines = loading();
        cores.ifPresent(count -> lines.add("export OMP_NUM_THREADS=" + count));
        lines.addAll(variables(false));
        // Last, since modules read variables that may not be set.
        lines.add("set -uo pipefail");
        return String.join("\n", lines);
    }

    private List<String> loading() {
        var lines = new ArrayList<String>();
        if (!site.modules().isEmpty()) {
            lines.add("# The shells of jobs do not know the command everywhere.");
            lines.add("# shellcheck source=/dev/null");
            lines.add("command -v module >/dev/null || . /etc/profile");
        }
        for (String module : site.modules()) {
            lines.add("module load " + BatchText.quoted(module) + " || exit 3");
        }
        return lines;
    }

    private List<String> variables(boolean own) {
        var lines = new ArrayList<String>();
        for (String variable : site.environment()) {
            if (variable.startsWith(OWN) == own) {
                int split = variable.indexOf('=') + 1;
                lines.add("export " + variable.substring(0, split) + BatchText.quoted(variable.substring(split)));
            }
        }
        return lines;
    }
}
