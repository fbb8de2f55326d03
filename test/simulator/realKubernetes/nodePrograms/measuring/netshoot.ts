import type { Client } from "../../dataPath/connect.ts";
import type { Outcome } from "../../kubelets/programs.ts";
import { agnhost } from "../agnhost.ts";
import { clientIn } from "../dns.ts";
import type { ProgramCall, SimulatedImage } from "../images.ts";
import type { SimulatedNodes } from "../simulatedNodes.ts";
import { onLoopback } from "./loopback.ts";

/** What stands for the image netshoot: the real iperf3 on the loopback interface, where the model lets it through. */
export const netshoot: SimulatedImage = {
  programs: {
    iperf3: (call: ProgramCall) => iperf3(call.nodes, clientIn(call), call.args),
    // The largest packet of a pod's interface.
    cat: (call) => agnhost.programs["cat"]?.(call) ?? { exitCode: 1 },
  },
  logs: () => ["Server listening on 5201 (test #1)"],
};

/** `iperf3 --client HOST --port PORT …` of any client. */
export async function iperf3(
  nodes: SimulatedNodes,
  client: Client,
  args: readonly string[],
): Promise<Outcome> {
  const option = (name: string) => args[args.indexOf(name) + 1] ?? "";
  const protocol = args.includes("--udp") ? "udp" : "tcp";
  const asked = { ip: option("--client"), port: Number(option("--port")), protocol } as const;
  // iperf3 talks over TCP of the same port, whatever it then sends.
  const connected = nodes.connect(client, { ...asked, protocol: "tcp" });
  if (!connected.ok || nodes.podAt(connected.to.ip, connected.to.port) === undefined) {
    const why = !connected.ok && connected.why === "timeout" ? "Connection timed out" : "Connection refused";
    const report = { start: {}, intervals: [], end: {}, error: `unable to connect to server: ${why}` };
    return { stdout: JSON.stringify(report), exitCode: 1 };
  }
  return onLoopback({
    file: "iperf3",
    // It ends after one run; the first connection only sees whether it listens.
    server: (port) => ["--server", "--bind", "127.0.0.1", "--port", String(port)],
    client: (port) => replaced(args, { "--client": "127.0.0.1", "--port": String(port) }),
  });
}

function replaced(args: readonly string[], values: Readonly<Record<string, string>>): string[] {
  return args.map((word, at) => values[args[at - 1] ?? ""] ?? word);
}
