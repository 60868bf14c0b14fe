#!/usr/bin/env node
// What `npx spot` starts. Plain JavaScript that an old Node can read. npx puts the Node 24 of node_modules first on the PATH.
import module from "node:module";
import "./require-node-24.js";

// What V8 compiles, and what Node takes the types out of, is kept for the next command: it starts in half the time.
module.enableCompileCache?.();

await import("./spot.ts");
