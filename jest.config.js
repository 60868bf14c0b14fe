export default {
  testEnvironment: "node",
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  extensionsToTreatAsEsm: [".ts"],
  transform: { "\\.ts$": "<rootDir>/test/setup/strip-types.js" },
  modulePathIgnorePatterns: ["<rootDir>/cdk.out", "<rootDir>/dist", "<rootDir>/.local"],
  watchman: false,
  // Jest leaves one core out, which on two cores is half the machine.
  maxWorkers: "100%",
  // Each file's modules stay in the heap of its worker, 35 MB where the whole product is loaded. Beyond this a worker is
  // begun anew: a heap of gigabytes is slow to collect, and slow to leave at the end ("failed to exit gracefully").
  workerIdleMemoryLimit: "768MB",
  // A hang still ends; a busy machine, on which anything can take ten times as long, is not one.
  testTimeout: 60_000,
};
