package org.mlhpc.slurm.script;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TemplateTest {
    private static final Map<String, String> VALUES =
            Map.of("DIRECTIVES", "#SBATCH --nodes=1", "OWN", "home=/mlhpc", "SETTINGS", "a=$1 \\ @OUT@", "OUT", "/out");

    @Test
    void whatIsFilledInIsNotLookedAtAgain() {
        String text = Template.named("collect.sbatch").filled(VALUES);
        assertTrue(text.contains("\na=$1 \\ @OUT@\n"), text);
        assertTrue(text.contains("slurm collect /out\n"), text);
    }

    @Test
    void aPlaceWithoutAValueAndAValueWithoutAPlaceAreMistakes() {
        Template template = Template.named("collect.sbatch");
        assertTrue(template.filled(VALUES).contains("/mlhpc"));
        var fewer = new HashMap<>(VALUES);
        fewer.remove("OUT");
        var more = new HashMap<>(VALUES);
        more.put("RUN", "run");
        assertThrows(IllegalStateException.class, () -> template.filled(fewer));
        assertThrows(IllegalStateException.class, () -> template.filled(more));
        assertThrows(IllegalStateException.class, () -> Template.named("nosuch"));
    }
}
