import { describe, expect, it } from "vitest";
import { floorProblems, knownBadKernel } from "../../../../components/checks/nodeKernels.ts";
import { problemLine } from "../../../../components/values/problem.ts";
import {
  type Distribution,
  kernelVersion,
  parseKernel,
  supportsEbpf,
} from "../../../../components/values/versions.ts";

interface Case {
  readonly text: string;
  readonly version: string;
  readonly distribution: Distribution;
  readonly build?: number;
  /** At or above the floor. */
  readonly today: boolean;
}

/** What `uname -rv` or `uname -r` prints, and what it means. */
const corpus: readonly Case[] = [
  {
    text: "5.4.0-42-generic #46-Ubuntu SMP Fri Jul 10 00:24:02 UTC 2020",
    version: "5.4.0",
    distribution: "Ubuntu",
    build: 42,
    today: false,
  },
  {
    text: "5.3.0-1032-aws #34~18.04.2-Ubuntu SMP Fri Jul 24 10:06:28 UTC 2020",
    version: "5.3.0",
    distribution: "Ubuntu",
    build: 1032,
    today: false,
  },
  {
    text: "4.15.0-112-generic #113-Ubuntu SMP Thu Jul 9 23:41:39 UTC 2020",
    version: "4.15.0",
    distribution: "Ubuntu",
    build: 112,
    today: false,
  },
  {
    text: "4.18.0-305-generic",
    version: "4.18.0",
    distribution: "Ubuntu",
    build: 305,
    today: false,
  },
  {
    text: "6.8.0-1029-aws",
    version: "6.8.0",
    distribution: "Ubuntu",
    build: 1029,
    today: true,
  },
  {
    text: "6.8.0-31-generic",
    version: "6.8.0",
    distribution: "Ubuntu",
    build: 31,
    today: true,
  },
  {
    text: "4.18.0-193.el8.x86_64 #1 SMP Fri Mar 27 14:35:58 UTC 2020",
    version: "4.18.0",
    distribution: "RHEL",
    build: 193,
    today: false,
  },
  {
    text: "4.18.0-192.el8.x86_64",
    version: "4.18.0",
    distribution: "RHEL",
    build: 192,
    today: false,
  },
  {
    text: "4.18.0-304.el8.x86_64",
    version: "4.18.0",
    distribution: "RHEL",
    build: 304,
    today: false,
  },
  {
    text: "4.18.0-305.el8.x86_64 #1 SMP Thu Apr 29 08:54:30 EDT 2021",
    version: "4.18.0",
    distribution: "RHEL",
    build: 305,
    today: true,
  },
  {
    text: "4.18.0-553.22.1.el8_10.x86_64",
    version: "4.18.0",
    distribution: "RHEL",
    build: 553,
    today: true,
  },
  {
    text: "3.10.0-1160.el7.x86_64 #1 SMP Mon Oct 19 16:18:59 UTC 2020",
    version: "3.10.0",
    distribution: "RHEL",
    build: 1160,
    today: false,
  },
  {
    text: "5.14.0-70.13.1.el9_0.x86_64 #1 SMP PREEMPT Thu Apr 14 12:42:38 EDT 2022",
    version: "5.14.0",
    distribution: "RHEL",
    build: 70,
    today: true,
  },
  {
    text: "4.18.0-80.11.2.el8_0.x86_64",
    version: "4.18.0",
    distribution: "RHEL",
    build: 80,
    today: false,
  },
  {
    text: "5.4.17-2136.312.3.4.el8uek.x86_64",
    version: "5.4.17",
    distribution: "other",
    today: false,
  },
  {
    text: "6.12.94-123.180.amzn2023.x86_64 #1 SMP PREEMPT_DYNAMIC Fri Jul 10 2026",
    version: "6.12.94",
    distribution: "Amazon Linux 2023",
    build: 123,
    today: true,
  },
  {
    text: "6.18.36-69.138.amzn2023.aarch64",
    version: "6.18.36",
    distribution: "Amazon Linux 2023",
    build: 69,
    today: true,
  },
  {
    text: "6.12.46-66.121.amzn2023",
    version: "6.12.46",
    distribution: "Amazon Linux 2023",
    build: 66,
    today: true,
  },
  {
    text: "5.10.230-223.885.amzn2.x86_64 #1 SMP Tue Dec 3 14:36:00 UTC 2024",
    version: "5.10.230",
    distribution: "Amazon Linux 2",
    build: 223,
    today: true,
  },
  {
    text: "4.14.181-142.260.amzn2.x86_64",
    version: "4.14.181",
    distribution: "Amazon Linux 2",
    build: 142,
    today: false,
  },
  { text: "6.12.55", version: "6.12.55", distribution: "Bottlerocket", today: true },
  {
    text: "6.1.72 #1 SMP Fri Jan 26 2024\n",
    version: "6.1.72",
    distribution: "Bottlerocket",
    today: true,
  },
  { text: "5.4.117", version: "5.4.117", distribution: "Bottlerocket", today: false },
  {
    text: "5.10.0-28-amd64 #1 SMP Debian 5.10.209-2 (2024-01-31)",
    version: "5.10.209",
    distribution: "Debian",
    build: 2,
    today: true,
  },
  {
    text: "6.1.0-18-cloud-arm64 #1 SMP Debian 6.1.76-1 (2024-02-01)",
    version: "6.1.76",
    distribution: "Debian",
    build: 1,
    today: true,
  },
  {
    text: "4.19.0-6-amd64 #1 SMP Debian 4.19.67-2+deb10u2 (2019-11-11)",
    version: "4.19.67",
    distribution: "Debian",
    build: 2,
    today: false,
  },
  {
    text: "5.10.0-28-amd64",
    version: "5.10.0",
    distribution: "Debian",
    build: 28,
    today: true,
  },
  {
    text: "6.12.38+deb13-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.12.38-1 (2025-07-16)",
    version: "6.12.38",
    distribution: "Debian",
    build: 1,
    today: true,
  },
  { text: "6.6.32-talos", version: "6.6.32", distribution: "other", today: true },
  { text: "5.9.16-flatcar", version: "5.9.16", distribution: "other", today: false },
  { text: "5.2.20-custom", version: "5.2.20", distribution: "other", today: false },
];

