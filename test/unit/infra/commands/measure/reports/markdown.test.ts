import { describe, expect, it } from "vitest";
import { rowsOf } from "../../../../../../infra/commands/measure/honesty/comparison.ts";
import { limitOf, warnings } from "../../../../../../infra/commands/measure/honesty/warnings.ts";
import { markdown } from "../../../../../../infra/commands/measure/reports/markdown.ts";
import type { MeasureData } from "../../../../../../infra/commands/measure/reports/measureData.ts";
import { terminalReport } from "../../../../../../infra/commands/measure/reports/terminal.ts";
import { reported } from "./sample.ts";

function written(data: MeasureData): string {
  const rows = rowsOf(data, (id) => limitOf(data, id) !== undefined);
  return markdown(data, { rows, warnings: warnings(data) });
}

describe("the report", () => {
  const text = written(reported());

  it("says first what a reader has to know", () => {
    expect(written(reported()).split("\n").slice(0, 3)).toEqual([
      "# dev: eBPF, Tunnel against eBPF, DSR",
      "",
      "## Read first",
    ]);
  });

  it("gives every figure with its spread, its ratio and its verdict", () => {
    expect(text).toContain(
      "| measurement | figure | eBPF, Tunnel | eBPF, DSR | eBPF, DSR to eBPF, Tunnel |\n| --- | --- | --- | --- | --- |\n",
    );
    expect(text).toContain(
      "| HTTP, requests, NodePort of another node, client outside | latency p50, ms | 0.905 ± 1 % | 0.603 ± 1 % | 0.67 (0.64 to 0.69), better |",
    );
    expect(text).toContain("no difference shown: at a limit of the network |");
    expect(text).toContain("no difference shown: spread larger than the difference |");
  });

  it("says what its intervals mean", () => {
    expect(text).toContain("Medians of 4 runs, ± the standard deviation. Ratios are of geometric means");
  });

  it("says whom the server saw", () => {
    expect(text).toContain(
      "- source address, NodePort of another node, client outside, eBPF, DSR: the client's own address, 10.40.0.9",
    );
  });

  it("gives the cluster's facts and our own cost", () => {
    expect(text).toContain(
      "Kubernetes v1.35.4, Calico v3.32.4, encapsulation VXLAN, MTU of pods 8951; client outside: bastion.",
    );
    expect(text).toContain("| ip-server | server | m7i.xlarge | eu-west-1a | amd64 |");
    expect(text).toContain("our own part was 1 % of it and took 140 MiB.");
  });

  it("says what was not measured, and why", () => {
    const leftOut = [{ id: "x", title: "UDP", why: "iperf3: nothing arrived" }];

    expect(written(reported({ leftOut }))).toContain("## Not measured\n\n- UDP: iperf3: nothing arrived\n");
    expect(text).not.toContain("Not measured");
  });

  it("compares nothing when there is one mode", () => {
    const one = written(reported({ modes: ["dsr"] }));

    expect(one).toContain("# dev: eBPF, DSR\n");
    expect(one).toContain("| measurement | figure | eBPF, DSR |\n");
    expect(one).not.toContain("Welch");
  });

  it("takes nothing from a cluster for Markdown of its own", () => {
    const { cluster } = reported();
    const nodes = [{ ...(cluster.nodes[0] as (typeof cluster.nodes)[number]), name: "a|b](http://x)<img>" }];

    expect(written(reported({ cluster: { ...cluster, nodes } }))).toContain(
      "| a\\|b\\](http://x)\\<img\\> | client |",
    );
  });
});

describe("the report for a terminal", () => {
  it("names each measurement once, above its figures", () => {
    const lines = terminalReport(reported()).split("\n");
    const at = lines.indexOf("TCP to a pod, other node, the cluster's MTU");

    expect(lines[at + 1]).toMatch(
      /^ {2}throughput, Gbit\/s +4\.99 ± 1 % +4\.99 ± 1 % +1\.00 \(0\.96 to 1\.04\), no /,
    );
    expect(lines[at + 2]).toMatch(/^ {2}processor time of the client's node, s\/Gbit +0\.111 /);
    expect(lines.filter((line) => line === lines[at])).toHaveLength(1);
  });

  it("says when nothing was measured", () => {
    expect(terminalReport(reported({ runs: [] }))).toContain("Nothing was measured.");
  });
});
