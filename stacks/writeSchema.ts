import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { schemaFile, stackFileSchema } from "./stackFileSchema.ts";

writeFileSync(join(import.meta.dirname, schemaFile), stackFileSchema());
