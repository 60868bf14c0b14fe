/** `npm run test:kube`: suites on a real control plane, which that command has built. */
import everyTest from "./jest.config.js";

// Servers that are tested run as they would anywhere.
delete process.env.GOGC;

export default {
  ...everyTest,
  testMatch: ["<rootDir>/test/kube/**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/"],
  // Each starts servers of its own, which want the machine.
  maxWorkers: 1,
};
