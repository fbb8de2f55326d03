import { readSettings } from "../../components/rules/settings/read.ts";
import { type Figure, median, milliseconds } from "./measure.ts";

/** Time to read and check the settings of a stack with 50 pools, imports not counted. */
export async function settingsFigure(): Promise<Figure> {
  const pools = Array.from({ length: 50 }, (_, index) => [
    `pool-${index}`,
    {
      instanceTypes: ["m7i.large", "m7i.xlarge"],
      labels: { pool: String(index) },
      size: { min: 1, desired: 2, max: 4 },
    },
  ]);
  const config = {
    "aws:region": "eu-west-1",
    "calico-ebpf-eks:cluster": JSON.stringify({ publicAccessCidrs: ["198.18.0.0/15"] }),
    "calico-ebpf-eks:nodePools": JSON.stringify(Object.fromEntries(pools)),
  };
  const today = new Date();
  const read = () => {
    const { problems } = readSettings({ config, project: "calico-ebpf-eks", stack: "dev", today });
    if (problems.length > 0)
      throw new Error(`the benchmark's own settings are refused: ${problems[0]?.path}`);
  };
  const first = await milliseconds(read);
  const later: number[] = [];
  for (let round = 0; round < 20; round += 1) later.push(await milliseconds(read));
  return {
    name: "settings and rules of 50 pools",
    found: first,
    limit: 50,
    unit: " ms",
    detail: `the first time, as in a run; ${median(later).toFixed(1)} ms once the code is warm`,
  };
}
