package org.mlhpc.slurm.campaign;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.EnumFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** {@code campaign.json}: keys in snake case, instants in ISO 8601, what is not known {@code null}. */
public final class CampaignFile {
    /** Its name in the campaign's folder. */
    public static final String NAME = "campaign.json";

    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .addModule(new JavaTimeModule())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private CampaignFile() {}

    /** Whether {@code folder} holds a campaign. */
    public static boolean existsIn(Path folder) {
        return Files.exists(folder.resolve(NAME));
    }

    /**
     * The campaign in {@code folder}.
     *
     * @throws IOException if there is none or the file is damaged; the message names the file and the fix
     */
    public static Campaign read(Path folder) throws IOException {
        Path file = folder.resolve(NAME);
        Campaign campaign;
        try {
            campaign = JSON.readValue(Files.readAllBytes(file), Campaign.class);
        } catch (NoSuchFileException e) {
            throw new IOException(
                    folder + " is no campaign: it has no " + NAME + ", which ./mlhpc slurm submit --out writes", e);
        } catch (JsonProcessingException e) {
            throw new IOException(
                    file + " is damaged: " + e.getOriginalMessage() + "; submit the campaign again into another --out",
                    e);
        }
        if (campaign == null || campaign.format() != Campaign.FORMAT) {
            throw new IOException(file + " is not a campaign of format " + Campaign.FORMAT
                    + "; use the version of mlhpc that wrote it, or another --out");
        }
        return campaign;
    }

    /** Writes it under a temporary name first. */
    public static void write(Path folder, Campaign campaign) throws IOException {
        Path file = folder.resolve(NAME);
        Path partial = folder.resolve(NAME + ".partial");
        try {
            Files.createDirectories(folder);
            Files.writeString(partial, JSON.writeValueAsString(campaign) + "\n");
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            var failure = new IOException(
                    "cannot write " + file + " (" + e.getMessage() + "): make " + folder
                            + " a folder with free space that you may write to, or choose another --out",
                    e);
            remove(partial, failure);
            throw failure;
        }
    }

    /** If that is not possible either, it must not hide {@code failure}. */
    private static void remove(Path partial, IOException failure) {
        try {
            Files.deleteIfExists(partial);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }
}
