package org.mlhpc.deepcam.generate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mlhpc.api.Settings;
import org.mlhpc.deepcam.DeepCam;
import org.mlhpc.deepcam.data.Channel;
import org.mlhpc.deepcam.data.PixelClass;

class WeatherTest {
    private static final GeneratorSettings TINY = new GeneratorSettings(96, 144, 1, 1, 3, 5, 3);
    private static final Grid GRID = new Grid(384, 576);

    private static Fields calm() {
        var fields = new Fields(GRID);
        new Climate(GRID, new SplittableRandom(2)).fill(fields);
        return fields;
    }

    private static byte[] labels(Fields fields) {
        byte[] labels = new byte[fields.grid().pixels()];
        new CycloneCriteria(1).label(fields, labels);
        new RiverCriteria(1).label(fields, labels);
        return labels;
    }

    private static long count(byte[] labels, PixelClass wanted) {
        long count = 0;
        for (byte label : labels) {
            count += label == wanted.label() ? 1 : 0;
        }
        return count;
    }

    @Test
    void equalSeedsGiveEqualImagesAndOthersDoNot() {
        Weather one = Weather.of(TINY, 1, 5);
        Weather same = Weather.of(TINY, 1, 5);
        Weather other = Weather.of(TINY, 1, 6);
        Weather seed = Weather.of(TINY, 2, 5);

        assertArrayEquals(one.fields().interleaved(), same.fields().interleaved());
        assertArrayEquals(one.labels(), same.labels());
        assertFalse(Arrays.equals(one.fields().of(Channel.TMQ), other.fields().of(Channel.TMQ)));
        assertFalse(Arrays.equals(one.fields().of(Channel.TMQ), seed.fields().of(Channel.TMQ)));
    }

    /** Holland's profile: the wind is strongest near R, where V^2 = B dp / (rho e) but for the rotation of the Earth. */
    @Test
    void windAndPressureOfACycloneFollowHolland() {
        var cyclone = new Cyclone(15, 100, 5000, 40, 1.5);
        double strongest = Math.sqrt(1.5 * 5000 / (1.15 * Math.E));
        double rotation = 40_000 * Grid.coriolis(15) / 2;

        assertEquals(Math.sqrt(strongest * strongest + rotation * rotation) - rotation, cyclone.speed(40), 1e-9);
        assertEquals(5000 * (1 - 1 / Math.E), cyclone.deficit(40), 1e-9);
        assertEquals(5000, cyclone.deficit(1), 1);
        // Gradient balance: V^2 / r + f V = dp/dr / rho.
        double r = 70;
        double slope = (cyclone.deficit(r - 0.01) - cyclone.deficit(r + 0.01)) / 20;
        double v = cyclone.speed(r);
        assertEquals(slope / 1.15, v * v / (1000 * r) + Grid.coriolis(15) * v, 1e-6);
    }

    @Test
    void aCycloneIsLabelledWhereItIsAndTurnsTheRightWay() {
        for (double latitude : new double[] {18, -18}) {
            Fields fields = calm();
            assertEquals(0, count(labels(fields), PixelClass.TROPICAL_CYCLONE));
            new Cyclone(latitude, 200, 6000, 60, 1.5).addTo(fields);
            byte[] labels = labels(fields);

            assertTrue(count(labels, PixelClass.TROPICAL_CYCLONE) >= 9);
            int centre = GRID.row(latitude) * GRID.width() + GRID.column(200);
            assertEquals(PixelClass.TROPICAL_CYCLONE.label(), labels[centre]);
            for (int pixel = 0; pixel < labels.length; pixel++) {
                if (labels[pixel] == PixelClass.TROPICAL_CYCLONE.label()) {
                    double km = Grid.distanceKm(
                            latitude, 200, GRID.latitude(pixel / GRID.width()), GRID.longitude(pixel % GRID.width()));
                    assertTrue(km <= CycloneCriteria.RING_KM + 2 * GRID.rowKm());
                }
            }
            assertTrue(CycloneCriteria.cyclonicVorticity(fields, GRID.row(latitude), GRID.column(200))
                    > CycloneCriteria.VORTICITY);
        }
    }

    /** The criteria look at the fields alone: take one property of a cyclone away, and it is none. */
    @Test
    void aCycloneThatFailsACriterionIsNotLabelled() {
        Fields cold = calm();
        new Cyclone(18, 200, 6000, 60, 1.5).addTo(cold);
        Fields plain = calm();
        System.arraycopy(plain.of(Channel.T500), 0, cold.of(Channel.T500), 0, GRID.pixels());
        System.arraycopy(plain.of(Channel.T200), 0, cold.of(Channel.T200), 0, GRID.pixels());
        assertEquals(0, count(labels(cold), PixelClass.TROPICAL_CYCLONE), "without a warm core");

        Fields weak = calm();
        new Cyclone(18, 200, 600, 60, 1.5).addTo(weak);
        assertEquals(0, count(labels(weak), PixelClass.TROPICAL_CYCLONE), "without winds of a storm");

        Fields extratropical = calm();
        new Cyclone(50, 200, 6000, 60, 1.5).addTo(extratropical);
        assertEquals(0, count(labels(extratropical), PixelClass.TROPICAL_CYCLONE), "outside the tropics");
    }

