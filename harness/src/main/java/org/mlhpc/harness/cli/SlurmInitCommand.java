package org.mlhpc.harness.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.mlhpc.roofline.WholeFile;
import org.mlhpc.slurm.queue.Programs;
import org.mlhpc.slurm.site.SiteProposal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Describes this cluster. */
@Command(
        name = "init",
        description = {
            "Writes a site file from what sinfo and scontrol say of this cluster.",
            "What they cannot know it takes from options, or asks for on a terminal."
        })
final class SlurmInitCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Where to write; default: ${DEFAULT-VALUE}.",
            defaultValue = "site.properties")
    private Path out = Path.of("");

    @Option(names = "--force", description = "Replace a file that is there.")
    private boolean force;

    @Option(names = "--partition", paramLabel = "NAME", description = "Describe this partition alone; default: all.")
    private @Nullable String partition;

    @Option(names = "--account", paramLabel = "NAME", description = "The account that is charged.")
    private @Nullable String account;

    @Option(names = "--node-local", paramLabel = "DIR", description = "Folder on each node's own storage.")
    private @Nullable String nodeLocal;

    @Override
    public Integer call() throws IOException {
        requireFree();
        var sinfo = new ArrayList<>(List.of("sinfo"));
        sinfo.addAll(SiteProposal.SINFO);
        var proposal = new SiteProposal(
                Programs.output(sinfo),
                Programs.output(List.of("scontrol", "show", "config")),
                Optional.ofNullable(partition));
        String text = proposal.text(answers(proposal));
        WholeFile.write(out, text);
        PrintWriter said = spec.commandLine().getOut();
        said.print(text);
        said.println("\nwritten to " + out + "; use it with ./mlhpc slurm submit --site " + out);
        said.flush();
        return 0;
    }

    private SiteProposal.Answers answers(SiteProposal proposal) throws IOException {
        var in = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
        Optional<String> charged =
                account == null ? ask(in, "account that is charged (empty for none): ") : Optional.of(account);
        String hint = proposal.temporaryFiles()
                .map(folder -> ", such as " + folder + "/mlhpc")
                .orElse("");
        Optional<String> folder = nodeLocal == null
                ? ask(in, "folder on each node's own storage" + hint + " (empty for none): ")
                : Optional.of(nodeLocal);
        return new SiteProposal.Answers(charged, folder);
    }

    /** Nothing without a terminal. */
    private Optional<String> ask(BufferedReader in, String question) throws IOException {
        if (!Boolean.getBoolean("mlhpc.terminal")) {
            return Optional.empty();
        }
        PrintWriter terminal = spec.commandLine().getErr();
        terminal.print(question);
        terminal.flush();
        return Optional.ofNullable(in.readLine()).map(String::strip).filter(text -> !text.isEmpty());
    }

    private void requireFree() {
        if (Files.exists(out) && !force) {
            throw new IllegalArgumentException(
                    out + " exists already: choose another --out, or replace it with --force");
        }
    }
}
