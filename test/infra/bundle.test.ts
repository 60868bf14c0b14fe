import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { build } from "esbuild";
import { z } from "zod";
import { bundleLambdas, lambdaNames } from "../../infra/bundle.ts";
import { shakeSdkSchemas } from "../../infra/tree-shaking.ts";
import { functionNames } from "../../lambdas/access.ts";
import { bundleAims, handlerEnvironment } from "../../local/bench/bundles.ts";

const folder = mkdtempSync(join(tmpdir(), "spot-optimizer-bundles-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** In a process of its own: a bundle is not to find the packages that it should carry. */
const runNode = (code: string, ...args: readonly string[]): unknown =>
  JSON.parse(
    execFileSync(process.execPath, ["--input-type=module", "--eval", code, ...args], {
      cwd: folder,
      env: handlerEnvironment,
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
    }),
  );

describe("bundles", () => {
  const sizes = new Map<string, number>();

  beforeAll(async () => {
    const { outputs } = await bundleLambdas(folder);
    for (const [file, { bytes }] of Object.entries(outputs)) {
      const name = file.split("/").at(-2);
      if (name !== undefined) sizes.set(name, bytes);
    }
  }, 120_000);

  it("are made for every function of the access list, and for no other", () => {
    expect([...lambdaNames()].sort()).toEqual([...functionNames].sort());
    expect([...sizes.keys()].sort()).toEqual([...functionNames].sort());
  });

  it.each(functionNames.filter((name) => name !== "api").map((name) => ({ name })))(
    "$name is at most 1 MB",
    ({ name }) => {
      expect(sizes.get(name)).toBeLessThanOrEqual(bundleAims.minifiedBytes);
    },
  );

  it("load without any package beside them, and export a handler", () => {
    const code = `
      const kinds = {};
      for (const name of process.argv.slice(1)) {
        const module = await import("./" + name + "/handler.cjs");
        kinds[name] = typeof module.handler;
      }
      console.log(JSON.stringify(kinds));`;
    const modules = pathToFileURL(`${folder}/`).href;
    expect(runNode(code.replace('"./"', JSON.stringify(modules)), ...functionNames)).toEqual(
      Object.fromEntries(functionNames.map((name) => [name, "function"])),
    );
  }, 60_000);
});

describe("tree shaking", () => {
  const schemasOf = async (name: string, plugins: readonly (typeof shakeSdkSchemas)[]) => {
    const outfile = join(folder, `${name}.mjs`);
    await build({
      stdin: {
        contents: 'export * from "@aws-sdk/client-ec2/dist-es/schemas/schemas_0.js";',
        resolveDir: process.cwd(),
      },
      outfile,
      bundle: true,
      platform: "node",
      format: "esm",
      plugins: [...plugins],
    });
    const code = `
      const spell = (key, value) => (typeof value === "function" ? { lazy: value()[2] ?? value().name } : value);
      const module = await import(${JSON.stringify(pathToFileURL(outfile).href)});
      console.log(JSON.stringify(
        Object.fromEntries(Object.entries(module).filter(([name]) => name.endsWith("$")).map(([name, schema]) => [name, JSON.stringify(schema, spell)])),
      ));`;
    return z.record(z.string(), z.string()).parse(runNode(code));
  };

  it("leaves every schema of EC2 as it is", async () => {
    const original = await schemasOf("original", []);
    expect(Object.keys(original).length).toBeGreaterThan(1000);
    expect(await schemasOf("rewritten", [shakeSdkSchemas])).toEqual(original);
  }, 60_000);
});
