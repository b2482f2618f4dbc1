package org.mlhpc.roofline.gpu;

/** Two numbers of 16 bits in a register. */
final class Halves {
    static long fma(long x, long y, long z, Numbers format, int mantissa, int bias) {
        long result = 0;
        for (int shift = 0; shift < Integer.SIZE; shift += Short.SIZE) {
            double exact = value(x >>> shift, mantissa, bias) * value(y >>> shift, mantissa, bias)
                    + value(z >>> shift, mantissa, bias);
            double unit = Math.scalb(1.0, Math.getExponent(exact) - mantissa);
            byte[] code = format.encode(Math.rint(exact / unit) * unit);
            result |= (long) ((code[0] & 0xff) | ((code[1] & 0xff) << Byte.SIZE)) << shift;
        }
        return result;
    }

    /** Of a normal positive number, which all of ours are. */
    private static double value(long bits, int mantissa, int bias) {
        long fraction = bits & ((1L << mantissa) - 1);
        int exponent = (int) ((bits >>> mantissa) & (2 * bias + 1)) - bias;
        return Math.scalb(1 + Math.scalb((double) fraction, -mantissa), exponent);
    }
}
