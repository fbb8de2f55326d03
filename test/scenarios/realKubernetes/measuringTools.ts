import { existsSync } from "node:fs";
import { presentFortio } from "../../toolchain/fortio.ts";
import { onRealParts, parts } from "./parts.ts";

/** Where Debian and Ubuntu put iperf3. */
const iperf3 = "/usr/bin/iperf3";

const missing = [
  ...(existsSync(iperf3) ? [] : ["apt-get install iperf3"]),
  ...((await presentFortio()) === undefined ? ["Go, with which fortio is built"] : []),
];

/** Whether a cluster can be measured on this machine: its control plane and the real tools are here. */
export const canMeasure = parts !== undefined && missing.length === 0;

/** Begins the names of the tests, so that a skipped one says why. */
export const onRealTools =
  missing.length === 0 ? onRealParts : `${onRealParts} (skipped without: ${missing.join("; ")})`;
