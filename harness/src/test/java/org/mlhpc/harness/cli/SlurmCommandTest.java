package org.mlhpc.harness.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mlhpc.api.Manifest;
import org.mlhpc.slurm.campaign.CampaignFile;

/** What a user asks for, and the scripts that follow; nothing is handed to a Slurm. */
class SlurmCommandTest {
    @TempDir
    private Path folder;

    private Path out;

    @BeforeEach
    void nameTheCampaign() {
        out = folder.resolve("campaign");
    }

    private Captured slurm(String command, String... words) {
        var all = new ArrayList<>(List.of("slurm", command, "cosmoflow", "--out", out.toString()));
        all.addAll(List.of(words));
        return Captured.of(all.toArray(new String[0]));
    }

    private String preview(String... words) {
        var all = new ArrayList<>(List.of("--dry-run"));
        all.addAll(List.of(words));
        Captured found = slurm("submit", all.toArray(new String[0]));
        assertEquals(0, found.code(), found.err());
        assertFalse(Files.exists(out), "a dry run writes nothing");
        return found.out();
    }

    private static void assertContains(String expected, String text) {
        assertTrue(text.contains(expected), text);
    }

    private Path site(String content) throws IOException {
        return Files.writeString(folder.resolve("site.properties"), content);
    }

    @Test
    void aSweepIsAJobForEachSizeAndARepeatATaskOfIt() {
        String text = preview("--nodes", "1,2,4", "--runs", "5", "--at-once", "2", "--time", "45");

        assertContains("#SBATCH --array=0-4%2\n", text);
        assertContains("batch_begin " + out + "/nodes_4\n", text);
        assertContains("#SBATCH --time=0:45:00\n", text);
        assertContains(
                "collect=$(sbatch --parsable --dependency=afterany:$train_nodes_1,afterany:$train_nodes_2,", text);
        assertContains("\"$home/mlhpc\" data generate cosmoflow --config tiny --out", text);
    }

    @Test
    void instancesAreOneJob() {
        String text = preview("--nodes", "2", "--instances", "3", "--spare", "1");

        assertContains("#SBATCH --nodes=7\n", text);
        assertContains("batch_preflight --nodes-needed 6 ", text);
        assertContains("batch_instances 3 2 run cosmoflow ", text);
        assertFalse(text.contains("--array"), text);
    }

    @Test
    void whatARunKnowsIsHandedOn() {
        String text = preview(
                "--seed",
                "7",
                "--profile",
                "--org",
                "Lab",
                "--set",
                "dropout=0.25",
                "--",
                "--max-steps",
                "9",
                "--verify");

        String words = text.replaceAll(" \\\\\n +", " ");
        assertContains("run cosmoflow --config tiny --set dropout=0.25 --seed 7 --profile --org Lab ", words);
        assertContains(" --max-steps 9 --verify --data " + out + "/data --ranks 1\n", words);
        assertContains("data generate cosmoflow --config tiny --set dropout=0.25 --out", words);
    }

    @Test
    void ranksAndThreadsFollowFromTheSite() throws IOException {
        Path site = site(
                "gpus-per-node = 4\ncores-per-node = 48\nthreads-per-core = 2\nnode-local = /nvme/$SLURM_JOB_ID\n");
        String text = preview("--site", site.toString(), "--stage-local");

        assertContains("#SBATCH --ntasks-per-node=4\n", text);
        assertContains("#SBATCH --cpus-per-task=24\n", text);
        assertContains("export OMP_NUM_THREADS=12\n", text);
        assertContains("--stage-to /nvme/\"${SLURM_JOB_ID}\"", text);
    }

    @Test
    void aDataSetIsNotGenerated() throws IOException {
        Path data = Files.createDirectories(folder.resolve("a set"));
        Files.writeString(data.resolve(Manifest.FILE_NAME), "00000000 7 a\n00000001 5 b\n");
        String text = preview("--data", data.toString(), "--stage-to", "/local", "--prestage", "/fast");

        assertFalse(text.contains("data generate"), text);
        assertContains("\"$home/mlhpc\" stage '" + data + "' /fast\n", text);
        assertContains("--node-local /local --needs-space 12 ", text);
        assertContains(" --data /fast --stage-to /local ", text);
    }

    @Test
    void scriptWritesTheCampaignAndPrintsTheCommands() throws IOException {
        Captured written = slurm("script", "--nodes", "2", "--runs", "2");

        assertEquals(0, written.code(), written.err());
        assertContains("train_nodes_2=$(sbatch --parsable --dependency=afterok:$data ", written.out());
        assertTrue(Files.readString(out.resolve("jobs/train-nodes_2.sbatch")).contains("#SBATCH --array=0-1\n"));
        assertEquals(2, CampaignFile.read(out).runs());
        assertTrue(CampaignFile.read(out).target().matches("eval_error <= [0-9.]+"));

        Captured other = slurm("script", "--nodes", "2", "--runs", "1");
        assertEquals(Main.USAGE, other.code());
        assertContains("runs there: 2, asked for: 1", other.err());
    }

