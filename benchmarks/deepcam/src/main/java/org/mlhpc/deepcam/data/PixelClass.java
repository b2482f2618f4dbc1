package org.mlhpc.deepcam.data;

/** What a pixel belongs to. */
public enum PixelClass {
    BACKGROUND(0),
    TROPICAL_CYCLONE(1),
    ATMOSPHERIC_RIVER(2);

    /** Number of classes. */
    public static final int COUNT = values().length;

    private final int label;

    PixelClass(int label) {
        this.label = label;
    }

    /** In files and in labels of training. */
    public byte label() {
        return (byte) label;
    }
}
