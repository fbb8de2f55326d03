import { execFile } from "node:child_process";
import { afterEach, expect, it } from "vitest";
import { podCredentials } from "../../../../../infra/commands/verify/checks/credentials.ts";
import { judge } from "../../../../../infra/commands/verify/suite.ts";
import { type FakeApi, listOf, liveAt, startFakeApi } from "./fakeApi.ts";

const agentPath = "/apis/apps/v1/namespaces/kube-system/daemonsets/eks-pod-identity-agent";
const node = (name: string) => ({
  metadata: { name },
  status: {
    nodeInfo: { kernelVersion: "6.18.44", operatingSystem: "linux" },
    conditions: [{ type: "Ready", status: "True" }],
  },
});

let api: FakeApi | undefined;

afterEach(async () => {
  await api?.stop();
  api = undefined;
});

/** What `curl` does in a pod of each node, as a body of a shell function; the check's own script calls it. */
async function judged(curl: Readonly<Record<string, string>>, hasAgent = true) {
  api = await startFakeApi({
    "/api/v1/nodes": listOf(...Object.keys(curl).map(node)),
    "/api/v1/namespaces": listOf(),
    ...(hasAgent ? { [agentPath]: { metadata: { name: "eks-pod-identity-agent" } } } : {}),
  });
  const live = liveAt(api.url);
  const pods: { name: string; node: string }[] = [];
  const { list } = live.cluster;
  const fakes: Readonly<Record<string, unknown>> = {
    create: async (path: string, object: { metadata: { name: string } }) => {
      if (path.endsWith("/pods")) {
        pods.push({ name: object.metadata.name, node: Object.keys(curl)[pods.length] ?? "" });
      }
    },
    list: async (path: string, read: (object: unknown) => unknown) =>
      path.endsWith("/pods")
        ? pods.map(({ name, node: nodeName }) =>
            read({
              metadata: { name },
              spec: { nodeName },
              status: { podIP: "10.0.0.1", conditions: [{ type: "Ready", status: "True" }] },
            }),
          )
        : list.call(live.cluster, path, read),
    exec: ({ pod, command }: { pod: string; command: readonly string[] }) => {
      const body = curl[pods.find(({ name }) => name === pod)?.node ?? ""];
      return shell(`sleep() { :; }; curl() { ${body} }; ${command.at(-1)}`);
    },
  };
  for (const [name, value] of Object.entries(fakes)) Object.defineProperty(live.cluster, name, { value });
  return judge(podCredentials, live);
}

function shell(script: string): Promise<{ stdout: string; stderr: string; exitCode: number }> {
  return new Promise((done) => {
    execFile("sh", ["-c", script], (error, stdout, stderr) => {
      done({ stdout, stderr, exitCode: error === null ? 0 : Number(error.code) });
    });
  });
}

const answers = "printf 400;";
const isSilent = 'echo "curl: (28) Connection timed out after 5002 milliseconds" >&2; return 28;';

it("passes where the agent of every node answers, whatever it says to a pod without a role", async () => {
  const { verdict, findings } = await judged({ one: answers, two: answers });

  expect(verdict).toBe("passed");
  expect(findings.map((one) => [one.node, one.evidence])).toEqual([
    ["one", "169.254.170.23 answered with HTTP 400"],
    ["two", "169.254.170.23 answered with HTTP 400"],
  ]);
});

it("fails for the node whose pods get no answer, and for no other", async () => {
  const { verdict, findings } = await judged({ one: answers, two: isSilent });

  expect(verdict).toBe("failed");
  expect(findings.filter((one) => one.verdict === "failed")).toEqual([
    {
      node: "two",
      verdict: "failed",
      evidence: "169.254.170.23: curl: (28) Connection timed out after 5002 milliseconds",
    },
  ]);
});

it("does not apply without the agent, and starts no pod", async () => {
  const { verdict } = await judged({ one: isSilent }, false);

  expect(verdict).toBe("not applicable");
  expect(api?.requests.some((request) => request.includes("pods"))).toBe(false);
});