describe("parseKernel", () => {
  it.each(corpus)("reads $text", ({ text, version, distribution, build }) => {
    const kernel = parseKernel(text);

    expect(kernel && kernelVersion(kernel)).toBe(version);
    expect(kernel?.distribution).toBe(distribution);
    expect(kernel?.build).toBe(build);
  });

  it.each(["", "Linux", "generic", "6.12", "v6.12.55", "Darwin Kernel Version 23.5.0"])(
    "does not read %j",
    (text) => {
      expect(parseKernel(text)).toBeUndefined();
    },
  );
});

describe("supportsEbpf", () => {
  it.each(corpus)("judges $text by the floor", ({ text, today }) => {
    const kernel = parseKernel(text);

    expect(kernel && supportsEbpf(kernel, "5.10")).toBe(today);
  });

  it("reports a kernel below the floor with what has it", () => {
    const problems = floorProblems("nodePools.old.family", "AL2 with Kubernetes 1.23", "5.4", "5.10");

    expect(problems.map(problemLine)).toEqual([
      "nodePools.old.family: AL2 with Kubernetes 1.23 has kernel 5.4; the BPF dataplane needs 5.10 or newer. Choose a newer Kubernetes version or another family, or calico.dataplane: Iptables.",
    ]);
    expect(floorProblems("nodePools.old.family", "AL2 with Kubernetes 1.32", "5.10", "5.10")).toEqual([]);
  });

  it("takes what it cannot read for a kernel below the floor", () => {
    expect(floorProblems("p", "it", "unreadable", "5.10")).toHaveLength(1);
  });
});

describe("knownBadKernel", () => {
  it.each([
    ["6.12.46", "3.30.4", undefined],
    ["6.12.53", "3.30.4", "projectcalico/calico#11379"],
    ["6.12.53", "3.30.5", undefined],
    ["6.12.53", "3.31.2", "projectcalico/calico#11379"],
    ["6.12.53", "3.31.3", undefined],
    ["6.12.53", "3.32.0", undefined],
    ["6.17.1", "3.31.0", undefined],
    ["6.17.5", "3.31.0", "projectcalico/calico#11379"],
    ["6.18.36", "3.31.0", "projectcalico/calico#11379"],
    ["6.1.72", "3.26.4", "bottlerocket-os/bottlerocket#3632"],
    ["6.1.72", "3.27.0", undefined],
    ["5.15.145", "3.26.4", undefined],
  ] as const)("says of kernel %s under Calico %s: %s", (text, calico, issue) => {
    const kernel = parseKernel(text);

    expect(kernel && knownBadKernel(kernel, calico)?.issue).toBe(issue);
  });
});
