import type { Outcome } from "../kubelets/programs.ts";
import { clientIn, resolved } from "./dns.ts";
import type { ProgramCall } from "./images.ts";

/** Options of curl that take a value. */
const valued = ["-m", "--max-time", "--connect-timeout", "-o", "-w", "-H", "-X", "--data-binary"];

/** `curl … URL`, with `-o /dev/null` and `-w '%{http_code}'` understood. */
export function curl(call: ProgramCall): Outcome {
  const { options, url } = parsed(call.args);
  const { hostname, port: givenPort, protocol, pathname, search } = new URL(url);
  const port = Number(givenPort || (protocol === "https:" ? 443 : 80));
  const found = resolved(call, hostname);
  if (!("ip" in found)) return failed(6, `Could not resolve host: ${hostname}`);
  const client = clientIn(call);
  const connected = call.nodes.connect(client, { ip: found.ip, port, protocol: "tcp" });
  const { nodes } = call;
  const isOutside = connected.ok && nodes.network().podNode(connected.to.ip) === undefined;
  const body = connected.ok ? nodes.served(connected, client, `${pathname}${search}`) : undefined;
  if (connected.ok && body === undefined && isOutside) {
    // Nothing of the cluster: the internet, where there is a way to it.
    return nodes.surroundings.hasInternet(call.node.subnetId) && call.node.faults.hasNoWayOut !== true
      ? answered("", options)
      : timedOut(options);
  }
  if (connected.ok && body !== undefined) return answered(body, options);
  return connected.ok || connected.why === "refused"
    ? failed(7, `Failed to connect to ${hostname} port ${port} after 0 ms: Could not connect to server`)
    : timedOut(options);
}

type Options = ReadonlyMap<string, string>;

function parsed(args: readonly string[]): { options: Options; url: string } {
  const options = new Map<string, string>();
  let url = "";
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? "";
    if (valued.includes(word)) options.set(word, args[++at] ?? "");
    else if (word.startsWith("-")) options.set(word, "");
    else url = word.includes("://") ? word : `http://${word}`;
  }
  return { options, url };
}

function answered(body: string, options: Options): Outcome {
  const text = options.get("-o") === "/dev/null" ? "" : body;
  return {
    stdout: `${text}${(options.get("-w") ?? "").replace("%{http_code}", "200").replaceAll("\\n", "\n")}`,
  };
}

function timedOut(options: Options): Outcome {
  const seconds = Number(
    options.get("-m") ?? options.get("--max-time") ?? options.get("--connect-timeout") ?? 300,
  );
  return failed(28, `Connection timed out after ${seconds * 1000 + 1} milliseconds`);
}

function failed(exitCode: number, message: string): Outcome {
  return { exitCode, stderr: `curl: (${exitCode}) ${message}\n` };
}
