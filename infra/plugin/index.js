// JavaScript, so that a Node.js that is too old can say so.
import { withNode } from "../needsNode.js";

withNode(async () => {
  const { servePlugin } = await import("./plugin.ts");
  await servePlugin(process.argv.slice(2));
});
