package dev.parlance.train.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TorchInfoTest {
    @Test
    void tells_the_versions_and_where_the_library_lies() {
        TorchInfo info = TorchInfo.read();
        assertThat(info.version()).matches("\\d+\\.\\d+\\.\\d+");
        assertThat(info.bindingVersion()).startsWith(info.version());
        assertThat(info.library()).exists();
        assertThat(info.cpuCapability()).isIn("DEFAULT", "AVX2", "AVX512");
        assertThat(info.threads()).isPositive();
    }

    @Test
    void finds_bf16_among_the_flags_of_a_processor() {
        assertThat(TorchInfo.listsBf16("flags\t\t: fpu avx512_bf16 sse")).isTrue();
        assertThat(TorchInfo.listsBf16("flags\t\t: fpu amx_bf16")).isTrue();
        assertThat(TorchInfo.listsBf16("flags\t\t: fpu avx512f avx2")).isFalse();
    }

    @Test
    void probes_a_plausible_speed() {
        assertThat(GemmProbe.gflops(false, 1)).isBetween(0.5, 100_000.0);
    }
}
