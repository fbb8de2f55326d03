import { spawn } from "node:child_process";
import { dirname } from "node:path";
import { text } from "node:stream/consumers";
import { blocksOf, pageOf } from "../../unit/docs/pages.ts";

/** Commands of kubectl that a page shows, in its order. */
export function kubectlCommands(page: string): string[] {
  return blocksOf(pageOf(page))
    .filter(({ info }) => info === "sh")
    .flatMap(({ code }) => code.split("\n"))
    .filter((line) => line.startsWith("kubectl "));
}

/** Manifests that a page shows, as kubectl reads them. */
export function shownManifests(page: string): string {
  const manifests = blocksOf(pageOf(page)).filter(
    ({ info, code }) => info === "yaml" && code.startsWith("apiVersion:"),
  );
  return manifests.map(({ code }) => code).join("---\n");
}

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a line of a page in a shell, as a reader would. What answers may be in this process. */
export async function runShown(
  line: string,
  { kubectl, kubeconfig, input = "" }: { kubectl: string; kubeconfig: string; input?: string },
): Promise<Ran> {
  const child = spawn("sh", ["-c", line], {
    env: { PATH: `${dirname(kubectl)}:/usr/bin:/bin`, HOME: dirname(kubeconfig), KUBECONFIG: kubeconfig },
    timeout: 30_000,
  });
  child.stdin.end(input);
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.once("close", resolve)),
  ]);
  return { code, stdout, stderr };
}
