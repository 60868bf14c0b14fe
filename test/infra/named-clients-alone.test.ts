import { describe, expect, it } from "@jest/globals";
import { build, type Metafile } from "esbuild";
import { namedClientsAlone } from "../../infra/named-clients-alone.ts";

/** Packages stay outside: what is imported of them, for whatever reason, is imported by the bundle. */
const bundleOf = async (handler: string): Promise<Metafile> => {
  const { metafile } = await build({
    entryPoints: [`lambdas/${handler}/handler.ts`],
    bundle: true,
    format: "esm",
    packages: "external",
    write: false,
    outdir: "dist",
    metafile: true,
    logOverride: { "import-is-undefined": "error" },
    plugins: [namedClientsAlone],
  });
  return metafile;
};

const clientsIn = async (handler: string): Promise<readonly string[]> => {
  const { outputs } = await bundleOf(handler);
  const imports = Object.values(outputs).flatMap((output) => output.imports);
  return [...new Set(imports.map(({ path }) => path))]
    .flatMap((path) => /^@aws-sdk\/client-(.+)$/.exec(path)?.[1] ?? [])
    .filter((client) => client !== "dynamodb" && client !== "sts")
    .toSorted();
};

/** What groups and node groups are looked at with, and the price list. */
const ofGates = [
  "auto-scaling",
  "cloudformation",
  "cloudwatch",
  "ec2",
  "eks",
  "elastic-load-balancing",
  "elastic-load-balancing-v2",
  "kms",
  "pricing",
  "service-quotas",
  "ssm",
];

describe("a bundle", () => {
  it.each([
    ["by name", "linear/launch", ["ec2", "elastic-load-balancing-v2"]],
    ["as a member of all", "interruption/receive", ["ec2", "sfn"]],
    ["by another file", "schedule/preflight-place", ofGates],
    ["for itself", "schedule/sweep", ["lambda", "sfn"]],
  ])("imports the clients that are named %s, and no other", async (_how, handler, clients) => {
    expect(await clientsIn(handler)).toEqual(clients);
  });

  it.each([
    ["judge/open-evaluation", false],
    ["kubernetes/cordon", true],
  ])("of %s is linked with the client of Kubernetes: %s", async (handler, isNamed) => {
    const { inputs } = await bundleOf(handler);
    expect(Object.hasOwn(inputs, "adapters/kubernetes/client.ts")).toBe(isNamed);
  });
});
