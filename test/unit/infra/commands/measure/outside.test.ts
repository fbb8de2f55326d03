import { describe, expect, it } from "vitest";
import { refuseNode, sshOutside } from "../../../../../infra/commands/measure/outside.ts";
import { program } from "./program.ts";

/** A fake ssh: runs its last argument in a shell on this machine. */
const here =
  'for last in "$@"; do :; done; iperf3() { :; }; curl() { :; }; hostname() { echo "10.40.0.9 172.17.0.1"; }; eval "$last"';

describe("a client outside", () => {
  it("has the host's own addresses", async () => {
    const { name, addresses } = await sshOutside("bastion", program(here));

    expect(name).toBe("bastion");
    expect(addresses).toEqual(["10.40.0.9", "172.17.0.1"]);
  });

  it("runs a command word by word, whatever is in the words", async () => {
    const outside = await sshOutside("bastion", program(here));

    expect(await outside.run(["printf", "%s|", "a b", "it's", "$HOME"], 10)).toBe("a b|it's|$HOME|");
  });

  it("runs ssh without prompts and with a limited time", async () => {
    const outside = await sshOutside(
      "bastion",
      program(`case "$*" in *"command -v"*) echo; echo 1.2.3.4;; *) echo "$@";; esac`),
    );

    expect(await outside.run(["true"], 10)).toBe("-o BatchMode=yes -o ConnectTimeout=10 -- bastion true\n");
  });

  it("is refused in one line when it lacks a tool", async () => {
    const lacking = program('echo "iperf3 curl "; echo 10.40.0.9');

    await expect(sshOutside("bastion", lacking)).rejects.toThrow(
      /^--client: bastion has no iperf3, no curl on its PATH\. Install it there\.$/,
    );
  });

  it("is refused in one line when it cannot be reached", async () => {
    const lost = program("echo 'ssh: connect to host bastion port 22: Connection timed out' >&2; exit 255");

    await expect(sshOutside("bastion", lost)).rejects.toThrow(
      "--client: ssh bastion ended with code 255: ssh: connect to host bastion port 22: Connection timed out.",
    );
  });

  it("tells of a tool that could not be run by ssh's own words", async () => {
    const outside = await sshOutside(
      "bastion",
      program(`case "$*" in *"command -v"*) echo; echo 1.2.3.4;; *) echo gone >&2; exit 255;; esac`),
    );

    expect(await outside.run(["curl"], 10)).toBe("ssh bastion ended with code 255: gone");
  });
});

describe("a node of the cluster", () => {
  const nodes = [{ name: "ip-10-40-0-4", internalIp: "10.40.0.4" }];

  it.each(["10.40.0.4", "ec2-user@10.40.0.4", "ip-10-40-0-4"])("is not a client outside: %s", (host) => {
    expect(() => refuseNode(host, nodes)).toThrow("is a node of this cluster");
  });

  it("is not what has a similar address", () => {
    expect(() => refuseNode("10.40.0.40", nodes)).not.toThrow();
  });
});
