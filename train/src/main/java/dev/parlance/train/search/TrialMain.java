package dev.parlance.train.search;

import dev.parlance.config.ConfigFiles;
import dev.parlance.config.Json;
import dev.parlance.config.RunConfig;
import dev.parlance.config.UserError;
import dev.parlance.train.hub.ModelStore;
import dev.parlance.train.hub.ProgressListener;
import dev.parlance.train.loop.FineTuning;
import dev.parlance.train.loop.TrainingListener;
import dev.parlance.train.loop.TrainingResult;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * What runs in the process of a trial: trains by a run file and tells its scores line by line in a file. Ends when its
 * standard input does, so that no trial outlives its search.
 */
public final class TrialMain {
    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int ABANDONED = 3;

    private TrialMain() {}

    /** {@code run.yaml}, and the file to tell the scores in. */
    public static void main(String[] arguments) throws IOException {
        endWithParent();
        int code = FAILED;
        try (Progress progress = new Progress(Path.of(arguments[1]))) {
            code = run(ConfigFiles.read(Path.of(arguments[0])), progress);
        }
        Runtime.getRuntime().halt(code); // the parent waits; there is nothing left to clean up
    }

    private static int run(RunConfig config, Progress progress) throws IOException {
        try {
            ModelStore store = ModelStore.fromEnvironment(System.getenv(), ProgressListener.NONE);
            TrainingResult result = FineTuning.run(config, store, List.of(), progress, () -> false);
            progress.done(result);
            return DONE;
        } catch (UserError e) {
            progress.failed(String.valueOf(e.getMessage()));
        } catch (RuntimeException | Error e) {
            progress.failed(e.toString());
        }
        return FAILED;
    }

    private static void endWithParent() {
        Thread watch = new Thread(() -> {
            try (FileInputStream in = new FileInputStream(FileDescriptor.in)) {
                while (in.read() >= 0) {
                    // nothing is ever said
                }
            } catch (IOException e) {
                // the same: nobody is there any more
            }
            Runtime.getRuntime().halt(ABANDONED);
        });
        watch.setDaemon(true);
        watch.start();
    }

    /** A line for each measurement. */
    private static final class Progress implements TrainingListener, AutoCloseable {
        private final FileChannel channel;
        private String metric = "macro_f1";
        private double best;

        Progress(Path file) throws IOException {
            channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        }

        @Override
        public void onEvaluation(Evaluation evaluation) {
            metric = evaluation.metric();
            double score = metric.equals(Objective.LOSS)
                    ? evaluation.loss()
                    : evaluation.report().metric(metric);
            best = evaluation.best() ? score : best;
            write(TrialMessage.evaluation(evaluation.epoch(), score));
        }

        void done(TrainingResult result) {
            boolean reported = !metric.equals(Objective.LOSS);
            write(TrialMessage.done(reported ? result.validation().metric(metric) : best));
        }

        void failed(String error) {
            write(TrialMessage.failed(error));
        }

        private void write(TrialMessage message) {
            ByteBuffer line = ByteBuffer.wrap((Json.line(message) + "\n").getBytes(StandardCharsets.UTF_8));
            try {
                while (line.hasRemaining()) {
                    channel.write(line);
                }
            } catch (IOException e) {
                throw new UserError("the progress of the trial cannot be written: " + e, e);
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
