package org.mlhpc.deepcam.generate;

/** Latitudes from south to north and longitudes from 0 degrees eastwards, at the centres of equal steps of each. */
record Grid(int height, int width) {
    static final double EARTH_RADIUS_KM = 6371;

    /** Earth's rotation, 1/s. */
    private static final double OMEGA = 7.292e-5;

    double latitude(int row) {
        return -90 + (row + 0.5) * 180 / height;
    }

    double longitude(int column) {
        return (column + 0.5) * 360 / width;
    }

    int pixels() {
        return height * width;
    }

    int row(double latitude) {
        return Math.min(height - 1, Math.max(0, (int) Math.floor((latitude + 90) * height / 180)));
    }

    int column(double longitude) {
        return Math.floorMod((int) Math.floor(longitude * width / 360), width);
    }

    /** Of one row. */
    double rowKm() {
        return Math.PI * EARTH_RADIUS_KM / height;
    }

    /** Of one column. */
    double columnKm(int row) {
        return 2 * Math.PI * EARTH_RADIUS_KM * Math.cos(Math.toRadians(latitude(row))) / width;
    }

    /** Coriolis parameter, 1/s. */
    static double coriolis(double latitude) {
        return 2 * OMEGA * Math.sin(Math.toRadians(latitude));
    }

    /** East of {@code from}, in [-180, 180). */
    static double eastOf(double from, double longitude) {
        double difference = (longitude - from) % 360;
        return difference < -180 ? difference + 360 : difference >= 180 ? difference - 360 : difference;
    }

    /** Along a great circle, by the haversine formula. */
    static double distanceKm(double latitude1, double longitude1, double latitude2, double longitude2) {
        double phi1 = Math.toRadians(latitude1);
        double phi2 = Math.toRadians(latitude2);
        double sinLatitude = Math.sin((phi2 - phi1) / 2);
        double sinLongitude = Math.sin(Math.toRadians(longitude2 - longitude1) / 2);
        double h = sinLatitude * sinLatitude + Math.cos(phi1) * Math.cos(phi2) * sinLongitude * sinLongitude;
        return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(h)));
    }

    /** Told of pixels. */
    @FunctionalInterface
    interface Visitor {
        void visit(int row, int column, double distanceKm);
    }

    /** Visits the pixels whose centres lie within {@code radiusKm} of a place, row by row. */
    void around(double latitude, double longitude, double radiusKm, Visitor visitor) {
        double degrees = Math.toDegrees(radiusKm / EARTH_RADIUS_KM);
        int last = row(latitude + degrees);
        for (int r = row(latitude - degrees); r <= last; r++) {
            int half = Math.min(width / 2, (int) Math.ceil(radiusKm / Math.max(columnKm(r), 1e-6)) + 1);
            int middle = column(longitude);
            int count = Math.min(width, 2 * half + 1);
            for (int i = 0; i < count; i++) {
                int c = Math.floorMod(middle - half + i, width);
                double distance = distanceKm(latitude, longitude, latitude(r), longitude(c));
                if (distance <= radiusKm) {
                    visitor.visit(r, c, distance);
                }
            }
        }
    }
}
