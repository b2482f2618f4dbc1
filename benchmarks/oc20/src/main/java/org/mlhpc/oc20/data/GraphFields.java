package org.mlhpc.oc20.data;

import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import org.mlhpc.oc20.pickle.TensorData;

/** The named values of one pickled graph, with their types and shapes checked; {@code place} begins every message. */
record GraphFields(Map<String, Object> values, String place) {
    IOException fault(String what) {
        return new IOException(place + ": " + what);
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    private Object value(String name) throws IOException {
        Object value = values.get(name);
        if (value == null) {
            throw fault("field '" + name + "' is missing; the graph has " + values.keySet());
        }
        return value;
    }

    /** A tensor; sizes of -1 may be any. */
    TensorData tensor(String name, long... sizes) throws IOException {
        if (!(value(name) instanceof TensorData tensor)) {
            throw fault("field '" + name + "' is no tensor");
        }
        boolean fits = tensor.sizes().length == sizes.length;
        for (int i = 0; fits && i < sizes.length; i++) {
            fits = sizes[i] == -1 || sizes[i] == tensor.sizes()[i];
        }
        if (!fits) {
            throw fault("field '" + name + "' has shape " + Arrays.toString(tensor.sizes()) + ", expected "
                    + Arrays.toString(sizes).replace("-1", "any"));
        }
        return tensor;
    }

    /** The values of a tensor, all finite in float32, in which batches have them. */
    double[] numbers(String name, long... sizes) throws IOException {
        double[] numbers = tensor(name, sizes).doubles();
        for (double number : numbers) {
            requireFinite(name, number);
        }
        return numbers;
    }

    private double requireFinite(String name, double number) throws IOException {
        if (!Float.isFinite((float) number)) {
            throw fault("field '" + name + "' holds " + number + ", which is not finite in float32");
        }
        return number;
    }

    /** The values of a tensor, whole numbers from {@code least} to {@code most} in whatever type. */
    int[] wholeNumbers(String name, long least, long most, long... sizes) throws IOException {
        double[] numbers = numbers(name, sizes);
        int[] whole = new int[numbers.length];
        for (int i = 0; i < whole.length; i++) {
            if (numbers[i] != Math.rint(numbers[i]) || numbers[i] < least || numbers[i] > most) {
                throw fault("field '" + name + "' holds " + numbers[i] + ", which is no whole number from " + least
                        + " to " + most);
            }
            whole[i] = (int) numbers[i];
        }
        return whole;
    }

    /** A number, or a tensor of one; finite in float32. */
    double number(String name) throws IOException {
        Object value = value(name);
        if (value instanceof TensorData tensor && tensor.count() == 1) {
            return requireFinite(name, tensor.doubles()[0]);
        } else if (value instanceof Number number) {
            return requireFinite(name, number.doubleValue());
        }
        throw fault("field '" + name + "' is no number");
    }

    /** A whole number where the field holds one; published systems may also be named by text. */
    long identity(String name) throws IOException {
        return has(name) && !(values.get(name) instanceof String) ? (long) number(name) : -1;
    }
}
