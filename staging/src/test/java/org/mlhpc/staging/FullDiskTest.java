package org.mlhpc.staging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlhpc.api.LocalCommunicator;
import org.mlhpc.api.Manifest;
import org.mlhpc.api.Progress;
import org.mlhpc.api.Tmpfs;
import org.mlhpc.staging.engine.IoOptions;
import org.mlhpc.staging.engine.SourceLimit;

/** On small file systems in memory. */
class FullDiskTest {
    @TempDir
    private Path directory;

    @AutoClose
    private Tmpfs disk;

    @BeforeEach
    void mount() throws Exception {
        disk = Tmpfs.mount(directory.resolve("disk"), "size=1m,nr_inodes=60");
    }

    private Path target() {
        return disk.folder().resolve("data");
    }

    private Staged stage(IoOptions io) throws IOException {
        StagingRequest request =
                StagingRequest.of(Optional.of("copy"), Optional.of(target())).with(io, SourceLimit.none());
        var staging = new Staging(directory.resolve("source"), request, new LocalCommunicator());
        return staging.stage(staging.plan(), Progress.none());
    }

    private static IoOptions io() {
        return new IoOptions(2, 8192, true, false, false);
    }

    @Test
    void tooLittleRoomIsSaidBeforeAnythingIsCopied() throws Exception {
        DataSets.write(directory.resolve("source"), 20, 2, 200_000, true);

        var e = assertThrows(Exception.class, () -> stage(io()));

        assertTrue(String.valueOf(e.getMessage()).contains("do not fit into"), e.getMessage());
        assertFalse(Files.exists(target()));
    }

    @Test
    void tooFewInodesAreSaidBeforeAnythingIsCopied() throws Exception {
        DataSets.write(directory.resolve("source"), 100, 2, 100, true);

        var e = assertThrows(IOException.class, () -> stage(io()));

        assertTrue(String.valueOf(e.getMessage()).contains("inodes"), e.getMessage());
        assertEquals(List.of(), DataSets.names(target()));
    }

    /** Somebody else takes the room while files are being copied: here by GZIP files that say less than they hold. */
    @Test
    void aDiskThatFillsUpGivesAnErrorAndTheRestFollowsLater() throws Exception {
        Path source = directory.resolve("source");
        DataSets.write(source, 12, 2, 60_000, false);
        Files.write(source.resolve("train/zzz-large"), DataSets.gzip(new byte[3 << 20]));
        DataSets.writeManifest(source);
        StagingRequest request = StagingRequest.of(Optional.of("copy"), Optional.of(target()))
                .with(io(), SourceLimit.none())
                .with(Unpacking.YES, false);
        // The plan counts the bytes of the sources' files for those it has not looked into.
        var staging = new Staging(source, request, new LocalCommunicator());

        var e = assertThrows(IOException.class, () -> staging.stage(staging.plan(), Progress.none()));

        assertTrue(String.valueOf(e.getMessage()).contains("No space left on device"), e.getMessage());
        assertTrue(
                String.valueOf(e.getMessage()).contains(source.resolve("train").toString()), e.getMessage());
        assertTrue(String.valueOf(e.getMessage()).contains("stage again"), e.getMessage());
        assertFalse(Files.exists(target().resolve(Manifest.FILE_NAME)));
        List<String> finished = DataSets.names(target());

        disk.remount("size=20m");
        var again = new Staging(source, request, new LocalCommunicator());
        Staged staged = again.stage(again.plan(), Progress.none());

        long kept = 0;
        for (String name : finished) {
            kept += Files.size(source.resolve(name));
        }
        assertEquals(kept, staged.keptBytes());
        assertEquals(DataSets.names(source), DataSets.names(target()));
    }

    /** What is there needs no room: neither an interrupted staging nor a finished one may be refused for want of it. */
    @Test
    void whatIsThereAlreadyDoesNotNeedRoomAgain() throws Exception {
        DataSets.write(directory.resolve("source"), 6, 1, 200_000, true);
        stage(io());
        assertTrue(Files.getFileStore(disk.folder()).getUsableSpace() < 600_000, "the disk is meant to be rather full");
        Files.delete(target().resolve("train/t003"));

        Staged again = stage(io());

        assertEquals(Files.size(directory.resolve("source/train/t003")), again.bytes());
        assertEquals(0, stage(io()).bytes());
    }
}
