import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "@jest/globals";
import { build } from "esbuild";
import { endpointsAtFirstUse } from "../../infra/endpoints-at-first-use.ts";

const folder = mkdtempSync(join(tmpdir(), "spot-optimizer-endpoints-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const written = async (file: string, contents: string): Promise<string> => {
  const endpoint = join(folder, "node_modules/@aws-sdk/client-shop/dist-es/endpoint");
  mkdirSync(endpoint, { recursive: true });
  writeFileSync(join(endpoint, file), contents);
  const { outputFiles } = await build({
    entryPoints: [join(endpoint, file)],
    bundle: true,
    format: "esm",
    external: ["@smithy/*", "./bdd"],
    write: false,
    logLevel: "silent",
    plugins: [endpointsAtFirstUse],
  });
  return outputFiles[0]?.text ?? "";
};

const rules = `import { BinaryDecisionDiagram } from "@smithy/core/endpoints";
const a = "shop";
const _data = {
    conditions: [a],
};
export const bdd = BinaryDecisionDiagram.from(_data.conditions);
`;

const resolver = `import { decideEndpoint } from "@smithy/core/endpoints";
import { bdd } from "./bdd";
export const resolve = (params) => decideEndpoint(bdd, { params });
`;

/** A call of a client is compared in tree-shaking.test.ts. */
describe("rules for endpoints", () => {
  it("are made by a function, once", async () => {
    expect(await written("bdd.js", rules)).toMatch(
      /function bdd\(\) \{\s+return made \?\?= make\(\);\s+\}\s+function make\(\) \{\s+const a = "shop";/,
    );
    expect(await written("endpointResolver.js", resolver)).toContain("decideEndpoint(bdd(), {");
  });

  it.each([
    ["bdd.js", rules.replace("const _data", "export const _data")],
    ["bdd.js", rules.replace("export const bdd", "export let bdd")],
    ["endpointResolver.js", resolver.replace("decideEndpoint(bdd, ", "decideEndpoint(rules, ")],
  ])("are refused in a form that is not known: %s", async (file, contents) => {
    await expect(written(file, contents)).rejects.toThrow("otherwise by now");
  });
});
