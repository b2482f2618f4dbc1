package org.mlhpc.torch;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** Starts the engine before the first test, as a run does: tests use libtorch without one. */
public final class UnpackedLibrary implements LauncherSessionListener {
    @Override
    public void launcherSessionOpened(LauncherSession session) {
        new TorchEngine().start();
    }
}
