package org.mlhpc.roofline.fit;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.mlhpc.roofline.Resource;

/**
 * What runs cannot tell, so that predictions must not rely on it.
 *
 * @param about resources whose parameters are meant; empty if it is all of them
 * @param text for people
 */
public record Doubt(Set<Resource> about, String text) {
    public Doubt {
        about = about.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(about));
    }

    /** Whether it concerns steps in which {@code resources} take their time. */
    public boolean concerns(Set<Resource> resources) {
        return about.isEmpty() || about.stream().anyMatch(resources::contains);
    }
}
