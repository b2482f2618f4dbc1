package org.mlhpc.deepcam.generate;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.mlhpc.deepcam.data.Channel;
import org.mlhpc.deepcam.data.PixelClass;

/**
 * Labels atmospheric rivers: connected regions from 20 degrees of latitude on with {@link #WATER} of precipitable water or more (Ralph et
 * al. 2004) and a transport of vapour of {@link #TRANSPORT} (Rutz et al. 2014), estimated by the wind at 850 hPa, that are at
 * least {@link #LENGTH_KM} long and at most {@link #WIDTH_KM} wide on average (Ralph et al. 2004). Pixels of a cyclone belong
 * to no river.
 *
 * @param scale of storms, relative to nature; rivers are wider by its root
 */
record RiverCriteria(double scale) {
    static final double LOWEST_LATITUDE = 20;
    /** kg/m2, that is mm. */
    static final double WATER = 20;
    /** kg/m/s. */
    static final double TRANSPORT = 250;

    static final double LENGTH_KM = 2000;
    static final double WIDTH_KM = 1000;

    void label(Fields fields, byte[] labels) {
        boolean[] open = candidates(fields, labels);
        for (int pixel = 0; pixel < open.length; pixel++) {
            if (open[pixel]) {
                List<Integer> region = region(fields.grid(), pixel, open);
                if (isRiver(fields.grid(), region)) {
                    region.forEach(member -> labels[member] = PixelClass.ATMOSPHERIC_RIVER.label());
                }
            }
        }
    }

    private static boolean[] candidates(Fields fields, byte[] labels) {
        Grid grid = fields.grid();
        float[] water = fields.of(Channel.TMQ);
        boolean[] candidates = new boolean[grid.pixels()];
        for (int pixel = 0; pixel < candidates.length; pixel++) {
            candidates[pixel] = labels[pixel] == 0
                    && Math.abs(grid.latitude(pixel / grid.width())) >= LOWEST_LATITUDE
                    && water[pixel] >= WATER
                    && water[pixel] * fields.speed(Channel.U850, Channel.V850, pixel) >= TRANSPORT;
        }
        return candidates;
    }

    /** The pixels connected to {@code first}, also by corners; no longer open. */
    private static List<Integer> region(Grid grid, int first, boolean[] open) {
        var region = new ArrayList<Integer>();
        var next = new ArrayDeque<Integer>();
        next.add(first);
        open[first] = false;
        while (!next.isEmpty()) {
            int pixel = next.remove();
            region.add(pixel);
            int row = pixel / grid.width();
            for (int r = Math.max(0, row - 1); r <= Math.min(grid.height() - 1, row + 1); r++) {
                for (int step = -1; step <= 1; step++) {
                    int other = r * grid.width() + Math.floorMod(pixel % grid.width() + step, grid.width());
                    if (open[other]) {
                        open[other] = false;
                        next.add(other);
                    }
                }
            }
        }
        return region;
    }

    private boolean isRiver(Grid grid, List<Integer> region) {
        int oneEnd = farthest(grid, region.get(0), region);
        int otherEnd = farthest(grid, oneEnd, region);
        double length = distance(grid, oneEnd, otherEnd);
        double area = region.stream()
                .mapToDouble(pixel -> grid.rowKm() * grid.columnKm(pixel / grid.width()))
                .sum();
        return length >= LENGTH_KM && area / length <= WIDTH_KM * Math.sqrt(scale);
    }

    private static int farthest(Grid grid, int from, List<Integer> region) {
        int farthest = from;
        double most = 0;
        for (int pixel : region) {
            double distance = distance(grid, from, pixel);
            if (distance > most) {
                most = distance;
                farthest = pixel;
            }
        }
        return farthest;
    }

    private static double distance(Grid grid, int a, int b) {
        return Grid.distanceKm(
                grid.latitude(a / grid.width()),
                grid.longitude(a % grid.width()),
                grid.latitude(b / grid.width()),
                grid.longitude(b % grid.width()));
    }
}
