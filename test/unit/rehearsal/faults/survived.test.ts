import { describe, expect, it } from "vitest";
import type { Attempt } from "../../../rehearsal/faults/chronicle.ts";
import { survived } from "../../../rehearsal/faults/survived.ts";
import { faultSection } from "../../../rehearsal/reports/faultSection.ts";
import type { Fault, Interruption } from "../../../simulator/world/fault.ts";
import { urnOf } from "../timeline/resources.ts";

const vpc = urnOf("aws:ec2/vpc:Vpc", "dev-network");
const create: Fault = { target: "Vpc", operation: "create", kind: "error", when: "once" };
const read: Fault = { ...create, operation: "read" };
const kill: Interruption = { afterEvents: 200, signal: "SIGKILL" };

function attempt(command: string, said: Partial<Attempt> = {}): Attempt {
  return { command, outcome: "succeeded", injected: [], notes: [], isRemedy: false, ...said };
}

function failed(fault: Fault, command = "pulumi up"): Attempt {
  const injected = [{ fault, urn: vpc, operation: fault.operation, kind: fault.kind }];
  return attempt(command, { outcome: "failed", injected });
}

describe("What a rehearsal survived", () => {
  it("has each fault with what it hit, and the commands that it also required", () => {
    const attempts = [
      failed(create),
      attempt("pulumi up"),
      failed(read, "pulumi refresh"),
      attempt("pulumi refresh"),
    ];

    expect(survived({ faults: [create, read] }, attempts, "dev").survived).toEqual([
      {
        fault: "Vpc:create:error:once",
        times: 1,
        on: ["Vpc network"],
        took: [{ command: "pulumi up", times: 1 }],
      },
      {
        fault: "Vpc:read:error:once",
        times: 1,
        on: ["Vpc network"],
        took: [{ command: "pulumi refresh", times: 1 }],
      },
    ]);
  });

  it("counts what a failed creation left to repair", () => {
    const replace = attempt("pulumi up --replace", { isRemedy: true });
    const [first] = survived(
      { faults: [create] },
      [failed(create), attempt("pulumi up"), replace],
      "dev",
    ).survived;

    expect(first?.took).toEqual([
      { command: "pulumi up", times: 1 },
      { command: "pulumi up --replace", times: 1 },
    ]);
  });

  it("has a kill with what was in flight, and the commands until up went on", () => {
    const attempts = [
      attempt("pulumi up", { outcome: "interrupted", interruption: "SIGKILL after 200 events" }),
      attempt("pulumi cancel"),
      attempt("pulumi stack import", {
        notes: ["in flight: creating Vpc network: vpc-1 put into the state"],
      }),
      attempt("pulumi refresh"),
      attempt("pulumi up"),
      attempt("pulumi destroy"),
    ];

    expect(survived({ faults: [], interruption: kill }, attempts, "dev").survived).toEqual([
      {
        fault: "SIGKILL after 200 events",
        times: 1,
        on: ["in flight: creating Vpc network: vpc-1 put into the state"],
        took: ["pulumi cancel", "pulumi stack import", "pulumi refresh", "pulumi up"].map((command) => ({
          command,
          times: 1,
        })),
      },
    ]);
  });

  it("says of what never occurred that it did not", () => {
    const attempts = [attempt("pulumi up")];
    const { survived: all } = survived({ faults: [create], interruption: kill }, attempts, "dev");

    expect(all.map(({ times, took }) => [times, took])).toEqual([
      [0, []],
      [0, []],
    ]);
  });

  it("is a table of a report, and every command stands below it", () => {
    const data = survived({ faults: [create] }, [failed(create), attempt("pulumi up")], "dev");
    const lines = faultSection(data, true);

    expect(lines[0]).toBe("## Faults survived");
    expect(lines).toContain("| Vpc:create:error:once | once | Vpc network | 1 × pulumi up |");
    expect(lines).toContain("| pulumi up | failed | create of Vpc network: error |");
    expect(faultSection(data, false)[0]).toBe("## Faults");
  });
});
