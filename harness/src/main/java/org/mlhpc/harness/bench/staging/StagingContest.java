package org.mlhpc.harness.bench.staging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.Progress;
import org.mlhpc.harness.bench.Contest;
import org.mlhpc.harness.bench.Contestant;
import org.mlhpc.roofline.FileTree;
import org.mlhpc.staging.engine.IoOptions;
import org.mlhpc.staging.engine.SourceLimit;
import org.mlhpc.staging.files.NodePlace;
import org.mlhpc.staging.files.Together;

/** Generates a data set in a folder of its own, lets ways to stage it take turns, and removes everything again. */
public final class StagingContest {
    private static final double MEGA = 1e6;
    private static final int MOST_FIO_FILES = 1000;
    private final Path folder;
    private final FileSizes sizes;
    private final long bytes;
    private final Communicator world;
    private final TimedCopy.Cold cold;
    private final Listener said;

    /** Told what a person should know. */
    public interface Listener {
        void say(String line);
    }

    /** Empties caches; false where this is not allowed. */
    public interface Caches {
        boolean drop();
    }

    /**
     * Prepares a contest.
     *
     * @param in where to put the data, with room for twice {@code bytes}, and once more per further node
     */
    public StagingContest(Path in, FileSizes sizes, long bytes, Communicator world, Caches caches, Listener said)
            throws IOException {
        this.world = world;
        this.sizes = sizes;
        this.bytes = bytes;
        this.said = said;
        String name = Together.broadcast(
                world,
                Together.on(
                        world,
                        "preparing in " + in,
                        () -> world.rank() == 0
                                ? Files.createTempDirectory(Files.createDirectories(in), "mlhpc-bench-staging-")
                                        .toAbsolutePath()
                                        .toString()
                                : ""));
        this.folder = Path.of(name);
        boolean dropped = world.max(world.rank() == 0 && !caches.drop() ? 1 : 0) == 0;
        this.cold = dropped ? () -> caches.drop() : () -> {};
        if (!dropped) {
            said.say("the page cache may not be dropped here: all read from a warm one");
        }
    }

    /**
     * Holds the contest.
     *
     * @param sourceLimit bytes per second that all nodes together may read; 0 for no limit, and other tools take part
     */
    public List<Contest.Result> hold(Contest contest, double sourceLimit, Contest.Listener listener, Progress progress)
            throws IOException {
        List<Contestant> contestants = new ArrayList<>();
        try {
            List<FileSizes.Entry> files = sizes.files(bytes);
            Together.on(world, "generating data", () -> {
                if (world.rank() == 0) {
                    TrialData.write(source(), files, progress);
                }
                return true;
            });
            long total = files.stream().mapToLong(FileSizes.Entry::bytes).sum();
            contestants.addAll(sourceLimit > 0 ? limited(total, sourceLimit) : tools(files, total));
            return contest.hold(contestants, world, listener);
        } finally {
            contestants.forEach(Contestant::close);
            world.barrier();
            if (world.rank() == 0) {
                FileTree.delete(folder);
            }
        }
    }

    private Path source() {
        return folder.resolve("source");
    }

    private Contestant timed(TimedCopy.Way way) {
        int node = NodePlace.of(world).node();
        return new TimedCopy(way, source(), folder.resolve("destination" + node), world, cold);
    }

    /** Our strategies where the source is slow and shared. */
    private List<Contestant> limited(long total, double limit) throws IOException {
        SourceLimit shared = SourceLimit.shared(folder.resolve("limit"), limit);
        IoOptions io = IoOptions.defaults();
        return List.of(
                new LeastTime("bytes at the rate of the source", total / limit * world.size()),
                timed(new OurCopy("read once and forward", "forward", io, shared, world)),
                timed(new OurCopy("copy to each node", "copy", io, shared, world)));
    }

    private List<Contestant> tools(List<FileSizes.Entry> files, long total) throws IOException {
        var contestants = new ArrayList<Contestant>();
        IoOptions io = IoOptions.defaults();
        contestants.add(timed(new OurCopy("mlhpc", "copy", io, SourceLimit.none(), world)));
        if (world.size() > 1) {
            return contestants;
        }
        contestants.add(timed(new OurCopy("mlhpc, buffered", "copy", io.withDirect(false), SourceLimit.none(), world)));
        contestants.add(timed(new CopyProgram("cp -r", "cp -r \"$SRC/.\" \"$DST\"")));
        program("rsync", "rsync -a --whole-file \"$SRC/\" \"$DST/\"", "rsync").ifPresent(contestants::add);
        program("tar | tar", "tar -C \"$SRC\" -cf - . | tar -C \"$DST\" -xf -", "tar")
                .ifPresent(contestants::add);
        if (files.size() > MOST_FIO_FILES) {
            said.say("fio is left out: it would hold " + files.size() + " files open");
        } else {
            program("fio, read beside write", fio(total), "fio").ifPresent(contestants::add);
        }
        return contestants;
    }

    private Optional<Contestant> program(String label, String command, String needed) throws IOException {
        if (!CopyProgram.have(needed)) {
            said.say(label + " is left out: " + needed + " is not installed");
            return Optional.empty();
        }
        return Optional.of(timed(new CopyProgram(label, command)));
    }

    /**
     * Sequential reading of the source's files beside sequential writing of as many bytes to one file, with requests as
     * of {@link IoOptions#defaults}.
     */
    private static String fio(long total) {
        return "fio --ioengine=libaio --direct=1 --bs=4M --iodepth=4"
                + " --name=write --rw=write --size=" + total
                + " --directory=\"$DST\" --filename=trial --end_fsync=1"
                + " --name=read --rw=read --opendir=\"$SRC\" --file_service_type=sequential >/dev/null";
    }

    /** Megabytes of the data set per second. */
    public double megabytesPerSecond(Contest.Result result) {
        long total =
                sizes.files(bytes).stream().mapToLong(FileSizes.Entry::bytes).sum();
        return total / result.secondsPerSample().median() / MEGA;
    }
}