    @ParameterizedTest
    @CsvSource({
        "--runs 0, --runs=0 must be at least 1",
        "--runs 2 --instances 2, --runs and --instances exclude each other",
        "--time 1h, --time=1h is not",
        "--nodes 3, global_batch_size=4 cannot be divided among 3 ranks",
        "--nodes 1 --ranks-per-node 8, cannot be divided among 8 ranks",
        "--stage-local, needs node-local in the site file",
        "--stage-to local, must be an absolute path",
        "--node-type fat, --node-type needs a --site",
        "--machine m.json, add --fit",
        "--after next, is not the id of a job",
        "--system box.json, say --org NAME",
        "--set nosuch=1, nosuch",
        "--division closed, --division closed is not possible: ",
        "more, ./mlhpc run has no more",
        "-- --max-step 3, ./mlhpc run has no --max-step",
        "-- --out x, --out cannot stand after --",
        "-- --max-steps -1, --max-steps=-1"
    })
    void whatARunOrSlurmWouldRefuseIsRefusedAtOnce(String words, String message) {
        Captured refused = slurm("submit", words.split(" "));

        assertEquals(Main.USAGE, refused.code(), refused.err());
        assertContains(message, refused.err());
        assertFalse(Files.exists(out));
    }

    @ParameterizedTest
    @CsvSource({"--data /nosuch, /nosuch is not a directory", "--system /nosuch --org Lab, /nosuch cannot be read"})
    void whatIsNotThereIsNamed(String words, String message) {
        Captured refused = slurm("submit", words.split(" "));

        assertEquals(Main.ENVIRONMENT, refused.code(), refused.err());
        assertContains(message, refused.err());
    }

    @Test
    void aLimitAboveTheSitesIsRefusedAndTheDefaultCut() throws IOException {
        Path site = site("time-limit = 1:00:00\n");
        Captured refused = slurm("submit", "--site", site.toString(), "--time", "2:00:00");

        assertEquals(Main.USAGE, refused.code());
        assertContains("--time=2:00:00 is above the time-limit of the site, 1:00:00", refused.err());
        assertContains("#SBATCH --time=1:00:00\n", preview("--site", site.toString()));
    }

    /** Told to end two minutes before its limit, it would be told at once. */
    @Test
    void aLimitThatLeavesNoTimeToTrainIsRefused() throws IOException {
        Captured refused = slurm("submit", "--time", "2");

        assertEquals(Main.USAGE, refused.code());
        assertContains("--time=0:02:00 leaves no time to train: with signal-seconds=120", refused.err());
        assertContains("at least 180 s", refused.err());
        Path site = site("signal-seconds = 30\n");
        assertContains("#SBATCH --time=0:02:00\n", preview("--time", "2", "--site", site.toString()));
    }

    private Path fit() throws IOException {
        SyntheticRuns.fit(folder);
        return folder.resolve("fit.json");
    }

    /** The limit is 1.2 times the upper end of what predict says and five minutes, and two minutes for the signal. */
    @Test
    void theLimitFollowsFromThePrediction() throws IOException {
        Path fit = fit();
        Captured predicted = Captured.of(
                "roofline", "predict", "--fit", fit.toString(), "--nodes", "2", "--batch", "4", "--format", "csv");
        String[] names = predicted.out().lines().findFirst().orElseThrow().split(",", -1);
        String[] row = predicted.out().lines().skip(1).findFirst().orElseThrow().split(",", -1);
        double high = 60 * Double.parseDouble(row[List.of(names).indexOf("train_high")]);

        String text = preview("--nodes", "2", "--fit", fit.toString());

        String train = text.substring(text.indexOf("train-nodes_2.sbatch"));
        Matcher limit = Pattern.compile("--time=(\\d+):(\\d\\d):00\n").matcher(train);
        assertTrue(limit.find(), train);
        double minutes = 60 * Integer.parseInt(limit.group(1)) + Integer.parseInt(limit.group(2));
        double expected = (1.2 * (high + 300) + 120) / 60;
        assertTrue(minutes >= expected && minutes < expected + 1.01, minutes + " for " + expected);
        assertContains("times the predicted time to train", train);
    }

    @Test
    void aPredictionAboveTheSitesLimitIsCutAndSaidSo() throws IOException {
        Path site = site("time-limit = 6\n");
        String text = preview("--nodes", "2", "--fit", fit().toString(), "--site", site.toString());

        assertContains("#SBATCH --time=0:06:00\n", text);
        assertContains("more than the site's 0:06:00", text);
    }

    @Test
    void aFileThatIsThereIsNotReplacedByInit() throws IOException {
        Path site = site("partition = mine\n");
        Captured refused = Captured.of("slurm", "init", "--out", site.toString());

        assertEquals(Main.USAGE, refused.code());
        assertContains("replace it with --force", refused.err());
        assertEquals("partition = mine\n", Files.readString(site));
    }
}
