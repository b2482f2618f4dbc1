package org.mlhpc.slurm.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mlhpc.slurm.campaign.Campaign.Point;
import org.mlhpc.slurm.campaign.CampaignRequest.Data;
import org.mlhpc.slurm.campaign.CampaignRequest.Packaging;
import org.mlhpc.slurm.script.BatchText;
import org.mlhpc.slurm.site.Site;
import org.mlhpc.slurm.site.SiteFile;

/** Scripts run under bash; stand-ins for mlhpc and batch.sh write down each word that they are given. */
class HostileNamesTest {
    private static final String WRITE_DOWN = "for word in \"$@\"; do printf '<%s>' \"$word\"; done >>\"$RECEIVED\"";

    @TempDir
    private Path directory;

    private Path profiled = Path.of("/etc/profile");
    private Path received;
    private Path home;
    private Requests requests;

    @BeforeEach
    void writeStandIns() throws IOException {
        received = directory.resolve("received");
        home = directory.resolve("it's $HOME");
        Path launcher = Files.createDirectories(home.resolve("harness/launcher"));
        Path mlhpc =
                Files.writeString(home.resolve("mlhpc"), "#!/bin/bash\n" + WRITE_DOWN + "\neval \"${BEHAVIOUR-}\"\n");
        assertTrue(mlhpc.toFile().setExecutable(true));
        Files.writeString(
                launcher.resolve("batch.sh"),
                """
                batch_begin() { write_down "$@"; }
                batch_preflight() { write_down "$@"; }
                batch_run() { write_down "$@"; }
                batch_instances() { write_down "$@"; }
                write_down() { %s; }
                """
                        .formatted(WRITE_DOWN));
        requests = Requests.in(directory.resolve("out")).withHome(home);
    }

    private String run(CampaignRequest request, Site site, String job, String behaviour) throws Exception {
        return run(request, site, job, behaviour, 0);
    }

