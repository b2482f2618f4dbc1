package org.mlhpc.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {
    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void writeTwoTensors() throws IOException {
        file = directory.resolve("weights.safetensors");
        try (var scope = new PointerScope()) {
            var tensors = new LinkedHashMap<String, Tensor>();
            tensors.put("kernel", torch.arange(new Scalar(6.0f)).reshape(2, 3));
            tensors.put("turned", torch.arange(new Scalar(6.0f)).reshape(2, 3).permute(1, 0));
            Safetensors.write(file, tensors);
        }
    }

    private String failure(Map<String, long[]> shapes) {
        return assertThrows(IOException.class, () -> Safetensors.read(file, shapes))
                .getMessage();
    }

    private static Map<String, long[]> both() {
        return Map.of("kernel", new long[] {2, 3}, "turned", new long[] {3, 2});
    }

    @Test
    void whyAFileCannotBeWrittenIsSaid() {
        Path lost = directory.resolve("none/weights.safetensors");
        assertEquals(
                "cannot write " + lost + ": " + lost + ".partial: no such file; free space or choose another place",
                assertThrows(IOException.class, () -> Safetensors.write(lost, Map.of()))
                        .getMessage());
    }

    @Test
    void valuesComeBackInTheShapeTheyHadWhateverTheirOrderInMemory() throws IOException {
        try (var scope = new PointerScope()) {
            Map<String, Tensor> read = Safetensors.read(file, both());

            float[] kernel = new float[6];
            read.get("kernel").data_ptr_float().get(kernel);
            float[] turned = new float[6];
            read.get("turned").data_ptr_float().get(turned);
            assertEquals("[0.0, 1.0, 2.0, 3.0, 4.0, 5.0]", Arrays.toString(kernel));
            assertEquals("[0.0, 3.0, 1.0, 4.0, 2.0, 5.0]", Arrays.toString(turned));
        }
    }

    @Test
    void aTruncatedFileIsNamedWithTheTensor() throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));

        String message = failure(both());

        assertTrue(message.contains(file.toString()) && message.contains("turned"), message);
    }

    @Test
    void aFileOfAnotherKindIsRefused() throws IOException {
        Files.writeString(file, "this is a text and no tensor file at all");

        assertTrue(failure(both()).contains("not a Safetensors file"));
    }

    @Test
    void anotherShapeIsNamed() {
        String message = failure(Map.of("kernel", new long[] {3, 3}, "turned", new long[] {3, 2}));

        assertTrue(message.contains("kernel has shape [2, 3] instead of [3, 3]"), message);
    }

    @Test
    void missingAndSuperfluousTensorsAreNamed() {
        assertTrue(failure(Map.of("other", new long[] {1})).contains("no tensor other"));
        assertTrue(failure(Map.of("kernel", new long[] {2, 3})).contains("lacks: turned"));
    }

    @Test
    void aPlaceThatCannotBeWrittenLeavesNothing() {
        Path nowhere = directory.resolve("absent").resolve("w.safetensors");

        var e = assertThrows(IOException.class, () -> Safetensors.write(nowhere, Map.of()));

        assertTrue(e.getMessage().contains(nowhere.toString()), e.getMessage());
        assertFalse(Files.exists(nowhere));
    }
}
