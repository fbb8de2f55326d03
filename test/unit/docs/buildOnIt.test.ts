import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { pageOf } from "./pages.ts";

const program = await readFile(join(import.meta.dirname, "buildOnIt.ts"), "utf8");
const { text: page } = pageOf("docs/build-on-it.md");

it("docs/build-on-it.md shows the program whose types `npm run check` checks", () => {
  const [, shown] = /```ts\n([\s\S]*?)```/.exec(page) ?? [];

  expect(shown).toBe(program);
});

it("docs/build-on-it.md reads outputs that docs/outputs.md lists", () => {
  const read = [...program.matchAll(/requireOutput\("(\w+)"\)/g)].map(([, name]) => name);
  const listed = [...pageOf("docs/outputs.md").text.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);

  expect(read).toEqual(["vpcId", "controlPlaneSubnetIds", "nodeSecurityGroupId", "kubeconfig"]);
  expect(read.filter((name) => !listed.includes(name))).toEqual([]);
});
