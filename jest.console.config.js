/** `npm run test:console`: the console page in a browser, which that command has found. */
import everyTest from "./jest.config.js";

export default {
  ...everyTest,
  testMatch: ["<rootDir>/test/browser/**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/"],
  // A browser wants the machine.
  maxWorkers: 1,
};
