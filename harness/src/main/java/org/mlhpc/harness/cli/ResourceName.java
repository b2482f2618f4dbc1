package org.mlhpc.harness.cli;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.mlhpc.roofline.Resource;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a resource such as {@code memory}. */
final class ResourceName implements ITypeConverter<Resource> {
    @Override
    public Resource convert(String text) {
        return Arrays.stream(Resource.values())
                .filter(resource -> resource.word().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("'" + text + "' is none of "
                        + Arrays.stream(Resource.values()).map(Resource::word).collect(Collectors.joining(", "))));
    }
}
