import { join } from "node:path";
import { pulumiCli } from "../rehearsal/cli/pulumiCli.ts";
import { existingFigures } from "./existing.ts";
import { figureLine } from "./measure.ts";
import { previewFigures } from "./preview.ts";
import { realFigures } from "./real.ts";
import { rehearsalFigures } from "./rehearsal.ts";
import { settingsFigure } from "./settings.ts";

const root = join(import.meta.dirname, "..", "..");
const say = (line: string) => void process.stdout.write(`${line}\n`);

// First, while nothing is warm yet.
const settings = await settingsFigure();
const { command, origin } = await pulumiCli({ say });
say(`Engine: ${origin}`);
const figures = [
  settings,
  ...(await previewFigures(root, command)),
  ...(await rehearsalFigures(root)),
  ...(await realFigures(root, say)),
  ...(await existingFigures(root, say)),
];
for (const figure of figures) say(figureLine(figure));
if (figures.some(({ found, limit }) => !(found <= limit))) process.exitCode = 1;
