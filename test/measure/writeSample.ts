import { join } from "node:path";
import { Progress } from "../rehearsal/progress.ts";
import { startLiving } from "../rehearsal/scenarios/realKubernetes/living.ts";
import { measuredOn, modesOf } from "../rehearsal/scenarios/realKubernetes/measured.ts";
import { fortioFile } from "../rehearsal/tools/fortio.ts";
import { writeFiles } from "./reports/files.ts";
import { terminalReport } from "./reports/terminal.ts";

const report = join(import.meta.dirname, "..", "..", "docs", "sample", "measure.md");
const say = (line: string) => void process.stdout.write(`${line}\n`);

const config = {
  "aws:region": "eu-west-1",
  "calico-ebpf-eks:cluster": { publicAccessCidrs: ["198.18.0.0/15"] },
  "calico-ebpf-eks:nodePools": { default: { size: { min: 3, desired: 3, max: 4 } } },
};

// Writes the sample report of docs/measure.md: a run on the simulated cluster, in both modes of eBPF.
await fortioFile(say);
const living = await startLiving({ config });
try {
  const problem = await living.up();
  if (problem !== "") throw new Error(problem);
  const { data } = await measuredOn(living, {
    args: ["--modes", "tunnel,dsr", "--client", "bastion", "--repeats", "4", "--services", "1,100,1000"],
    modes: modesOf(living, config),
    teller: new Progress(process.stdout),
  });
  say(terminalReport(data));
  const written = await writeFiles({ report, json: undefined }, data);
  say(`Written: ${written.length} files beside ${report}`);
} finally {
  await living.end();
}
