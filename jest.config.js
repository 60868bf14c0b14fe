import { tmpdir } from "node:os";
import { join } from "node:path";

// What V8 compiles, and what Node takes the types out of, is kept for the next process: the second worker, and each command that
// a test starts. All that Jest starts from here on has it in its environment.
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), "spot-optimizer-compiled");

// esbuild, which is written in Go, looks through what it keeps of all bundles whenever that has doubled: a sixth of its time.
process.env.GOGC ??= "400";

export default {
  testEnvironment: "<rootDir>/test/setup/native-environment.ts",
  runtime: "<rootDir>/test/setup/native-runtime.ts",
  testSequencer: "<rootDir>/test/setup/longest-first.ts",
  reporters: ["default", "<rootDir>/test/setup/budgets.ts"],
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  // They need Python or Java (npm run test:emulators), Go (npm run test:kube), or Chromium (npm run test:console).
  testPathIgnorePatterns: [
    "/node_modules/",
    "<rootDir>/test/emulators/",
    "<rootDir>/test/kube/",
    "<rootDir>/test/browser/",
  ],
  // Node takes the types out.
  transform: {},
  injectGlobals: false,
  modulePathIgnorePatterns: ["<rootDir>/cdk.out", "<rootDir>/dist", "<rootDir>/.local"],
  watchman: false,
  // Jest leaves one core out, which on two cores is half the machine.
  maxWorkers: "100%",
  // What test files keep stays in the heap of their worker, and what nobody can reach any longer is counted too. Beyond this a worker
  // is begun anew, and loads and compiles the product anew: that should happen on a bad day alone.
  workerIdleMemoryLimit: "1500MB",
  // Giving back its memory takes a worker a fifth of a second, and on a busy machine more than the half that Jest waits by default
  // before it kills the worker and says that it "failed to exit gracefully". One that something keeps open is still told of.
  workerGracefulExitTimeout: 20_000,
  // A hang still ends; a busy machine, on which anything can take ten times as long, is not one.
  testTimeout: 60_000,
};
