package org.promptembeds.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.promptembeds.torch.install.NvidiaDriver;

/** The command on this machine, which must be able to run tests. */
class DoctorTest {
  @Test
  void aMachineThatRunsTheseTestsIsHealthyWithoutAGpu() throws IOException {
    assumeFalse(NvidiaDriver.mayBeThere(), "with a GPU it depends on what is installed");
    CommandLineRun json = CommandLineRun.of("doctor", "--format", "json");
    CommandLineRun text = CommandLineRun.of("doctor");

    JsonNode report = new ObjectMapper().readTree(json.out());
    assertThat(json.status()).as(json.out()).isZero();
    assertThat(report.path("healthy").asBoolean()).isTrue();
    assertThat(
            StreamSupport.stream(report.path("findings").spliterator(), false)
                .map(finding -> finding.path("subject").asText()))
        .containsExactly(
            "platform",
            "Java",
            "processor",
            "memory",
            "cache",
            "Spark",
            "NVIDIA driver",
            "PyTorch",
            "device",
            "kernels");
    assertThat(text.status()).isZero();
    assertThat(text.out())
        .contains("the bridge is for 2.7.1", "cpu, ", "\nnothing is in the way\n");
  }
}
