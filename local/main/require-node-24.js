// Plain JavaScript that an old Node can read. `node require-node-24.js && …` and `node --import ./…/require-node-24.js …`
// end here with a sentence where the TypeScript behind them would end with a syntax error.
const needed = 24;
const major = Number(process.versions.node.split(".")[0]);

if (major < needed) {
  process.stderr.write(
    `Spot Optimizer runs on Node ${needed} or later, and this is Node ${process.versions.node}: ` +
      "run `npm ci` (without --ignore-scripts), which brings Node 24 into node_modules, and start through npm.\n",
  );
  process.exit(1);
}