    @Test
    void aRiverIsLabelledIfItIsMoistFastAndLong() {
        assertEquals(0, count(labels(calm()), PixelClass.ATMOSPHERIC_RIVER));
        assertTrue(riverPixels(new River(1, 150, 22, 50, 30, 0, 220, 25, 22)) > 200);
        assertTrue(riverPixels(new River(-1, 150, 22, 50, 30, 3, 220, 25, 22)) > 200);
        assertEquals(0, riverPixels(new River(1, 150, 22, 50, 30, 0, 220, 8, 22)), "dry");
        assertEquals(0, riverPixels(new River(1, 150, 22, 30, 5, 0, 220, 25, 22)), "short");
    }

    private static long riverPixels(River river) {
        Fields fields = calm();
        river.addTo(fields);
        return count(labels(fields), PixelClass.ATMOSPHERIC_RIVER);
    }

    /** Every river pixel meets the criteria of a pixel, whatever made it. */
    @Test
    void riversFollowFromTheFields() {
        long rivers = 0;
        for (int sample = 0; sample < 6; sample++) {
            Weather weather = Weather.of(TINY, 3, sample);
            Fields fields = weather.fields();
            for (int pixel = 0; pixel < weather.labels().length; pixel++) {
                if (weather.labels()[pixel] == PixelClass.ATMOSPHERIC_RIVER.label()) {
                    double water = fields.of(Channel.TMQ)[pixel];
                    assertTrue(water >= 20);
                    assertTrue(water * fields.speed(Channel.U850, Channel.V850, pixel) >= 250);
                    rivers++;
                }
            }
            float[] water = fields.of(Channel.TMQ);
            for (int pixel = 0; pixel < water.length; pixel++) {
                water[pixel] = Math.min(water[pixel], 19.9f);
            }
            byte[] dry = new byte[weather.labels().length];
            new RiverCriteria(3).label(fields, dry);
            assertEquals(0, count(dry, PixelClass.ATMOSPHERIC_RIVER), "without the water");
        }
        assertTrue(rivers > 200, rivers + " pixels");
    }

    /**
     * The lowest pressure of each labelled region is a centre by the criteria, computed anew from distances between pixels. A
     * ring is a band a pixel wide here and a circle of points there, and vorticity the circulation around the neighbours here:
     * nine tenths of each threshold tell such differences from criteria that are not applied.
     */
    @Test
    void cyclonesFollowFromTheFields() {
        int cyclones = 0;
        for (int sample = 0; sample < 6; sample++) {
            Weather weather = Weather.of(TINY, 3, sample);
            Fields fields = weather.fields();
            for (List<Integer> region : regions(fields.grid(), weather.labels(), PixelClass.TROPICAL_CYCLONE)) {
                float[] pressure = fields.of(Channel.PSL);
                int centre = region.stream()
                        .min(Comparator.comparingDouble(pixel -> pressure[pixel]))
                        .orElseThrow();
                var around = new Surroundings(fields, centre, 3);
                assertTrue(Math.abs(around.latitude()) <= 40);
                assertTrue(around.ring(pixel -> pressure[pixel]) - pressure[centre] >= 0.9 * 400, "deep");
                assertTrue(around.most(around::warmth) - around.ring(around::warmth) >= 0.9 * 0.8, "warm");
                assertTrue(around.most(around::circulation) >= 0.9 * 3.5e-5 / 3, "turning");
                assertTrue(around.most(pixel -> fields.speed(Channel.UBOT, Channel.VBOT, pixel)) >= 17, "windy");
                cyclones++;
            }
        }
        assertTrue(cyclones >= 6, cyclones + " cyclones");
    }

