import { describe, expect, it } from "vitest";
import type { MeasureData } from "../../../../../infra/commands/measure/comparison.ts";
import { report } from "../../../../../infra/commands/measure/report.ts";
import { reported } from "./reported.ts";

/** The report with its tables as narrow as they can be. */
function written(data: MeasureData): string {
  return report(data).replaceAll(/ +\|/g, " |").replaceAll(/-{4,}/g, "---");
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

  it("escapes Markdown in names from the cluster", () => {
    const { cluster } = reported();
    const nodes = [{ ...(cluster.nodes[0] as (typeof cluster.nodes)[number]), name: "a|b](http://x)<img>" }];

    expect(written(reported({ cluster: { ...cluster, nodes } }))).toContain(
      "| a\\|b\\](http://x)\\<img\\> | client |",
    );
  });
});

describe("the table of the report", () => {
  it("has columns of one width, for a terminal", () => {
    const lines = report(reported()).split("\n");
    const table = lines.filter((line) => line.startsWith("|")).slice(0, 10);

    expect(new Set(table.map((line) => line.length)).size).toBe(1);
    expect(table[2]).toMatch(
      /^\| TCP to a pod, other node, the cluster's MTU +\| throughput, Gbit\/s +\| 4\.99 ± 1 % +\|/,
    );
  });

  it("is left out when nothing was measured", () => {
    expect(report(reported({ runs: [] }))).not.toContain("## Figures");
  });
});
