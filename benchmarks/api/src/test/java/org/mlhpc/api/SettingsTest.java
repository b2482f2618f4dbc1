package org.mlhpc.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
    private static final Settings REFERENCE = Settings.load(SettingsTest.class, "pendulum.properties");

    enum Optimizer {
        SGD,
        ADAM
    }

    record Pendulum(double lengthMetres, Optimizer optName, int steps, List<Integer> boundaries, boolean verbose) {
        Pendulum {
            Settings.requireAtLeast(1, "steps", steps);
            Settings.require(lengthMetres > 0, "length_metres", lengthMetres, "positive");
        }
    }

    @Test
    void aRecordComponentIsTheKeyInSnakeCase() {
        var expected = new Pendulum(1.5, Optimizer.SGD, 10, List.of(3, 5), false);
        assertEquals(expected, REFERENCE.bind(Pendulum.class));
    }

    @Test
    void aConfigurationChangesTheReferenceAndTheCommandLineChangesTheConfiguration() {
        Settings tiny = REFERENCE.overlay(SettingsTest.class, "pendulum-tiny.properties");
        assertEquals("0.5", tiny.get("length_metres"));
        assertEquals("0.25", tiny.with("length_metres", 0.25).get("length_metres"));
        assertEquals("1.5", REFERENCE.get("length_metres"), "settings do not change in place");
    }

    @Test
    void anUnknownKeyIsNamedWithTheKnownOnes() {
        var e = assertThrows(IllegalArgumentException.class, () -> REFERENCE.with(Map.of("lenght", "1")));
        assertTrue(e.getMessage().contains("'lenght'"), e.getMessage());
        assertTrue(e.getMessage().contains("length_metres"), e.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "length_metres, two, a finite number",
        "length_metres, NaN, a finite number",
        "steps, 1.5, a whole number",
        "boundaries, '3,x', a comma-separated list",
        "opt_name, lamb, 'choose one of [sgd, adam]'",
        "verbose, yes, true or false",
        "steps, 0, must be at least 1",
        "length_metres, -2.5, must be positive"
    })
    void aWrongValueIsNamedWithItsKeyAndWhatIsExpected(String key, String value, String expectation) {
        var e = assertThrows(
                IllegalArgumentException.class, () -> REFERENCE.with(key, value).bind(Pendulum.class));
        assertTrue(e.getMessage().contains(key + "=" + value), e.getMessage());
        assertTrue(e.getMessage().contains(expectation), e.getMessage());
    }

    @Test
    void anEmptyListIsAllowed() {
        assertEquals(
                List.of(), REFERENCE.with("boundaries", "").bind(Pendulum.class).boundaries());
    }
}
