package org.mlhpc.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigurationsTest {
    private final Configurations pendulum =
            new Configurations(ConfigurationsTest.class, "pendulum", List.of("tiny", Configurations.REFERENCE));

    @Test
    void aConfigurationIsTheReferenceWithItsChanges() {
        assertEquals("1.5", pendulum.reference().get("length_metres"));
        assertEquals(pendulum.reference(), pendulum.settings("reference"));
        assertEquals("0.5", pendulum.settings("tiny").get("length_metres"));
        assertEquals(
                pendulum.reference().get("steps"), pendulum.settings("tiny").get("steps"), "what tiny does not change");
    }

    @Test
    void anUnknownOneIsNamedWithTheKnownOnes() {
        var e = assertThrows(IllegalArgumentException.class, () -> pendulum.settings("huge"));
        assertEquals("pendulum has no configuration 'huge'; choose one of tiny, reference", e.getMessage());
    }
}
