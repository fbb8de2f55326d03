import type { Live, Outcome } from "../../verify/check.ts";
import { checks } from "../../verify/checks/index.ts";
import { judge } from "../../verify/judge.ts";
import { calicoVersion, installation } from "../../verify/reading/calico.ts";
import { outcomeLines } from "../../verify/reports/lines.ts";
import type { Collection } from "../collection.ts";

/** Runs every check that only looks, and collects what they come to. */
export async function collectChecks(live: Live, collection: Collection): Promise<Outcome[]> {
  const looking = checks.filter(({ needs }) => !needs.includes("workloads"));
  const width = Math.max(...looking.map(({ name }) => name.length));
  const outcomes = await Promise.all(
    looking.map(async (check) => ({ check, outcome: await judge(check, live) })),
  );
  const lines = outcomes.flatMap(({ check, outcome }) => outcomeLines(outcome, check, width));
  collection.addText("checks.txt", `${lines.join("\n")}\n`);
  const found = outcomes.map(({ outcome }) => outcome);
  collection.addObject("checks.json", found);
  return found;
}

/** Collects the versions of everything that has one. */
export async function collectVersions(live: Live, collection: Collection): Promise<void> {
  await collection.attempt("versions", async () => {
    const [kubernetes, calico, operators] = await Promise.all([
      live.cluster.get("/version"),
      calicoVersion(live),
      installation(live),
    ]);
    const { conditions, ...status } = { ...operators?.status };
    collection.addObject("versions.json", {
      kubernetes,
      calico,
      installation: { status, conditions },
      stack: live.target.expected,
      node: process.version,
    });
  });
}
