import { describe, expect, it } from "vitest";
import { settingsLines, today } from "../../../support/lines.ts";
import type { SettingsChange } from "../../../support/settings.ts";

const lastDay = new Date("2026-12-02T23:00:00Z");
const dayAfter = new Date("2026-12-03T01:00:00Z");

const refused: readonly { name: string; changes: SettingsChange; day?: Date; lines: readonly string[] }[] = [
  {
    name: "Kubernetes without a row",
    changes: { cluster: { kubernetesVersion: "1.30" } },
    lines: [
      'cluster.kubernetesVersion: Kubernetes 1.30 is not a known release; Calico is tested with 1.34, 1.35 and 1.36. Set kubernetesVersion: "1.34", "1.35" or "1.36".',
    ],
  },
  {
    name: "Kubernetes past its end",
    changes: { cluster: { kubernetesVersion: "1.33", support: "EXTENDED" } },
    lines: [
      'cluster.kubernetesVersion: standard support of Kubernetes 1.33 ended on 2026-07-29; Calico is tested with 1.34, 1.35 and 1.36. Set kubernetesVersion: "1.34", "1.35" or "1.36".',
    ],
  },
  {
    name: "Kubernetes the day after standard support",
    changes: { cluster: { kubernetesVersion: "1.34" } },
    day: dayAfter,
    lines: [
      'cluster.kubernetesVersion: standard support of Kubernetes 1.34 ended on 2026-12-02; cluster.support is STANDARD. Set kubernetesVersion: "1.35" or "1.36", or support: EXTENDED, which costs six times as much.',
    ],
  },
  {
    name: "Kubernetes the day after extended support",
    changes: { cluster: { kubernetesVersion: "1.34", support: "EXTENDED" } },
    day: new Date("2027-12-03"),
    lines: [
      "cluster.kubernetesVersion: extended support of Kubernetes 1.34 ended on 2027-12-02; EKS no longer creates such clusters. Add newer versions to components/facts/versions.ts.",
    ],
  },
  {
    name: "Calico without a row",
    changes: { calico: { version: "3.30.4" } },
    lines: [
      "calico.version: Calico 3.30.4 is not a known release; the known releases are 3.32.0, 3.32.1, 3.32.2, 3.32.4, 3.33.0 and 3.33.1. Choose one of them, or add its row to components/facts/versions.ts.",
    ],
  },
  {
    name: "Calico whose operator overwrites FelixConfiguration",
    changes: { calico: { version: "3.33.0" } },
    lines: [
      "calico.version: Calico 3.33.0 is known to be bad: its operator v1.44.0 overwrites or removes settings of FelixConfiguration (tigera/operator#5367); 3.33.1 is the first release without it. Set version: 3.33.1.",
    ],
  },
  {
    name: "Calico whose Felix resets NodePort connections when it starts",
    changes: { calico: { version: "3.32.0" } },
    lines: [
      "calico.version: Calico 3.32.0 is known to be bad: whenever Felix starts on a node, all NodePort connections through it are reset (projectcalico/calico#12192); 3.32.1 is the first release without it. Set version: 3.32.1.",
    ],
  },
  {
    name: "Calico ahead of Kubernetes",
    changes: { cluster: { kubernetesVersion: "1.34" }, calico: { version: "3.33.1" } },
    lines: [
      'calico.version: Calico 3.33.1 is tested with Kubernetes 1.35 and 1.36; cluster.kubernetesVersion is "1.34". Bump both together: kubernetesVersion: "1.35" or "1.36", or version: 3.32.4.',
    ],
  },
  {
    name: "an AMI whose kernel an older Calico cannot use",
    changes: {
      cluster: { kubernetesVersion: "1.34" },
      nodePools: { default: { release: "1.34.1-20251029" } },
      calico: { version: "3.31.2" },
    },
    lines: [
      "nodePools.default.release: 1.34.1-20251029 has kernel 6.12.53, on which the connect-time load balancer's program calico_sendmsg_v46 does not load (projectcalico/calico#11379); calico.version is 3.31.2, and the fix came with 3.30.5, 3.31.3 and 3.32.0. Choose a Calico release with the fix, and upgrade Calico together with the AMI release.",
      "calico.version: Calico 3.31.2 is not a known release; the known releases are 3.32.0, 3.32.1, 3.32.2, 3.32.4, 3.33.0 and 3.33.1. Choose one of them, or add its row to components/facts/versions.ts.",
    ],
  },
];

const accepted: readonly { name: string; changes: SettingsChange; day?: Date }[] = [
  {
    name: "Kubernetes on the last day of standard support",
    changes: { cluster: { kubernetesVersion: "1.34" } },
    day: lastDay,
  },
  {
    name: "Kubernetes in extended support that is set",
    changes: { cluster: { kubernetesVersion: "1.34", support: "EXTENDED" } },
    day: dayAfter,
  },
  {
    name: "the newest of both",
    changes: { cluster: { kubernetesVersion: "1.36" }, calico: { version: "3.33.1" } },
  },
  { name: "a Calico that is bad only with another CNI", changes: { calico: { version: "3.32.1" } } },
  {
    name: "the same AMI with Calico that has the fix",
    changes: {
      cluster: { kubernetesVersion: "1.34" },
      nodePools: { default: { release: "1.34.1-20251029" } },
    },
  },
];

describe("versions", () => {
  it.each(refused)("are refused: $name", ({ changes, day = today, lines }) => {
    expect(settingsLines(changes, day)).toEqual(lines);
  });

  it.each(accepted)("are accepted: $name", ({ changes, day = today }) => {
    expect(settingsLines(changes, day)).toEqual([]);
  });
});
