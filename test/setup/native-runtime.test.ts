import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";

const jest = resolve("node_modules/.bin/jest");
const setup = import.meta.dirname;

const mock = JSON.stringify(import.meta.filename);

/** One worker runs them in the order of their names. */
const files = {
  "jest.config.mjs": `export default ${JSON.stringify({
    testEnvironment: join(setup, "native-environment.ts"),
    runtime: join(setup, "native-runtime.ts"),
    testMatch: ["<rootDir>/test/*.test.ts"],
    testSequencer: "<rootDir>/by-name.cjs",
    transform: {},
    injectGlobals: false,
    watchman: false,
    cacheDirectory: "<rootDir>/cache",
  })};`,
  "by-name.cjs":
    "module.exports = class { constructor() {} cacheResults() {} allFailedTests(t) { return t; } shard(t) { return t; } sort(t) { return [...t].sort((a, b) => a.path.localeCompare(b.path)); } };",
  "product.ts": "export const seen: string[] = [];",
  "test/helper.ts": "export const seen: string[] = [];",
  "test/a.test.ts": `
    import { beforeEach, expect, it } from "@jest/globals";
    import { seen as product } from "../product.ts";
    import { seen as helper } from "./helper.ts";
    beforeEach(() => { product.push("a"); helper.push("a"); });
    it("a passes", () => { expect(helper).toEqual(["a"]); });
    it("a fails", () => { expect(1).toBe(2); });
    it("a rejects and nobody listens", async () => {
      void Promise.reject(new Error("unheard"));
      await new Promise((resolve) => setTimeout(resolve, 20));
    });
    it("a hangs", () => new Promise(() => undefined), 50);`,
  "test/b.test.ts": `
    import { expect, it, jest } from "@jest/globals";
    import { seen as product } from "../product.ts";
    import { seen as helper } from "./helper.ts";
    it("b has its own helper, and no hook of a", () => { expect(helper).toEqual([]); });
    it("b shares the product", () => { expect(product).toHaveLength(4); });
    it("b leaves its timers faked", () => {
      jest.useFakeTimers({ now: 7 });
      expect(Date.now()).toBe(7);
    });`,
  "test/c.test.ts": `
    import { expect, it } from "@jest/globals";
    it("c has real timers", () => { expect(Date.now()).toBeGreaterThan(7); });`,
  "test/b2.test.ts": `
    import { createRequire } from "node:module";
    import { expect, it } from "@jest/globals";
    const require = createRequire(${mock});
    const sinon = createRequire(require.resolve("aws-sdk-client-mock"))("sinon");
    it("b2 makes a stub", () => { expect(sinon.stub()()).toBe(undefined); });`,
  "test/b3.test.ts": `
    import { createRequire } from "node:module";
    import { expect, it } from "@jest/globals";
    const require = createRequire(${mock});
    const sinon = createRequire(require.resolve("aws-sdk-client-mock"))("sinon");
    it("b3 finds no stub of b2", () => { expect(sinon.getFakes()).toEqual([]); });`,
  "test/d.test.ts": `
    import { it } from "@jest/globals";
    it("d sets a variable", () => { process.env.LEFT_BEHIND = "its " + "value"; });`,
} as const;

describe("Jest on Node's own modules", () => {
  let folder: string;
  let told: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "spot-optimizer-jest-"));
    mkdirSync(join(folder, "test"));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const args = [jest, "--runInBand", "--verbose", "--ci"];
    told = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" }).stderr;
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it.each([
    "a passes",
    "b has its own helper, and no hook of a",
    "b shares the product",
    "b2 makes a stub",
    "b3 finds no stub of b2",
  ])("passes: %s", (name) => {
    expect(told).toContain(`✓ ${name}`);
  });

  it("sets timers back that a file left faked", () => {
    expect(told).toContain("✓ b leaves its timers faked");
    expect(told).toContain("✓ c has real timers");
  });

  it.each(["a fails", "a rejects and nobody listens", "a hangs"])("fails: %s", (name) => {
    expect(told).toContain(`✕ ${name}`);
  });

  it("fails a file that leaves the process changed, and says no value", () => {
    expect(told).toMatch(/^FAIL test\/d\.test\.ts/m);
    expect(told).toContain("d.test.ts changed the process that other tests share");
    expect(told).toContain("LEFT_BEHIND");
    expect(told).not.toContain("its value");
  });
});
