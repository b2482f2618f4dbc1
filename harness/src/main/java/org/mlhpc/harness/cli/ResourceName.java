package org.mlhpc.harness.cli;

import java.util.List;
import java.util.stream.Collectors;
import org.mlhpc.roofline.Resource;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a resource whose data sheet gives bytes per second, such as {@code memory}. */
final class ResourceName implements ITypeConverter<Resource> {
    private static final List<Resource> KNOWN = List.of(Resource.MEMORY, Resource.STORAGE, Resource.NETWORK);

    @Override
    public Resource convert(String text) {
        return KNOWN.stream()
                .filter(resource -> resource.word().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("'" + text + "' is none of "
                        + KNOWN.stream().map(Resource::word).collect(Collectors.joining(", "))));
    }
}
