// The entry: JavaScript, so that a Node.js that is too old can say so.
import { withNode } from "../../infra/needsNode.js";

withNode(() => import("./main.ts"));
