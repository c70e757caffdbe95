package dev.parlance.train.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GitStateTest {
    @TempDir
    Path folder;

    @Test
    void tells_commit_branch_and_how_many_files_differ() throws IOException, InterruptedException {
        assumeTrue(git("init", "-q", "-b", "trunk") == 0, "needs git 2.28 or later");
        assertThat(GitState.of(folder)).isEmpty(); // no commit yet
        Files.writeString(folder.resolve("a.txt"), "a");
        git("add", ".");
        git("-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-q", "-m", "First");
        GitState clean = GitState.of(folder).orElseThrow();
        assertThat(clean.commit()).matches("[0-9a-f]{40,64}");
        assertThat(clean.branch()).isEqualTo("trunk");
        assertThat(clean.changedFiles()).isZero();
        Files.writeString(folder.resolve("a.txt"), "b");
        Files.writeString(folder.resolve("c.txt"), "c");
        assertThat(GitState.of(folder).orElseThrow().changedFiles()).isEqualTo(2);
    }

    @Test
    void is_empty_where_there_is_no_repository() {
        assertThat(GitState.of(folder)).isEmpty();
    }

    private int git(String... words) throws IOException, InterruptedException {
        List<String> command = Stream.concat(Stream.of("git"), Stream.of(words)).toList();
        try {
            return new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (IOException e) {
            return -1; // there is no git
        }
    }
}
