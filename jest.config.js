export default {
  testEnvironment: "<rootDir>/test/setup/native-environment.ts",
  runtime: "<rootDir>/test/setup/native-runtime.ts",
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  // They need Python or Java: npm run test:emulators.
  testPathIgnorePatterns: ["/node_modules/", "<rootDir>/test/emulators/"],
  // Node takes the types out.
  transform: {},
  injectGlobals: false,
  modulePathIgnorePatterns: ["<rootDir>/cdk.out", "<rootDir>/dist", "<rootDir>/.local"],
  watchman: false,
  // Jest leaves one core out, which on two cores is half the machine.
  maxWorkers: "100%",
  // What test files keep stays in the heap of their worker. Beyond this a worker is begun anew: a heap of gigabytes is
  // slow to collect, and slow to leave at the end ("failed to exit gracefully").
  workerIdleMemoryLimit: "768MB",
  // A hang still ends; a busy machine, on which anything can take ten times as long, is not one.
  testTimeout: 60_000,
};
