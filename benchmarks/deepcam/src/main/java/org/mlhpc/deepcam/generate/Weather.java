package org.mlhpc.deepcam.generate;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** One image: fields, and the label of each pixel. */
@SuppressWarnings("ArrayRecordComponent") // made, written and dropped; never compared
record Weather(Fields fields, byte[] labels) {
    /** Odd, and none that SplittableRandom steps by: streams of different samples must not be parts of each other. */
    private static final long SAMPLE_STRIDE = 0xD1342543DE82EF95L;

    /** The image number {@code sample} of {@code seed}; equal arguments give equal images. */
    static Weather of(GeneratorSettings settings, long seed, long sample) {
        long start = new SplittableRandom(seed).nextLong() + sample * SAMPLE_STRIDE;
        RandomGenerator random = new SplittableRandom(start);
        var fields = new Fields(new Grid(settings.imageHeight(), settings.imageWidth()));
        new Climate(fields.grid(), random).fill(fields);
        double scale = settings.genStormScale();
        int rivers = poisson(settings.genRivers(), random);
        for (int i = 0; i < rivers; i++) {
            River.random(random, scale).addTo(fields);
        }
        int cyclones = poisson(settings.genCyclones(), random);
        for (int i = 0; i < cyclones; i++) {
            Cyclone.random(random, scale).addTo(fields);
        }
        byte[] labels = new byte[fields.grid().pixels()];
        new CycloneCriteria(scale).label(fields, labels);
        new RiverCriteria(scale).label(fields, labels);
        return new Weather(fields, labels);
    }

    /** By counting arrivals of unit rate until {@code mean}. */
    private static int poisson(double mean, RandomGenerator random) {
        double limit = Math.exp(-mean);
        int count = 0;
        for (double product = random.nextDouble(); product > limit; product *= random.nextDouble()) {
            count++;
        }
        return count;
    }
}
