package org.mlhpc.harness.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import org.mlhpc.slurm.campaign.Campaign;
import org.mlhpc.slurm.campaign.Submission;
import org.mlhpc.slurm.queue.Programs;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Campaigns of batch jobs. */
@Command(
        name = "slurm",
        description =
                "Writes and submits the batch jobs of a campaign under Slurm, shows how it is doing, and collects its results.",
        subcommands = {SlurmInitCommand.class, SlurmStatusCommand.class, SlurmCollectCommand.class})
final class SlurmCommand implements Runnable {
    @CommandLine.Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "choose init, script, submit, status or collect");
    }

    @Command(
            name = "script",
            description = "Writes the batch scripts of a campaign and prints the commands that submit them.")
    int script(@Mixin SlurmCampaignOptions options, @Mixin DryRun dryRun) throws IOException {
        Submission submission = options.submission(command());
        if (dryRun.asked) {
            print(submission.preview());
        } else {
            submission.write();
            print(submission.commands());
        }
        return 0;
    }

    @Command(
            name = "submit",
            description = {
                "Writes the batch scripts of a campaign and hands them to sbatch, each waiting for those before it.",
                "The same command goes on with a campaign: only unfinished runs are submitted."
            })
    int submit(@Mixin SlurmCampaignOptions options, @Mixin DryRun dryRun) throws IOException {
        Submission submission = options.submission(command());
        if (submission.planned().isEmpty()) {
            print("all runs are finished already: ./mlhpc slurm collect " + submission.folder() + "\n");
        } else if (dryRun.asked) {
            print(submission.preview());
        } else {
            Campaign campaign = submission.submit(new Programs());
            submission.planned().forEach(each -> print(line(campaign, each.job().name())));
        }
        return 0;
    }

    /** Says instead of does. */
    static final class DryRun {
        @Option(names = "--dry-run", description = "Print all scripts and commands, and write nothing.")
        private boolean asked;
    }

    private static String line(Campaign campaign, String name) {
        String id = campaign.jobs().stream()
                .filter(job -> job.name().equals(name))
                .flatMap(job -> job.id().stream())
                .findFirst()
                .orElse("none");
        return "job " + id + "  " + name + "\n";
    }

    /** The words after {@code ./mlhpc}. */
    private List<String> command() {
        return List.copyOf(spec.root().commandLine().getParseResult().originalArgs());
    }

    private void print(String text) {
        PrintWriter out = spec.commandLine().getOut();
        out.print(text);
        out.flush();
    }
}
