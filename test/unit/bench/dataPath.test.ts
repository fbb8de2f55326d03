import { describe, expect, it } from "vitest";
import { ratiosIn } from "../../bench/dataPath.ts";

const shareRow =
  "| TCP replies through the NodePort of another node, client outside | reply bytes sent by the node that got the request, share | 0.000408 (0.000261 to 0.000591) | 1.00 (1.00 to 1.02) | 2,450 (1,690 to 3,830), worse |";
const report = `${shareRow}

- eBPF, DSR, time to connect, median, ms: with 5,000 services 0.980 (0.827 to 1.82) times as much as with 1
- eBPF, DSR, processor time of both nodes for one, ms: with 5,000 services 0.982 (0.806 to 1.10) times as much as with 1
- eBPF, DSR, time in eBPF programs for one, ms: with 5,000 services 0.983 (0.854 to 1.21) times as much as with 1
- iptables, time to connect, median, ms: with 5,000 services 3.20 (2.90 to 3.60) times as much as with 1
`;

describe("the ratios of a report", () => {
  it("are judged where they are counters, and printed where they are times", () => {
    expect(ratiosIn(report)).toEqual([
      {
        name: "reply bytes through the node that got the request, DSR",
        found: 0.000408,
        limit: 0.02,
        unit: "",
        detail: "six runs: 0.000261 to 0.000591",
      },
      {
        name: "time to connect, 5,000 services to one, eBPF, DSR",
        found: 0.98,
        unit: " times",
        detail: "pairs of runs: 0.827 to 1.82; with eBPF at most 1.2",
      },
      {
        name: "time in eBPF programs for one, 5,000 services to one, eBPF, DSR",
        found: 0.983,
        limit: 1.2,
        unit: "",
        detail: "pairs of runs: 0.854 to 1.21",
      },
      {
        name: "time to connect, 5,000 services to one, iptables",
        found: 3.2,
        unit: " times",
        detail: "pairs of runs: 2.90 to 3.60; with eBPF at most 1.2",
      },
    ]);
  });

  it("are not made up of a report without them", () => {
    expect(() => ratiosIn("# dev")).toThrow("the report has no share of the reply bytes");
  });
});
