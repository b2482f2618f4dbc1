package org.mlhpc.harness.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.mlhpc.api.LocalCommunicator;
import org.mlhpc.harness.Console;
import org.mlhpc.staging.CopyStager;
import org.mlhpc.staging.Staged;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Staging on its own. */
@Command(
        name = "stage",
        description = "Copies a data set, checked by its manifest; repeated, it goes on where it was interrupted.")
final class StageCommand implements Callable<Integer> {
    private static final double MIB = 1 << 20;
    private static final double SECONDS_PER_NANOSECOND = 1e-9;

    @Parameters(index = "0", paramLabel = "SRC", description = "The data set.")
    private Path source = Path.of("");

    @Parameters(index = "1", paramLabel = "DST", description = "Folder to copy it to.")
    private Path destination = Path.of("");

    @Override
    public Integer call() throws IOException {
        Console console = Consoles.forThisProcess(false);
        long begin = System.nanoTime();
        Staged staged = new CopyStager(destination).stage(source, new LocalCommunicator(), console.progress("staging"));
        double seconds = (System.nanoTime() - begin) * SECONDS_PER_NANOSECOND;
        double mebibytes = staged.bytes() / MIB;
        console.say(
                "copied %.1f MiB to %s in %s, %.1f MiB/s",
                mebibytes, staged.directory(), Console.duration(seconds), mebibytes / seconds);
        return 0;
    }
}
