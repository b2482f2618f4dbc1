package org.mlhpc.deepcam.generate;

import static org.mlhpc.api.Settings.require;

import org.mlhpc.deepcam.data.Channel;

/** What the synthetic data depend on, apart from the seed; settings of the same names. */
record GeneratorSettings(
        int imageHeight,
        int imageWidth,
        int genTrainSamples,
        int genValidationSamples,
        double genCyclones,
        double genRivers,
        double genStormScale) {
    private static final double MOST_STORMS = 100;
    private static final double LARGEST_SCALE = 8;

    GeneratorSettings {
        require(imageHeight > 0, "image_height", imageHeight, "positive");
        require(imageWidth > 0, "image_width", imageWidth, "positive");
        require(genTrainSamples > 0, "gen_train_samples", genTrainSamples, "positive");
        require(genValidationSamples > 0, "gen_validation_samples", genValidationSamples, "positive");
        require(genCyclones >= 0 && genCyclones <= MOST_STORMS, "gen_cyclones", genCyclones, "from 0 to 100");
        require(genRivers >= 0 && genRivers <= MOST_STORMS, "gen_rivers", genRivers, "from 0 to 100");
        require(
                genStormScale > 0 && genStormScale <= LARGEST_SCALE,
                "gen_storm_scale",
                genStormScale,
                "more than 0 and at most 8");
    }

    /** An upper bound of the memory one image takes while it is made: planes, interleaved, and as jHDF wants it. */
    long bytesPerImage() {
        return (long) imageHeight * imageWidth * (3L * Channel.COUNT * Float.BYTES + OBJECT_BYTES);
    }

    /** Of a Java array with the values of one pixel. */
    private static final long OBJECT_BYTES = 24;
}
