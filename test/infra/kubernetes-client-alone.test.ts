import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "@jest/globals";
import { build } from "esbuild";
import { kubernetesClientAlone } from "../../infra/kubernetes-client-alone.ts";
import { serveKubernetes } from "../../local/wire/front/kubernetes-https.ts";
import {
  bindRules,
  credentials,
  mapped,
  policyRules,
} from "../adapters/kubernetes/client-fixture.ts";
import {
  addBudget,
  addNode,
  addPod,
  startMs,
  virtualCluster,
} from "../local/cloud/kubernetes/cluster-fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "spot-optimizer-client-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** All that a step calls of a cluster. */
const adapters = [
  "access-review",
  "client",
  "evictions",
  "nodes",
  "pods",
  "transport",
  "view",
  "volumes",
];

/** @returns its size in bytes */
const bundle = async (
  outfile: string,
  plugins: readonly (typeof kubernetesClientAlone)[],
): Promise<number> => {
  const lines = adapters.map((file) => `export * from "./adapters/kubernetes/${file}.ts";`);
  const { metafile } = await build({
    stdin: { contents: lines.join("\n"), resolveDir: process.cwd() },
    outfile,
    bundle: true,
    minify: true,
    platform: "node",
    format: "cjs",
    mainFields: ["module", "main"],
    metafile: true,
    plugins: [...plugins],
  });
  return Object.values(metafile.outputs).reduce((sum, { bytes }) => sum + bytes, 0);
};

/** Calls each function that asks a cluster something, in a process of its own, and prints what came. */
const script = (outfile: string, cluster: object): string => `
  const made = require(${JSON.stringify(outfile)});
  const cluster = ${JSON.stringify(cluster)};
  const open = made.clusterOpener(made.httpsTransport)("eu-west-1", ${JSON.stringify(credentials)});
  const main = async () => {
    const client = await open({ ...cluster, now: new Date(cluster.nowMs) });
    const [pod] = await made.listPods(client);
    const refused = await made.readNode({ ...client, core: { readNode: () => Promise.reject(new Error("no")) } }, "one")
      .catch((error) => error.name);
    return {
      access: await made.readAccess(client),
      view: await made.readClusterView(client),
      node: await made.readNode(client, "one"),
      none: await made.readNode(client, "two") ?? "none",
      attachments: await made.listAttachmentsOfNode(client, "one"),
      tried: await made.tryEviction(client, pod),
      evicted: await made.evictPod(client, pod),
      changed: (await made.changeNode(client, "one", () => ({ isUnschedulable: true, labels: { a: "b" } }))).node,
      refused,
    };
  };
  main().then(
    (came) => { console.log(JSON.stringify(came)); process.exit(0); },
    (error) => { console.error(error); process.exit(1); },
  );`;

/** What a server of its own answers to the bundle. */
const answersTo = async (outfile: string): Promise<unknown> => {
  const { cluster } = virtualCluster({ source: mapped });
  cluster.control.stop("workloads");
  bindRules(cluster, policyRules);
  addNode(cluster, "one");
  addPod(cluster, { name: "a", owner: { kind: "ReplicaSet", name: "web" } });
  addBudget(cluster, { minAvailable: 0 });
  const server = await serveKubernetes(cluster, {
    onDefect: (error) => {
      throw error;
    },
  });
  const of = {
    clusterName: cluster.name,
    roleArn: "arn:aws:iam::444455556666:role/spot-optimizer",
    endpoint: server.url,
    authority: cluster.pki.authority,
    nowMs: startMs,
  };
  try {
    const run = promisify(execFile);
    const { stdout } = await run(process.execPath, ["--eval", script(outfile, of)]);
    return JSON.parse(stdout);
  } finally {
    await server.close();
  }
};

describe("the client of Kubernetes in a bundle", () => {
  it("is half of what it was, and gives the same answers", async () => {
    const [whole, alone] = [join(folder, "whole.cjs"), join(folder, "alone.cjs")];
    const bytes = await bundle(whole, []);
    expect(await bundle(alone, [kubernetesClientAlone])).toBeLessThan(bytes / 2);
    const answers = await answersTo(whole);
    expect(answers).toMatchObject({
      access: { username: "optimizer", missing: [] },
      node: { name: "one" },
      none: "none",
      changed: { isUnschedulable: true },
    });
    expect(await answersTo(alone)).toEqual(answers);
  }, 60_000);
});
