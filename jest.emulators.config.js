/** `npm run test:emulators`: suites that need Python or Java, and what they install. */
import everyTest from "./jest.config.js";

export default {
  ...everyTest,
  testMatch: ["<rootDir>/test/emulators/**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/"],
  // Each starts servers of its own, which want the machine.
  maxWorkers: 1,
};
