import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { build, type Metafile, type Plugin } from "esbuild";
import * as z from "zod";
import { endpointsAtFirstUse } from "../../infra/endpoints-at-first-use.ts";
import { ourSchemas } from "../../infra/sdk-clients-alone.ts";
import { shakeSdkSchemas } from "../../infra/tree-shaking.ts";
import { runNodeIn } from "./run-node.ts";

const folder = mkdtempSync(join(tmpdir(), "spot-optimizer-shaken-"));
const runNode = runNodeIn(folder);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const bundled = async (
  name: string,
  source: { readonly file: string } | { readonly contents: string },
  plugins: readonly Plugin[],
): Promise<{ readonly outfile: string; readonly metafile: Metafile }> => {
  const outfile = join(folder, `${name}.cjs`);
  const { metafile } = await build({
    ...("file" in source
      ? { entryPoints: [source.file] }
      : { stdin: { contents: source.contents, resolveDir: process.cwd() } }),
    outfile,
    bundle: true,
    minify: true,
    lineLimit: 200,
    platform: "node",
    format: "cjs",
    mainFields: ["module", "main"],
    metafile: true,
    plugins: [...plugins],
  });
  return { outfile, metafile };
};

const clients = readdirSync("node_modules/@aws-sdk").filter((name) => name.startsWith("client-"));

describe("schemas of the SDK", () => {
  /** All that clients export, and all that these refer to, each by its name. Errors are elsewhere: they are looked at below. */
  const schemasOf = async (
    names: readonly string[],
    file: string,
    plugins: readonly Plugin[],
  ): Promise<Readonly<Record<string, Readonly<Record<string, string>>>>> => {
    const contents = names
      .map((name) => {
        const from = `@aws-sdk/${name}/dist-es/schemas/schemas_0.js`;
        return `export * as ${JSON.stringify(name)} from ${JSON.stringify(from)};`;
      })
      .join("\n");
    const { outfile } = await bundled(file, { contents }, plugins);
    const code = `
      const error = -3;
      const toldOf = (module) => {
        const told = {};
        const collect = (schema) => {
          const name = schema[1] + "#" + schema[2];
          if (name in told) return name;
          told[name] = "";
          told[name] = JSON.stringify(schema, spell);
          return name;
        };
        const spell = (key, value) => {
          if (typeof value !== "function") return value;
          const asked = value();
          if (asked !== value()) throw new Error("Made twice: " + asked);
          return { lazy: Array.isArray(asked) ? collect(asked) : String(asked) };
        };
        const schemas = Object.entries(module).filter(([name]) => name.endsWith("$"));
        for (const [, schema] of schemas) if (schema[0] !== error) collect(schema);
        return told;
      };
      const clients = Object.entries(require(${JSON.stringify(outfile)}));
      console.log(JSON.stringify(Object.fromEntries(clients.map(([name, module]) => [name, toldOf(module)]))));`;
    return z.record(z.string(), z.record(z.string(), z.string())).parse(runNode(code));
  };

  const ec2 = "client-ec2";
  let original: Awaited<ReturnType<typeof schemasOf>>;
  let rewritten: typeof original;
  beforeAll(async () => {
    original = await schemasOf(clients, "original", []);
    rewritten = await schemasOf(clients, "rewritten", [shakeSdkSchemas()]);
  }, 60_000);

  it.each(clients)("of %s are the same when they are read of a text", (client) => {
    expect(Object.keys(original[client] ?? {}).length).toBeGreaterThan(20);
    expect(rewritten[client]).toEqual(original[client]);
  });

  it("are those of our calls and all that these are made of", async () => {
    const { [ec2]: ours = {} } = await schemasOf([ec2], "ours", [shakeSdkSchemas(ourSchemas)]);
    const all = original[ec2] ?? {};
    expect(ours).toHaveProperty(["com.amazonaws.ec2#RunInstances"]);
    expect(all).toMatchObject(ours);
    expect(Object.keys(ours).length).toBeLessThan(Object.keys(all).length / 2);
  }, 60_000);
});

describe("calls of the SDK", () => {
  const callsOf = async (name: string, plugins: readonly Plugin[]) => {
    const { outfile } = await bundled(name, { file: "test/infra/sdk-calls.ts" }, plugins);
    return z
      .object({
        sent: z.array(z.looseObject({ hostname: z.string() })),
        read: z.array(z.unknown()),
      })
      .parse(runNode(`require(${JSON.stringify(outfile)});`));
  };

  it("are sent to the same place with the same bytes, and read alike, with schemas of a text and endpoints at their first use", async () => {
    const original = await callsOf("calls-original", []);
    const plugins = [shakeSdkSchemas(), endpointsAtFirstUse];
    expect(await callsOf("calls-rewritten", plugins)).toEqual(original);
    const hosts = new Set(original.sent.map(({ hostname }) => hostname));
    expect(hosts.size).toBeGreaterThan(10);
    expect(hosts).toContain("ec2.eu-west-1.amazonaws.com");
    expect(JSON.stringify(original.read)).toContain("2026-11-01T10:00:00.000Z");
  }, 60_000);
});

describe("errors of the SDK", () => {
  const errorsOf = async (name: string, plugins: readonly Plugin[]) => {
    const source = { file: "test/infra/sdk-errors.ts" };
    const { outfile, metafile } = await bundled(name, source, plugins);
    const classes = Object.entries(metafile.outputs)
      .flatMap(([, { inputs }]) => Object.entries(inputs))
      .filter(
        ([path, { bytesInOutput }]) =>
          /client-[\w-]+\/.*\/errors\.js$/.test(path) && bytesInOutput > 0,
      );
    const told = z
      .array(z.looseObject({ expected: z.string(), code: z.string(), message: z.string() }))
      .parse(runNode(`require(${JSON.stringify(outfile)});`));
    const bytes = classes.reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0);
    return { files: classes.length, bytes, told };
  };

  it("have no classes or are made by one function, and what is read of them is the same", async () => {
    const original = await errorsOf("errors-original", []);
    const rewritten = await errorsOf("errors-rewritten", [shakeSdkSchemas()]);
    expect(original.files).toBe(14);
    expect(rewritten.files).toBe(7);
    expect(rewritten.bytes).toBeLessThan(original.bytes / 8);
    expect(original.told.map(({ expected, code }) => [expected, code])).toEqual(
      original.told.map(({ expected }) => [expected, expected]),
    );
    expect(rewritten.told).toEqual(original.told);
  }, 60_000);
});
