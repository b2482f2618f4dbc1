package org.mlhpc.roofline.counters;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/**
 * Bytes read and written by the disks of this node, from {@code /proc/diskstats}. Sectors there are of 512 bytes whatever
 * the device's own (kernel documentation, admin-guide/iostats). Only devices with hardware behind them count: the others, such
 * as volumes and arrays, are made of them.
 */
final class BlockDevices extends RegisterSource {
    private static final double BYTES_PER_SECTOR = 512;
    private static final String FILE = "proc/diskstats";
    private static final int NAME = 2;
    private static final int SECTORS_READ = 5;
    private static final int SECTORS_WRITTEN = 9;

    private final KernelFiles kernel;

    BlockDevices(KernelFiles kernel) {
        super("block devices (/proc/diskstats)", Quantity.STORAGE, Scope.NODE, BYTES_PER_SECTOR);
        this.kernel = kernel;
    }

    @Override
    List<Register> registers() throws IOException {
        var registers = new ArrayList<Register>();
        for (String line : kernel.lines(FILE)) {
            String[] fields = line.strip().split("\\s+", -1);
            if (fields.length > SECTORS_WRITTEN && isHardware(fields[NAME])) {
                registers.add(register(fields, "read", SECTORS_READ));
                registers.add(register(fields, "written", SECTORS_WRITTEN));
            }
        }
        return registers;
    }

    /** Partitions have no folder of their own there. */
    private boolean isHardware(String device) {
        return Files.exists(kernel.path("sys/block/" + device.replace('/', '!') + "/device"));
    }

    private Register register(String[] fields, String direction, int field) throws IOException {
        long sectors = KernelFiles.number(kernel.path(FILE), fields[field]);
        return Register.ofWords(fields[NAME] + " " + direction, sectors);
    }

    @Override
    String lacking() {
        return "no disk of its own: network file systems show in the network's counters";
    }

    @Override
    String supply() {
        return "if there is a disk: a container must see /proc/diskstats and /sys/block";
    }

    @Override
    String remedy(IOException failure) {
        return "make /proc/diskstats readable in this container";
    }
}
