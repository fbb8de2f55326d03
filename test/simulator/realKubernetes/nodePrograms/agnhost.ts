import { at, type KubernetesObject } from "../../kubernetes/object.ts";
import { sendWhole } from "../dataPath/largestPacket.ts";
import { podMtu } from "../dataPath/network.ts";
import type { Outcome } from "../kubelets/programs.ts";
import { curl } from "./curl.ts";
import { resolved } from "./dns.ts";
import type { ProgramCall, ServerCall, SimulatedImage } from "./images.ts";

/** Bytes of the headers of an ICMP echo request. */
const echoHeaders = 28;

/** What stands for the image agnhost, with which Kubernetes tests its own networking. */
export const agnhost: SimulatedImage = {
  programs: {
    curl,
    ping,
    nslookup,
    cat: ({ args, node, nodes }) =>
      args.join() === "/sys/class/net/eth0/mtu"
        ? { stdout: `${podMtu(nodes.network(), node)}\n` }
        : { exitCode: 1, stderr: "cat: No such file or directory\n" },
    ip: ({ args, node }) => ({
      stdout: `${args.at(-1)} via 169.254.1.1 dev eth0 src ${node.ip}\n    cache\n`,
    }),
  },
  logs: () => ["Started HTTP server on port 8080"],
  serves: netexec,
};

/** Its server `netexec`, which says what it sees. */
function netexec({ pod, port, path, seenAs }: ServerCall): string | undefined {
  const args = (at(pod, "spec.containers.0.args") ?? []) as readonly string[];
  if (args[0] !== "netexec") return undefined;
  const option = args.find((one) => one.startsWith("--http-port="))?.split("=")[1];
  if (port !== Number(option ?? 8080)) return undefined;
  const { pathname, searchParams } = new URL(path, "http://pod");
  switch (pathname.toLowerCase()) {
    case "/clientip":
      return seenAs;
    case "/hostname":
      return hostname(pod);
    case "/echo":
      return searchParams.get("msg") ?? "";
    default:
      return "NOW";
  }
}

function hostname(pod: KubernetesObject): string {
  return at(pod, "spec.hostNetwork") === true ? String(at(pod, "spec.nodeName")) : pod.metadata.name;
}

/** `ping -c COUNT -s BYTES … ADDRESS` */
function ping({ args, pod, node, nodes }: ProgramCall): Outcome {
  const option = (name: string) => Number(args[args.indexOf(name) + 1]);
  const count = args.includes("-c") ? option("-c") : 1;
  const bytes = args.includes("-s") ? option("-s") : 56;
  const ip = args.at(-1) ?? "";
  const network = nodes.network();
  const target = network.podNode(ip);
  const from = { ip: String(at(pod, "status.podIP")), node: node.name };
  const sent =
    target === undefined ? "is lost" : sendWhole(network, from, { ip, node: target }, bytes + echoHeaders);
  const head = `PING ${ip} (${ip}): ${bytes} data bytes\n`;
  if (sent === "is too long for the interface") {
    return { stdout: head, stderr: "ping: sendto: Message too large\n", exitCode: 1 };
  }
  const received = sent === "arrives" ? count : 0;
  const loss = received === count ? 0 : 100;
  return {
    stdout: `${head}\n--- ${ip} ping statistics ---\n${count} packets transmitted, ${received} packets received, ${loss}% packet loss\n`,
    exitCode: received > 0 ? 0 : 1,
  };
}

/** `nslookup NAME` */
function nslookup(call: ProgramCall): Outcome {
  const name = call.args.at(-1) ?? "";
  const found = resolved(call, name);
  if ("ip" in found) {
    const server = `Server:\t\t${found.server}\nAddress:\t${found.server}#53\n`;
    return { stdout: `${server}\nName:\t${name}\nAddress: ${found.ip}\n` };
  }
  return found.why === "timeout"
    ? { stdout: ";; connection timed out; no servers could be reached\n", exitCode: 1 }
    : { stdout: `** server can't find ${name}: NXDOMAIN\n`, exitCode: 1 };
}
