package org.mlhpc.deepcam.data;

/** The fields of an image, in the order of the published set (CAM5 names). */
public enum Channel {
    /** Total vertically integrated precipitable water, kg/m2. */
    TMQ(0),
    /** Eastward wind at 850 hPa, m/s. */
    U850(1),
    /** Northward wind at 850 hPa, m/s. */
    V850(2),
    /** Eastward wind in the lowest level, m/s. */
    UBOT(3),
    /** Northward wind in the lowest level, m/s. */
    VBOT(4),
    /** Specific humidity at 2 m, kg/kg. */
    QREFHT(5),
    /** Surface pressure, Pa. */
    PS(6),
    /** Pressure at sea level, Pa. */
    PSL(7),
    /** Temperature at 200 hPa, K. */
    T200(8),
    /** Temperature at 500 hPa, K. */
    T500(9),
    /** Total precipitation rate, m/s. */
    PRECT(10),
    /** Temperature of the surface, K. */
    TS(11),
    /** Temperature at 2 m, K. */
    TREFHT(12),
    /** Geopotential height at 1000 hPa, m. */
    Z1000(13),
    /** Geopotential height at 200 hPa, m. */
    Z200(14),
    /** Height of the lowest level, m. */
    ZBOT(15);

    /** Number of fields. */
    public static final int COUNT = values().length;

    private final int index;

    Channel(int index) {
        this.index = index;
    }

    /** Place among the channels of a pixel, from 0. */
    public int index() {
        return index;
    }
}
