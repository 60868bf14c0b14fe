// No circle of imports between files (docs/architecture.md). Types are imports too.
export default {
  forbidden: [{ name: "no-circular", severity: "error", from: {}, to: { circular: true } }],
  options: {
    // Read before the compiler drops the imports of types.
    tsPreCompilationDeps: true,
    exclude: { path: "(^|/)node_modules/|^(dist|cdk\\.out|\\.local|coverage)/" },
    enhancedResolveOptions: { extensions: [".ts", ".js"] },
  },
};
