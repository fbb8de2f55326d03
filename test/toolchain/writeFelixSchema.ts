import { writeFileSync } from "node:fs";
import { felixSchemaOfCrd } from "./felixSchema.ts";

/** `node test/toolchain/writeFelixSchema.ts`, then `npm run format`: after another operator is pinned in test/toolchain/calico. */
writeFileSync("components/facts/felixSchema.json", `${JSON.stringify(await felixSchemaOfCrd(), null, 2)}\n`);
