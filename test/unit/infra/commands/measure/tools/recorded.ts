import { readFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(import.meta.dirname, "recorded");

/** What a real tool printed on the loopback interface: iperf3 3.12 of Debian 12, fortio 1.66.5. */
export function recorded(file: string): string {
  return readFileSync(join(folder, file), "utf8");
}
