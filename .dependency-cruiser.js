// No circle of imports between files (docs/architecture.md), and no word between bill and ledger. Types are imports too.
const bill = "(^|/)local/cloud/billing/";
const ledger = "(^|/)core/(model/)?ledger/";

export default {
  forbidden: [
    { name: "no-circular", severity: "error", from: {}, to: { circular: true } },
    // A ledger that agrees with a bill because both count with the same functions is not tested by it.
    { name: "bill-without-ledger", severity: "error", from: { path: bill }, to: { path: ledger } },
    {
      name: "rounding-of-the-bill",
      severity: "error",
      from: { pathNot: bill },
      to: { path: `${bill}(?!service\\.ts$|line\\.ts$)` },
    },
  ],
  options: {
    // Read before the compiler drops the imports of types.
    tsPreCompilationDeps: true,
    exclude: { path: "(^|/)node_modules/|^(dist|cdk\\.out|\\.local|coverage)/" },
    enhancedResolveOptions: { extensions: [".ts", ".tsx", ".js"] },
  },
};
