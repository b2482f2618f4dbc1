package org.mlhpc.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RuleSetTest {
    static List<String> names() {
        return RuleSet.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyKeyThatARowRefersToHasARowOfItsOwn(String name) {
        RuleSet rules = RuleSet.of(name);
        Set<String> keys = rules.tables().stream()
                .flatMap(table -> table.rules().stream())
                .map(Rule::key)
                .collect(Collectors.toSet());
        var referred = new HashSet<String>();
        for (RuleTable table : rules.tables()) {
            referred.addAll(table.when().keySet());
            table.rules().forEach(rule -> {
                Stream.of(rule.after(), rule.before())
                        .filter(list -> list != null)
                        .forEach(referred::addAll);
                Stream.of(rule.or()).filter(key -> key != null).forEach(referred::add);
                Stream.of(rule.within())
                        .filter(within -> within != null)
                        .forEach(within -> referred.add(within.first()));
            });
        }

        referred.removeAll(keys);

        assertEquals(Set.of(), referred);
    }

    @ParameterizedTest
    @MethodSource("names")
    void rowsNameOnlyKnownRulesets(String name) {
        for (RuleTable table : RuleSet.of(name).tables()) {
            assertTrue(RuleSet.names().containsAll(table.rulesets()), table.table());
            for (Rule rule : table.rules()) {
                assertTrue(rule.rulesets() == null || table.rulesets().containsAll(rule.rulesets()), rule.key());
            }
        }
    }

    @Test
    void anUnknownRulesetIsRefusedWithTheKnownOnes() {
        var refused = assertThrows(IllegalArgumentException.class, () -> RuleSet.of("0.7.0"));

        assertEquals(
                "no ruleset '0.7.0'; choose one of 0.5.0, 0.5.0-strict, 1.0.0, 2.0.0, 3.0.0", refused.getMessage());
    }
}