    /**
     * Of the published set: 0.98627, 0.00046, 0.01327. How many storms an image has scatters most, so that full-size images with
     * many storms of one kind tell more than as many with both: 128 cyclones and 84 rivers. Over images, the share scatters by
     * 0.69 and 0.44 of itself with the 3.2 and 7 storms of docs/log.md, so by 1.2 with one storm; the mean over n by 1.2 / sqrt(n).
     * Tolerated are three times as much, which is 0.33 and 0.39 of the share.
     */
    @ParameterizedTest
    @CsvSource({"32, 0, TROPICAL_CYCLONE, 0.000457871", "0, 21, ATMOSPHERIC_RIVER, 0.013274311"})
    void classesAreAsFrequentAsInThePublishedSet(double cyclones, double rivers, PixelClass wanted, double published) {
        Settings reference = new DeepCam().settings("reference");
        double usual = Double.parseDouble(reference.get(cyclones > 0 ? "gen_cyclones" : "gen_rivers"));
        double storms = cyclones + rivers;
        var dense = new GeneratorSettings(768, 1152, 1, 1, cyclones, rivers, 1);
        int images = 4;
        double share = 0;
        for (int sample = 0; sample < images; sample++) {
            byte[] labels = Weather.of(dense, 1, sample).labels();
            share += (double) count(labels, wanted) / labels.length / images;
        }
        assertEquals(published, share * usual / storms, 3 * 1.2 / Math.sqrt(images * storms) * published);
    }

    /** Values that a meteorologist would believe. */
    @Test
    void fieldsLieInPlausibleRanges() {
        double[][] ranges = {
            {0, 90}, {-90, 90}, {-90, 90}, {-90, 90}, {-90, 90}, {0, 0.03}, {60_000, 105_000}, {89_000, 105_000},
            {200, 240}, {225, 285}, {0, 5e-5}, {240, 315}, {240, 315}, {-900, 500}, {10_500, 13_500}, {50, 80}
        };
        Weather weather = Weather.of(TINY, 9, 1);
        for (Channel channel : Channel.values()) {
            for (float value : weather.fields().of(channel)) {
                double[] range = ranges[channel.index()];
                assertTrue(value >= range[0] && value <= range[1], channel + ": " + value);
            }
        }
    }

    /** Connected pixels of a class, also by corners. */
    private static List<List<Integer>> regions(Grid grid, byte[] labels, PixelClass wanted) {
        byte[] left = labels.clone();
        var regions = new ArrayList<List<Integer>>();
        for (int first = 0; first < left.length; first++) {
            if (left[first] == wanted.label()) {
                var region = new ArrayList<>(List.of(first));
                left[first] = 0;
                for (int next = 0; next < region.size(); next++) {
                    for (int other : neighbours(grid, region.get(next))) {
                        if (left[other] == wanted.label()) {
                            left[other] = 0;
                            region.add(other);
                        }
                    }
                }
                regions.add(region);
            }
        }
        return regions;
    }

    private static List<Integer> neighbours(Grid grid, int pixel) {
        var neighbours = new ArrayList<Integer>();
        for (int row = pixel / grid.width() - 1; row <= pixel / grid.width() + 1; row++) {
            for (int step = -1; step <= 1; step++) {
                if (row >= 0 && row < grid.height()) {
                    neighbours.add(row * grid.width() + Math.floorMod(pixel % grid.width() + step, grid.width()));
                }
            }
        }
        return neighbours;
    }

    /** The fields around a pixel; lengths in nature are {@code scale} times as long. */
    private record Surroundings(Fields fields, int centre, double scale) {
        private Grid grid() {
            return fields.grid();
        }

        double latitude() {
            return grid().latitude(centre / grid().width());
        }

        private double km(int pixel) {
            return Grid.distanceKm(
                    latitude(),
                    grid().longitude(centre % grid().width()),
                    grid().latitude(pixel / grid().width()),
                    grid().longitude(pixel % grid().width()));
        }

        /** Mean at 500 km. */
        double ring(IntToDoubleFunction value) {
            return IntStream.range(0, grid().pixels())
                    .filter(pixel -> Math.abs(km(pixel) - scale * 500) <= grid().rowKm())
                    .mapToDouble(value)
                    .average()
                    .orElseThrow();
        }

        /** The largest within 250 km. */
        double most(IntToDoubleFunction value) {
            return IntStream.range(0, grid().pixels())
                    .filter(pixel -> km(pixel) <= scale * 250)
                    .mapToDouble(value)
                    .max()
                    .orElseThrow();
        }

        double warmth(int pixel) {
            return (fields.of(Channel.T200)[pixel] + fields.of(Channel.T500)[pixel]) / 2;
        }

        /** Vorticity as circulation per area around a pixel's four neighbours, positive if cyclonic, 1/s. */
        double circulation(int pixel) {
            int width = grid().width();
            int row = pixel / width;
            int east = row * width + (pixel + 1) % width;
            int west = row * width + Math.floorMod(pixel - 1, width);
            float[] u = fields.of(Channel.U850);
            float[] v = fields.of(Channel.V850);
            double side = 2000 * grid().columnKm(row);
            double height = 2000 * grid().rowKm();
            double along = (v[east] - v[west]) * height - (u[pixel + width] - u[pixel - width]) * side;
            return Math.signum(latitude()) * along / (side * height);
        }
    }
}