    private String run(CampaignRequest request, Site site, String job, String behaviour, int code) throws Exception {
        Submission submission = Submission.of(request, site, Optional.empty(), List.of(), Instant.EPOCH);
        String text = submission.planned().stream()
                .filter(each -> each.job().name().equals(job))
                .findFirst()
                .orElseThrow()
                .text();
        var builder = new ProcessBuilder(
                "bash",
                Files.writeString(
                                directory.resolve("job.sh"),
                                text.replace("/etc/profile", BatchText.quoted(profiled.toString())))
                        .toString());
        builder.directory(directory.toFile());
        builder.environment().put("RECEIVED", received.toString());
        builder.environment().put("BEHAVIOUR", behaviour);
        builder.environment().put("SLURM_ARRAY_TASK_ID", "3");
        builder.environment().put("TMPDIR", "/tmp/a b");
        Process process = builder.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(10, TimeUnit.SECONDS));
        assertEquals(code, process.exitValue(), said);
        assertFalse(Files.exists(directory.resolve("hacked")), said);
        return Files.exists(received) ? Files.readString(received) : "";
    }

    private String run(CampaignRequest request, String job) throws Exception {
        return run(request, Site.plain(), job, "");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "with space",
                "it's",
                "$(touch hacked)",
                "`touch hacked`",
                "a\"b",
                "a;touch hacked",
                "\\",
                "*",
                "two\nlines",
                "--out",
                "-x",
                "$TMPDIR",
                "@RUN@",
                "! #"
            })
    void wordsOfARunArriveAsTheyAre(String word) throws Exception {
        Data data = new Data(
                Optional.of(Path.of("/data").resolve(word)), List.of(), Optional.empty(), OptionalLong.empty());
        String words = run(
                requests.withArguments("cosmoflow", "--set", "note=" + word)
                        .with(data)
                        .runs(4, Point.single(2, 4)),
                "train-nodes_2");

        assertTrue(
                words.endsWith("<3><run><cosmoflow><--set><note=" + word + "><--data><"
                        + data.given().orElseThrow() + "><--ranks><8>"),
                words);
        assertTrue(
                words.contains(
                        "<--reads><" + home + "/mlhpc><--reads><" + data.given().orElseThrow() + ">"),
                words);
    }

    @Test
    void variablesOfTheJobStandInTheFolderOfANodeAlone() throws Exception {
        String words = run(
                requests.stagingTo("$TMPDIR/$(touch hacked)/{run}/{node}").runs(1, Point.single(1, 1)),
                "train-nodes_1");

        assertTrue(words.contains("<--node-local></tmp/a b/$(touch hacked)>"), words);
        assertTrue(words.contains("<--stage-to></tmp/a b/$(touch hacked)/{run}/{node}>"), words);
    }

    @Test
    void organisationsAndFilesOfAPackageArriveAsTheyAre() throws Exception {
        var packaging = new Packaging("A \"Lab\" $(touch hacked)", Path.of("/it's.json"));
        String words = run(requests.with(packaging).runs(1, Point.single(1, 1), Point.single(2, 1)), "package");

        String out = requests.out().toString();
        for (String size : List.of("nodes_1", "nodes_2")) {
            assertTrue(
                    words.contains(
                            "<package><" + out + "/results/" + size + "><--org><A \"Lab\" $(touch hacked)><--system>"
                                    + "</it's.json><--metric><time_to_train><--out><" + out + "/package/" + size + ">"),
                    words);
        }
    }

    @Test
    void dataGetTheirNameWhenTheyAreComplete() throws Exception {
        Path data = requests.out().resolve("data");
        Files.createDirectories(requests.out().resolve("data.partial/of an earlier start"));
        String words = run(
                requests.runs(1, Point.single(1, 1)),
                Site.plain(),
                "data",
                "mkdir \"${@: -1}\" && touch \"${@: -1}/new\"");

        assertEquals("<data><generate><cosmoflow><--config><tiny><--out><" + data + ".partial>", words);
        assertTrue(Files.exists(data.resolve("new")));
        assertFalse(Files.exists(requests.out().resolve("data.partial")));
    }

    /** Whatever the times of the logs: those of runs keep theirs when they are collected later. */
    @Test
    void aPackageIsMadeAnewWhenItLacksARun() throws Exception {
        CampaignRequest request = requests.with(new Packaging("Lab", Path.of("/system.json")))
                .runs(1, Point.single(1, 1), Point.single(2, 1));
        for (String size : List.of("nodes_1", "nodes_2")) {
            Files.createFile(
                    Files.createDirectories(requests.out().resolve("results").resolve(size))
                            .resolve("result_0.txt"));
        }
        String makes = "mkdir -p \"${@: -1}\"";
        run(request, Site.plain(), "package", makes);
        String first = Files.readString(received);
        assertEquals(first, run(request, Site.plain(), "package", makes), "both have what there is");

        Path late = Files.createFile(requests.out().resolve("results/nodes_2/result_1.txt"));
        Files.setLastModifiedTime(late, FileTime.from(Instant.EPOCH));
        String words = run(request, Site.plain(), "package", makes).substring(first.length());

        assertTrue(words.endsWith("<--out><" + requests.out() + "/package/nodes_2>"), words);
        assertFalse(words.contains("nodes_1"), words);
        assertTrue(Files.exists(requests.out().resolve("package/nodes_2.earlier")));
    }

    @Test
    void theWorstCodeOfThePackagesIsTheJobs() throws Exception {
        var packaging = new Packaging("Lab", Path.of("/system.json"));
        CampaignRequest request =
                requests.with(packaging).runs(1, Point.single(1, 1), Point.single(2, 1), Point.single(3, 1));
        String behaviour = "case $2 in *_2) exit 3 ;; *) exit 1 ;; esac";

        run(request, Site.plain(), "package", behaviour, 3);
    }

    /** The shell of a job may not know the command, and modules may read variables that are not set. */
    @Test
    void modulesAreLoadedBeforeUnsetVariablesAreErrors() throws Exception {
        Path file = Files.writeString(directory.resolve("site.properties"), "modules = openmpi\n");
        Path profile = Files.writeString(
                directory.resolve("profile"), "module() { [[ -z $NOT_SET_ANYWHERE ]] && write_down \"$@\"; }\n");
        Site site = SiteFile.read(file, Optional.empty());
        CampaignRequest request = requests.runs(1, Point.single(1, 1));
        profiled = profile;

        String words = run(request, site, "train-nodes_1", "");

        assertTrue(words.contains("/nodes_1><load><openmpi><--nodes-needed>"), words);
    }
}
