package org.mlhpc.harness.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.mlhpc.api.FileErrors;
import org.mlhpc.harness.RefusedByAll;
import org.mlhpc.harness.RulesBroken;
import org.mlhpc.harness.SuiteVersion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The entry point. */
@Command(
        name = "mlhpc",
        description = "HPC machine-learning benchmarks in the style of MLPerf HPC.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "Commands (and ./mlhpc doctor: what this machine lacks; ./mlhpc test: every check):%n",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:success",
            "1:what was checked or trained failed: target missed, data damaged, rules broken",
            "2:wrong usage",
            "3:environment, input or output"
        },
        subcommands = {
            RunCommand.class,
            ListCommand.class,
            WorkloadCommand.class,
            DataCommand.class,
            StageCommand.class,
            BenchCommand.class,
            ReportCommand.class,
            CheckCommand.class,
            SystemCommand.class,
            PackageCommand.class,
            ResultsCommand.class,
            SlurmCommand.class,
            RooflineCommand.class
        })
public final class Main implements Runnable {
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int ENVIRONMENT = 3;

    @Option(
            names = "--stack-trace",
            description = "On an error, print where in the program it arose.",
            scope = ScopeType.INHERIT)
    private boolean stackTrace;

    /** What {@code --version} prints. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"mlhpc " + SuiteVersion.version()};
        }
    }

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "a command is missing");
    }

    /**
     * Runs one command and ends the process with its exit code; a failing rank ends the whole job. The launcher asks by
     * {@code mlhpc.failed} for another code than 1, with which Java ends when it cannot start.
     */
    public static void main(String[] arguments) {
        Locale.setDefault(Locale.ROOT);
        var job = new Job();
        int code = execute(job, arguments);
        if (code > FAILED && job.isParallel()) {
            job.abort(code);
        }
        job.close();
        System.exit(code == FAILED ? Integer.getInteger("mlhpc.failed", FAILED) : code);
    }

    static int execute(Job job, String... arguments) {
        var main = new Main();
        var commands = new CommandLine(main, new CommandFactory(job));
        commands.setCaseInsensitiveEnumValuesAllowed(true);
        // All ranks were given the same command line: one of them complaining about it is enough.
        CommandLine.IParameterExceptionHandler complaint = commands.getParameterExceptionHandler();
        commands.setParameterExceptionHandler((failure, words) -> {
            job.sayOnce(() -> complaint.handleParseException(failure, words));
            return USAGE;
        });
        commands.setExecutionExceptionHandler((failure, command, parsed) -> {
            Callable<Integer> words = () -> report(main, job, failure, command.getErr());
            if (!isOfAllRanks(job, failure)) {
                return words.call();
            }
            try {
                job.sayOnce(words);
            } catch (RuntimeException e) {
                return report(main, job, e, command.getErr());
            }
            return exitCode(failure);
        });
        return commands.execute(arguments);
    }

    private static boolean isOfAllRanks(Job job, Exception failure) {
        boolean beforeTheJob = exitCode(failure) == USAGE && !job.isParallel();
        return beforeTheJob || failure instanceof RefusedByAll || failure instanceof RulesBroken;
    }

    /** Says what is wrong, and returns the exit code for it. */
    private static int report(Main main, Job job, Exception failure, PrintWriter err) {
        String where = job.isLaunched() ? "rank " + job.launchedRank() + ": " : "";
        boolean expected = exitCode(failure) != ENVIRONMENT
                || failure instanceof IOException
                || failure instanceof UncheckedIOException
                || failure instanceof ArithmeticException;
        err.println("mlhpc: " + where + (expected ? FileErrors.message(failure) : failure.toString()));
        if (main.stackTrace || !expected) {
            failure.printStackTrace(err);
        }
        err.flush();
        return exitCode(failure);
    }

    private static int exitCode(Exception failure) {
        if (failure instanceof IllegalArgumentException) {
            return USAGE;
        }
        return failure instanceof RulesBroken ? FAILED : ENVIRONMENT;
    }

    /** Gives each command the job it belongs to. */
    private record CommandFactory(Job job) implements CommandLine.IFactory {
        @Override
        public <K> K create(Class<K> type) throws Exception {
            if (type == RunCommand.class) {
                return type.cast(new RunCommand(job));
            }
            if (type == BenchCommand.class) {
                return type.cast(new BenchCommand(job));
            }
            if (type == RooflineMeasureCommand.class) {
                return type.cast(new RooflineMeasureCommand(job));
            }
            if (type == StageCommand.class) {
                return type.cast(new StageCommand(job));
            }
            if (type == SystemCommand.Describe.class) {
                return type.cast(new SystemCommand.Describe(job));
            }
            return CommandLine.defaultFactory().create(type);
        }
    }
}
