#!/usr/bin/env node
// The entry of every command: JavaScript, so that a Node.js that is too old can say so.
import { withNode } from "../needsNode.js";

withNode(() => import("./main.ts").then(({ main }) => main(process.argv.slice(2))));
