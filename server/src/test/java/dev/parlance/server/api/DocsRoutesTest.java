package dev.parlance.server.api;

import static dev.parlance.server.api.TestClient.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class DocsRoutesTest {
    private final TestClient client = new TestClient();

    @Test
    void the_page_refers_to_files_that_are_there_and_to_nothing_elsewhere() {
        Reply page = client.get("/docs");
        assertThat(page.contentType()).startsWith("text/html");
        assertThat(page.headers()).containsKey("Content-Security-Policy");
        assertThat(text(page)).doesNotContain("http:").doesNotContain("https:");
        Matcher files = Pattern.compile("(?:href|src)=\"docs/([^\"]+)\"").matcher(text(page));
        int count = 0;
        while (files.find()) {
            Reply file = client.get("/docs/{file}", "file", files.group(1));
            assertThat(file.status()).as(files.group(1)).isEqualTo(200);
            assertThat(file.body().length).as(files.group(1)).isPositive();
            count++;
        }
        assertThat(count).isEqualTo(4);
    }

    @Test
    void no_other_file_is_given() {
        for (String name : new String[] {"index.html", "../docs.html", "..%2fdocs.html", "pom.xml"}) {
            Reply reply = client.get("/docs/{file}", "file", name);
            assertThat(reply.status()).as(name).isEqualTo(404);
        }
    }

    @Test
    void the_document_is_made_once() {
        assertThat(client.get("/openapi.json").body())
                .isSameAs(client.get("/openapi.json").body());
    }
}
