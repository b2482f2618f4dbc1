package org.mlhpc.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists of nodes that are not to be used again, which several jobs write at the same time. */
class NodeListsTest {
    /** Slower than it is, so that jobs meet. */
    private static final String SET_UP = ". " + LauncherShell.SCRIPTS
            + "/nodes.sh; batch_point=$PWD SLURM_JOB_ID=1; without_numbers() { sleep 0.02; tr -d '0-9.'; }; ";

    @TempDir
    private Path elsewhere;

    private String shell(String commands) throws Exception {
        return LauncherShell.run(elsewhere, "common.sh", SET_UP + commands);
    }

    @Test
    void whatAnotherJobAddsIsNotLostWhileNodesAreAcquitted() throws Exception {
        String commands = "mark_bad_node old 'no memory in 3 s'; for i in {1..8}; do"
                + " (SLURM_JOB_ID=$i; acquit_nodes 'no memory in  s') & mark_bad_node n$i 'no network' & done; wait;"
                + " cut -f 1 bad_nodes | sort | paste -sd' '";

        assertEquals("n1 n2 n3 n4 n5 n6 n7 n8\n", shell(commands));
    }

    @Test
    void aNodeThatManyFindBrokenStandsThereOnce() throws Exception {
        assertEquals("1\n", shell("for i in {1..8}; do mark_bad_node n1 'no network' & done; wait; wc -l <bad_nodes"));
    }
}
