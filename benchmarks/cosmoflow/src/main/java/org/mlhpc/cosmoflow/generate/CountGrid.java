package org.mlhpc.cosmoflow.generate;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * Particles per cell of a periodic box at several redshifts, stored as the cubes that become samples: little-endian
 * int16 [side][side][side][channels] each.
 */
final class CountGrid {
    private final int boxCells;
    private final List<ByteBuffer> cubes;
    /** Per axis and cell of the box, what the cell contributes to the number of its cube. */
    private final int[][] cubeTerm;
    /** Per axis and cell of the box, what the cell contributes to the byte position in its cube. */
    private final int[][] byteTerm;

    /** @param boxCells cells along an edge of the box, a multiple of {@code cubeSide} */
    CountGrid(int boxCells, int cubeSide, int channels) {
        this.boxCells = boxCells;
        int cubesPerEdge = boxCells / cubeSide;
        cubeTerm = terms(cell -> cell / cubeSide, cubesPerEdge, 1);
        byteTerm = terms(cell -> cell % cubeSide, cubeSide, channels * Short.BYTES);
        int cubeBytes = Math.multiplyExact(cubeSide * cubeSide * cubeSide, channels * Short.BYTES);
        cubes = IntStream.range(0, cubesPerEdge * cubesPerEdge * cubesPerEdge)
                .mapToObj(cube -> ByteBuffer.allocateDirect(cubeBytes).order(ByteOrder.LITTLE_ENDIAN))
                .toList();
    }

    private int[][] terms(IntUnaryOperator ofCell, int perEdge, int unit) {
        int[][] terms = new int[Displacements.AXES][];
        int weight = unit;
        for (int axis = terms.length - 1; axis >= 0; axis--) {
            int w = weight;
            terms[axis] = IntStream.range(0, boxCells)
                    .map(cell -> ofCell.applyAsInt(cell) * w)
                    .toArray();
            weight *= perEdge;
        }
        return terms;
    }

    /** The cubes, last axis fastest; overwritten by {@link #clear} and {@link #count}. */
    List<ByteBuffer> cubes() {
        return cubes;
    }

    void clear() {
        for (ByteBuffer cube : cubes) {
            for (int at = 0; at < cube.capacity(); at += Long.BYTES) {
                cube.putLong(at, 0);
            }
        }
    }

    /**
     * Adds every particle to the cell it has moved to. The lattice points lie at the centres of equal parts of the box, so
     * unmoved particles are spread evenly over the cells.
     */
    void count(Displacements displacements, int channel, double d1, double d2) {
        int side = displacements.side();
        float[][] moved = new float[Displacements.AXES][side * side];
        float[] scratch = new float[side * side];
        for (int i = 0; i < side; i++) {
            for (int axis = 0; axis < Displacements.AXES; axis++) {
                displacements.plane(axis, i, d1, d2, moved[axis], scratch);
            }
            countPlane(i, moved, displacements.side(), boxCells / displacements.edge(), channel);
        }
    }

    /** @param moved per axis the displacements in Mpc/h of the particles of lattice plane {@code i} */
    private void countPlane(int i, float[][] moved, int side, double cellsPerMpc, int channel) {
        float spacing = (float) boxCells / side;
        float scale = (float) cellsPerMpc;
        int particle = 0;
        for (int j = 0; j < side; j++) {
            for (int l = 0; l < side; l++, particle++) {
                int x = cell((i + 0.5f) * spacing + moved[0][particle] * scale);
                int y = cell((j + 0.5f) * spacing + moved[1][particle] * scale);
                int z = cell((l + 0.5f) * spacing + moved[2][particle] * scale);
                increment(x, y, z, channel);
            }
        }
    }

    /** The periodic cell of a position in cells; few particles move by more than one box, so this beats a division. */
    private int cell(float position) {
        int cell = (int) Math.floor(position);
        while (cell < 0) {
            cell += boxCells;
        }
        while (cell >= boxCells) {
            cell -= boxCells;
        }
        return cell;
    }

    private void increment(int x, int y, int z, int channel) {
        ByteBuffer counts = cubes.get(cubeTerm[0][x] + cubeTerm[1][y] + cubeTerm[2][z]);
        int at = byteTerm[0][x] + byteTerm[1][y] + byteTerm[2][z] + channel * Short.BYTES;
        short count = counts.getShort(at);
        if (count == Short.MAX_VALUE) {
            throw new IllegalArgumentException("a cell holds more than " + Short.MAX_VALUE
                    + " particles, the limit of the file format: lower gen_particles_per_cell");
        }
        counts.putShort(at, (short) (count + 1));
    }
}
