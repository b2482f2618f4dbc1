package org.mlhpc.slurm.throwaway;

import java.io.IOException;
import java.nio.file.Path;

/**
 * {@code slurm/throwaway/cluster}, and a Slurm of the nodes n1 and n2 on this machine that it starts and ends.
 *
 * @param script the program
 * @param folder where everything of this Slurm is kept
 * @param shell in which Slurm's programs talk to this Slurm
 */
public record ClusterScript(Path script, Path folder, Shell shell) {
    /**
     * For a Slurm that is to be started.
     *
     * @param checkout of the suite
     * @param shell with further variables of the script
     */
    public static ClusterScript of(Path checkout, Path folder, Shell shell) {
        return new ClusterScript(
                checkout.resolve("slurm/throwaway/cluster").toAbsolutePath(),
                folder,
                shell.with("SLURM_CONF", folder.resolve("slurm.conf").toString())
                        .with("CLUSTER_PATIENCE", "5"));
    }

    /** Skips the test where Slurm is missing. */
    public static void assumeInstalled() throws IOException, InterruptedException {
        Shell.assumePrograms("slurm-wlm, munge", "slurmctld", "slurmd", "munged", "sbatch");
    }

    /** Returns when both nodes are idle. */
    public void start() throws IOException, InterruptedException {
        shell.run(script.toString(), "start", folder.toString());
    }

    /** Also ends jobs that still run. */
    public void stop() throws IOException, InterruptedException {
        shell.run(script.toString(), "stop", folder.toString());
    }

    /** Takes a node down as a crash of the whole machine does. */
    public void kill(String node) throws IOException, InterruptedException {
        shell.run(script.toString(), "kill", folder.toString(), node);
    }

    /** Starts the daemon of a node that is down. */
    public void revive(String node) throws IOException, InterruptedException {
        shell.run(script.toString(), "revive", folder.toString(), node);
    }
}
