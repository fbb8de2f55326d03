import { fortioFile } from "../../../../toolchain/fortio.ts";
import type { Client } from "../../dataPath/connect.ts";
import type { Outcome } from "../../kubelets/programs.ts";
import { clientIn } from "../dns.ts";
import type { SimulatedImage } from "../images.ts";
import type { SimulatedNodes } from "../simulatedNodes.ts";
import { onLoopback } from "./loopback.ts";

/** What stands for the image of fortio: the real one on the loopback interface, where the model lets it through. */
export const fortio: SimulatedImage = {
  programs: { fortio: (call) => fortioRun(call.nodes, clientIn(call), call.args) },
  logs: () => ["Fortio server listening"],
};

/** `fortio load|curl … URL` of any client. */
export async function fortioRun(
  nodes: SimulatedNodes,
  client: Client,
  args: readonly string[],
): Promise<Outcome> {
  const url = new URL(args.at(-1) ?? "");
  const connected = nodes.connect(client, { ip: url.hostname, port: Number(url.port), protocol: "tcp" });
  const isServed = connected.ok && nodes.podAt(connected.to.ip, connected.to.port) !== undefined;
  const file = await fortioFile(() => {});
  const off = ["-grpc-port", "-redirect-port", "-tcp-port", "-udp-port"].flatMap((name) => [
    name,
    "disabled",
  ]);
  const outcome = await onLoopback({
    file,
    server: (port) => ["server", "-http-port", `127.0.0.1:${port}`, ...off, "-ui-path", ""],
    // What nothing answers is asked of a port that nothing listens on.
    client: (port) => [...args.slice(0, -1), `http://127.0.0.1:${isServed ? port : 9}${url.pathname}`],
  });
  const seen = connected.ok ? `${connected.seenAs}:${client.port}` : "";
  return { ...outcome, stdout: outcome.stdout?.replace(/request from \S+/, `request from ${seen}`) ?? "" };
}
