package org.mlhpc.results.store;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * A run in the store.
 *
 * @param id number in the store; 0 outside of one
 * @param added when it came into the store, ISO 8601
 * @param started run_start, ISO 8601; empty if the log has none
 * @param file the log, as it was called when it was added
 * @param sha256 of the log
 * @param status success, aborted, or what the log says; empty if it does not end
 * @param minutes from run_start to run_stop
 * @param record the run record as JSON
 */
public record StoredRun(
        long id,
        String added,
        String started,
        String file,
        String sha256,
        String benchmark,
        String division,
        String system,
        String status,
        OptionalLong batch,
        OptionalLong seed,
        OptionalDouble minutes,
        OptionalDouble epochs,
        OptionalDouble quality,
        OptionalDouble trainSamplesPerSecond,
        Optional<String> record) {
    StoredRun withoutId() {
        return new StoredRun(
                0,
                added,
                started,
                file,
                sha256,
                benchmark,
                division,
                system,
                status,
                batch,
                seed,
                minutes,
                epochs,
                quality,
                trainSamplesPerSecond,
                record);
    }
}
