package org.mlhpc.slurm.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mlhpc.slurm.site.Site.Launcher;
import org.mlhpc.slurm.site.SiteProposal.Answers;

/** From output in the shapes that Slurm prints it in to a site file that is read back. */
class SiteProposalTest {
    private static final Answers NONE = new Answers(Optional.empty(), Optional.empty());

    @TempDir
    private Path directory;

    private static String captured(String name) throws IOException {
        try (InputStream in = SiteProposalTest.class.getResourceAsStream("/org/mlhpc/slurm/captured/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static SiteProposal proposal(String cluster, Optional<String> partition) throws IOException {
        return new SiteProposal(captured(cluster + "-sinfo.txt"), captured(cluster + "-config.txt"), partition);
    }

    private Site read(String text, Optional<String> nodeType) throws IOException {
        return SiteFile.read(Files.writeString(directory.resolve("site.properties"), text), nodeType);
    }

    @Test
    void onePartitionNeedsNoTypes() throws IOException {
        String text = proposal("gpu", Optional.of("booster"))
                .text(new Answers(Optional.of("p123"), Optional.of("/nvme/$SLURM_JOB_ID")));

        Site site = read(text, Optional.empty());
        assertEquals(List.of("--partition=booster", "--account=p123", "--gpus-per-node=a100:4"), site.options());
        assertEquals(
                new Node(OptionalInt.of(4), OptionalInt.of(2), OptionalInt.of(48), 2, OptionalLong.of(512000L << 20)),
                site.node());
        assertEquals(Optional.of("/nvme/$SLURM_JOB_ID"), site.nodeLocal());
        assertEquals(SlurmTime.of("24:00:00"), site.timeLimit());
        assertFalse(text.contains("booster.partition"), text);
    }

    @Test
    void aLauncherThatIsNotKnownIsLeftOpen() throws IOException {
        Site site = read(proposal("gpu", Optional.of("booster")).text(NONE), Optional.empty());
        assertEquals(new Launcher(Optional.of("mpirun"), Optional.empty()), site.launcher());
    }

    @Test
    void severalPartitionsAreTypesAndTheDefaultOneIsChosen() throws IOException {
        String text = proposal("gpu", Optional.empty()).text(NONE);

        assertEquals(
                "--partition=booster", read(text, Optional.empty()).options().get(0));
        Site other = read(text, Optional.of("develbooster"));
        assertEquals("--partition=develbooster", other.options().get(0));
        assertEquals(SlurmTime.of("2:00:00"), other.timeLimit());
        assertFalse(text.contains("maint"), "a partition that is down: " + text);
    }

    @ParameterizedTest
    @CsvSource({
        "batch-thin, '--partition=batch --constraint=thin', 64, 2, 268435456000",
        "batch-fat, '--partition=batch --constraint=fat', 64, 2, 1081081856000",
        "gpu-a100, '--partition=gpu --constraint=a100 --gpus-per-node=a100:4', 64, 1, 540016640000",
        "gpu-v100, '--partition=gpu --constraint=v100 --gpus-per-node=v100:2', 40, 1, 398458880000",
        "mig, '--partition=mig', 64, 1, 540016640000"
    })
    void kindsOfOnePartitionAreToldApartByTheirFeatures(
            String type, String options, int cores, int threads, long memory) throws IOException {
        Site site = read(proposal("mixed", Optional.empty()).text(NONE), Optional.of(type));

        assertEquals(options, String.join(" ", site.options()));
        assertEquals(OptionalInt.of(cores), site.node().cores());
        assertEquals(threads, site.node().threadsPerCore());
        assertEquals(OptionalLong.of(memory), site.node().memoryBytes());
        assertEquals(new Launcher(Optional.of("srun"), Optional.of("pmix")), site.launcher());
    }

    @Test
    void mostNodesOfTheDefaultPartitionAreTheDefault() throws IOException {
        Site site = read(proposal("mixed", Optional.empty()).text(NONE), Optional.empty());
        assertEquals(List.of("--partition=batch", "--constraint=thin"), site.options());
    }

    @Test
    void whatSlurmWasNotToldIsNotWritten() throws IOException {
        String text = proposal("single", Optional.empty()).text(NONE);
        Site site = read(text, Optional.empty());
        assertEquals(OptionalLong.empty(), site.node().memoryBytes());
        assertEquals(Optional.empty(), site.timeLimit());
        assertTrue(text.contains("# not given: the account"), text);
        assertEquals(Optional.empty(), proposal("single", Optional.empty()).temporaryFiles());
        assertEquals(
                Optional.of("/localscratch"),
                proposal("mixed", Optional.empty()).temporaryFiles());
    }

    @Test
    void eachKeySaysWhereItComesFrom() throws IOException {
        List<String> lines =
                proposal("mixed", Optional.empty()).text(NONE).lines().toList();
        for (int i = 1; i < lines.size(); i++) {
            if (lines.get(i).matches("[^#].*=.*")) {
                assertTrue(lines.get(i - 1).startsWith("# "), lines.get(i));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "$(id)", "it's"})
    void anAnswerThatNoSiteFileCouldHaveIsRefused(String account) throws IOException {
        SiteProposal proposal = proposal("single", Optional.empty());
        var answers = new Answers(Optional.of(account), Optional.empty());
        var e = assertThrows(IllegalArgumentException.class, () -> proposal.text(answers));
        assertTrue(e.getMessage().contains(account), e.getMessage());
    }

    @Test
    void aPartitionThatIsNotThereIsAnsweredWithTheChoice() {
        var e = assertThrows(IllegalArgumentException.class, () -> proposal("gpu", Optional.of("cpu")));
        assertTrue(e.getMessage().contains("booster, develbooster"), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"batch up infinite", "batch|up|infinite|x|2|32|2|256000|1|(null)|(null)"})
    void outputOfAnotherShapeIsShown(String line) {
        var e = assertThrows(IllegalArgumentException.class, () -> new SiteProposal(line, "", Optional.empty()));
        assertTrue(e.getMessage().startsWith("sinfo prints '"), e.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "OFF, PreemptParameters = (null), 0, ''",
        "REQUEUE, PreemptParameters = (null), 1, without (preempt_)send_user_signal",
        "'GANG,REQUEUE', PreemptParameters = send_user_signal, 1, saves its state in the GraceTime",
        "REQUEUE, 'SlurmctldParameters = idle_on_node_suspend,preempt_send_user_signal', 1, saves its state in the GraceTime"
    })
    void whetherJobsAreToldToMakeRoomIsSaid(String mode, String parameters, int times, String said) throws IOException {
        String configuration = captured("gpu-config.txt").replaceAll("(?m)^Preempt.*\n", "") + "PreemptMode = " + mode
                + "\n" + parameters + "\n";
        String text = new SiteProposal(captured("gpu-sinfo.txt"), configuration, Optional.empty()).text(NONE);

        assertEquals(times, text.split("PreemptMode = ", -1).length - 1, text);
        assertTrue(text.contains(said), text);
    }
}
