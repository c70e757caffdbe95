package dev.parlance.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlance.predict.Pipeline;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The whole application on a free port, with the model of ten words that {@code parlance doctor} runs. */
class LabelApplicationTest {
    private static final String MODEL = "../../cli/src/main/resources/dev/parlance/cli/self-test";

    private static ConfigurableApplicationContext application;

    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeAll
    static void start() {
        application = SpringApplication.run(LabelApplication.class, "--server.port=0", "--parlance.model=" + MODEL);
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @Test
    void labels_texts_in_their_order() throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(post("{\"texts\": [\"good\", \"bad\"]}"), ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body())
                .containsSubsequence("\"label\":\"positive\"", "\"probability\":0.", "\"label\":\"negative\"");
    }

    @Test
    void answers_many_requests_at_once() {
        List<CompletableFuture<HttpResponse<String>>> responses = IntStream.range(0, 50)
                .mapToObj(i ->
                        client.sendAsync(post("{\"texts\": [\"" + (i % 2 == 0 ? "good" : "bad") + "\"]}"), ofString()))
                .toList();
        for (int i = 0; i < responses.size(); i++) {
            assertThat(responses.get(i).join().body()).contains(i % 2 == 0 ? "positive" : "negative");
        }
    }

    @Test
    void refuses_a_request_without_texts() throws IOException, InterruptedException {
        for (String body : List.of("{}", "{\"texts\": []}", "{\"texts\": [null]}")) {
            assertThat(client.send(post(body), ofString()).statusCode())
                    .as(body)
                    .isEqualTo(400);
        }
    }

    @Test
    void closes_the_model_when_it_ends() {
        ConfigurableApplicationContext other =
                SpringApplication.run(LabelApplication.class, "--server.port=0", "--parlance.model=" + MODEL);
        Pipeline pipeline = other.getBean(Pipeline.class);
        assertThat(pipeline.predict("good")).isNotNull();
        other.close();
        assertThatThrownBy(() -> pipeline.predict("good")).isInstanceOf(IllegalStateException.class);
    }

    private static HttpResponse.BodyHandler<String> ofString() {
        return HttpResponse.BodyHandlers.ofString();
    }

    private static HttpRequest post(String body) {
        String port = application.getEnvironment().getProperty("local.server.port");
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/label"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }
}
