import { readSettings } from "../../components/checks/checks.ts";
import { type Figure, fastest, milliseconds } from "./measure.ts";

const [fewPools, manyPools] = [25, 50];

/** Readings of each; alternating, and the fastest counts. */
const rounds = 20;

/** How the time to read and check the settings of a stack grows with its node pools, imports not counted. */
export async function settingsFigures(): Promise<Figure[]> {
  const first = await milliseconds(reading(manyPools));
  const few: number[] = [];
  const many: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    few.push(await milliseconds(reading(fewPools)));
    many.push(await milliseconds(reading(manyPools)));
  }
  const warm = `${fastest(few).toFixed(1)} ms and ${fastest(many).toFixed(1)} ms once the code is warm`;
  return [
    {
      name: `settings and rules of ${manyPools} pools`,
      found: first,
      unit: " ms",
      detail: "the first time, as in a run",
    },
    {
      name: `settings and rules of ${manyPools} pools ÷ of ${fewPools} pools`,
      found: fastest(many) / fastest(few),
      limit: 3,
      unit: "",
      detail: `${warm}; 2 when each pool takes the same time, 4 when each is compared with every other`,
    },
  ];
}

function reading(count: number): () => void {
  const pools = Array.from({ length: count }, (_, index) => [
    `pool-${index}`,
    {
      instanceTypes: ["m7i.large", "m7i.xlarge"],
      labels: { pool: String(index) },
      size: { min: 1, desired: 2, max: 4 },
    },
  ]);
  const config = {
    "aws:region": "eu-west-1",
    "calico-ebpf-eks:account": JSON.stringify({ quotas: { nodeGroupsPerCluster: manyPools } }),
    "calico-ebpf-eks:cluster": JSON.stringify({ publicAccessCidrs: ["198.18.0.0/15"] }),
    "calico-ebpf-eks:nodePools": JSON.stringify(Object.fromEntries(pools)),
  };
  const today = new Date();
  return () => {
    const { problems } = readSettings({ config, project: "calico-ebpf-eks", stack: "dev", today });
    if (problems.length > 0)
      throw new Error(`the benchmark's own settings are refused: ${problems[0]?.path}`);
  };
}
