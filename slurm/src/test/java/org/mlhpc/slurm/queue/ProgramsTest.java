package org.mlhpc.slurm.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramsTest {
    @TempDir
    private Path folder;

    private final List<List<String>> commands = new ArrayList<>();
    private Path script = Path.of("");

    @BeforeEach
    void writeScript() throws IOException {
        script = Files.writeString(folder.resolve("job.sbatch"), "#!/bin/bash\n#SBATCH --nodes=1\n");
    }

    /** What sbatch was told to remember, or nothing. */
    private String mark() {
        return commands.get(0).stream()
                .filter(word -> word.startsWith("--comment="))
                .map(word -> word.substring("--comment=".length()))
                .findFirst()
                .orElse("");
    }

    /** A controller that takes the job, unless it {@code refuses}, but does not say so in time. */
    private Programs slow(boolean refuses, boolean silent) {
        return new Programs(command -> {
            commands.add(command);
            if (command.get(0).equals("sbatch") || silent) {
                throw new IOException(command.get(0) + " has not answered");
            }
            return "11|mlhpc:other\n" + (refuses ? "" : "12|" + mark() + "\n") + "13|(null)\n";
        });
    }

    @Test
    void aJobThatWasTakenTooSlowlyIsFound() throws IOException {
        assertEquals("12", slow(false, false).submit(List.of("--dependency=afterok:7"), script));
        assertTrue(mark().startsWith("mlhpc:"), commands.toString());
    }

    @Test
    void aJobThatWasNotTakenIsSaidToBeNone() {
        var e = assertThrows(IOException.class, () -> slow(true, false).submit(List.of(), script));
        assertEquals("sbatch has not answered; it is not in the queue", e.getMessage());
    }

    @Test
    void ifSlurmDoesNotAnswerAtAllTheUserIsToldWhatToLookFor() {
        var e = assertThrows(IOException.class, () -> slow(false, true).submit(List.of(), script));
        assertTrue(e.getMessage().contains("is not known"), e.getMessage());
        assertTrue(e.getMessage().contains(mark()), e.getMessage());
    }

    @Test
    void theCommentOfASiteStays() throws IOException {
        Files.writeString(script, "#!/bin/bash\n#SBATCH --comment=grant7\n");
        var e = assertThrows(IOException.class, () -> slow(false, false).submit(List.of(), script));
        assertEquals("", mark());
        assertTrue(e.getMessage().contains("look with squeue whether Slurm has taken " + script), e.getMessage());
    }

    @Test
    void jobsOfHiddenPartitionsAreInTheQueueToo() throws IOException {
        var programs = new Programs(command -> command.contains("--all") ? " 7 \n8\n8\n" : "");
        assertEquals(Set.of("7", "8"), programs.queued());
    }

    /** A user's own format would change what is read. */
    @Test
    void whatUsersSetForTheirOwnTablesDoesNotReachThePrograms() throws IOException {
        String environment = Programs.output(List.of("env"));
        assertTrue(environment.contains("SLURM_TIME_FORMAT=standard\n"), environment);
        assertFalse(environment.contains("SQUEUE_"), environment);
        var own = new HashMap<>(Map.of("SQUEUE_FORMAT", "%j", "SINFO_SORT", "N", "HOME", "/home/a"));
        Programs.clean(own);
        assertEquals(Map.of("SLURM_TIME_FORMAT", "standard", "HOME", "/home/a"), own);
    }
}
