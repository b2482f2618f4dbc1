package org.mlhpc.deepcam.model;

import java.util.List;

/** Of one sample. */
record Shape(int channels, int height, int width) {
    long values() {
        return (long) channels * height * width;
    }

    List<Integer> list() {
        return List.of(channels, height, width);
    }
}
