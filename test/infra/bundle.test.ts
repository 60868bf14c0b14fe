import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import * as z from "zod";
import { bundleLambdas } from "../../infra/bundle.ts";
import { functionNames } from "../../lambdas/access/functions.ts";
import { steps } from "../../local/platform/steps.ts";
import { createTables, startDynalite } from "../../local/platform/dynalite.ts";
import { logisticOnnx } from "../adapters/onnx/onnx-bytes.ts";
import { apiUnderTest } from "../lambdas/api/api-under-test.ts";
import { bundleAims, handlerEnvironment } from "../../local/bench/bundles.ts";
import { runNodeIn } from "./run-node.ts";

const folder = mkdtempSync(join(tmpdir(), "spot-optimizer-bundles-"));
const runNode = runNodeIn(folder);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** As API Gateway sends it. */
const documentEvent = {
  resource: "/{proxy+}",
  httpMethod: "GET",
  path: "/api/v1/openapi.json",
  headers: { Host: "api.example.com" },
  multiValueHeaders: {},
  isBase64Encoded: false,
  body: null,
  requestContext: {
    stage: "prod",
    domainName: "api.example.com",
    identity: { userArn: "arn:aws:iam::111122223333:user/ben" },
  },
};

describe("bundles", () => {
  const sizes = new Map<string, number>();
  /** Those that talk to a cluster. */
  const withCluster = new Set<string>();
  /** Bytes of zod in each. */
  const ofZod = new Map<string, number>();

  beforeAll(async () => {
    const { outputs } = await bundleLambdas(folder);
    for (const [file, { bytes, inputs }] of Object.entries(outputs)) {
      const name = file.split("/").at(-2);
      if (name === undefined) continue;
      // The API is in parts.
      sizes.set(name, (sizes.get(name) ?? 0) + bytes);
      // The API carries the name of our group, and no client.
      if (Object.keys(inputs).some((path) => path.endsWith("adapters/kubernetes/client.ts"))) {
        withCluster.add(name);
      }
      const parts = Object.entries(inputs).filter(([path]) => /\/zod\/v4\//.test(path));
      ofZod.set(
        name,
        parts.reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, ofZod.get(name) ?? 0),
      );
    }
  }, 120_000);

  it("carry of zod what they use: that of the API is not much more than that of a step", () => {
    const ofStep = ofZod.get("judge-filter") ?? 0;
    expect(ofStep).toBeGreaterThan(50_000);
    expect(ofZod.get("api")).toBeLessThan(ofStep * 1.2);
  });

  it("are made for every function of the access list, and for no other", () => {
    expect([...sizes.keys()].sort()).toEqual([...functionNames].sort());
  });

  it.each(functionNames.filter((name) => name !== "api").map((name) => ({ name })))(
    "$name is at most 1 MB, and 1.2 MB where it talks to a cluster",
    ({ name }) => {
      const { withClusterBytes, minifiedBytes } = bundleAims;
      const most = withCluster.has(name) ? withClusterBytes : minifiedBytes;
      expect(sizes.get(name)).toBeLessThanOrEqual(most);
    },
  );

  it("carry the client of Kubernetes where a step names it, and nowhere else", () => {
    const naming = [...steps].filter(([, { clients }]) => clients.includes("kubernetes"));
    expect([...withCluster].sort()).toEqual(naming.map(([name]) => name).sort());
  });

  it("load without any package beside them, and export a handler", () => {
    const code = `
      const kindOf = (name) => typeof require(\`./\${name}/handler.cjs\`).handler;
      const names = process.argv.slice(1);
      console.log(JSON.stringify(Object.fromEntries(names.map((name) => [name, kindOf(name)]))));`;
    expect(runNode(code, ...functionNames)).toEqual(
      Object.fromEntries(functionNames.map((name) => [name, "function"])),
    );
  }, 60_000);

  it("load of Node what a call needs: no second crypto, and no files where Lambda has none", () => {
    const code = `
      require("./judge-filter/handler.cjs");
      console.log(JSON.stringify(process.moduleLoadList.map((name) => name.replace("NativeModule ", ""))));`;
    const loaded = runNode(code);
    expect(loaded).toEqual(expect.arrayContaining(["https", "internal/crypto/hash"]));
    expect(loaded).not.toContain("internal/crypto/webcrypto");
    expect(loaded).not.toContain("fs/promises");
    // zod asks it whether code may be generated.
    expect(loaded).not.toContain("internal/navigator");
  });

  it("have the ONNX runtime beside those that load risk models, and beside no other", () => {
    const withRuntime = functionNames.filter((name) =>
      existsSync(join(folder, name, "node_modules/onnxruntime-web")),
    );
    expect(withRuntime).toEqual([
      "judge-predict",
      "cluster-plan-batch",
      "cluster-place-rest",
      "schedule-sweep-place",
      "schedule-preflight-place",
      "api",
    ]);
  });

  it("run an ONNX model on what lies beside them", () => {
    const bytes = Buffer.from(logisticOnnx([[1]], [0])).toString("base64");
    const code = `
      import("onnxruntime-web/wasm").then(async (ort) => {
        ort.env.wasm.numThreads = 1;
        const session = await ort.InferenceSession.create(Buffer.from("${bytes}", "base64"));
        const { p } = await session.run({ x: new ort.Tensor("float32", [0], [1, 1]) });
        console.log(JSON.stringify([...p.data]));
      });`;
    // A module in the bundle's own folder finds what the bundle finds.
    writeFileSync(join(folder, "judge-predict", "onnx.cjs"), code);
    expect(runNode('require("./judge-predict/onnx.cjs")')).toEqual([0.5]);
  }, 60_000);

  it("know the version of each client, and carry nothing else of its package.json", () => {
    const { version } = z
      .looseObject({ version: z.string() })
      .parse(
        JSON.parse(readFileSync("node_modules/@aws-sdk/client-dynamodb/package.json", "utf8")),
      );
    const code = readFileSync(join(folder, "judge-filter", "handler.cjs"), "utf8");
    expect(code).toContain(`"${version}"`);
    expect(code).not.toContain("build:types");
  });

  it("have the writer of YAML beside the one that answers in it, and it writes", () => {
    const withYaml = functionNames.filter((name) =>
      existsSync(join(folder, name, "node_modules/yaml")),
    );
    expect(withYaml).toEqual(["api"]);
    const code = `import("yaml").then(({ stringify }) => console.log(JSON.stringify(stringify({ a: ["b"] }))));`;
    writeFileSync(join(folder, "api", "yaml.cjs"), code);
    expect(runNode('require("./api/yaml.cjs")')).toBe("a:\n  - b\n");
  });

  it("show the same document of the API as its sources, although zod's JSON Schema is left out", async () => {
    const code = `
      const event = ${JSON.stringify(documentEvent)};
      require("./api/handler.cjs").handler(event, {}).then(({ body }) => console.log(body));`;
    const { body } = await apiUnderTest().send("GET", "/openapi.json");
    const { paths, components } = body as Readonly<Record<string, unknown>>;
    expect(runNode(code)).toMatchObject({ paths, components });
  }, 60_000);

  it("load of the API what a request needs, and answer it", () => {
    const code = `
      const event = ${JSON.stringify({ ...documentEvent, path: "/api/v1/kill-switch", httpMethod: "PUT", body: "{}", headers: { ...documentEvent.headers, "content-type": "application/json" } })};
      require("./api/handler.cjs").handler(event, {}).then(({ statusCode }) => {
        const loaded = Object.keys(require.cache).filter((file) => file.endsWith(".cjs"));
        const withIam = loaded.filter((file) => file.includes("iam-client"));
        console.log(JSON.stringify({ statusCode, loaded: loaded.length, withIam }));
      });`;
    const answer = runNode(code);
    const parts = readdirSync(join(folder, "api")).filter((file) => file.endsWith(".cjs"));
    expect(parts.filter((file) => file.startsWith("iam-client"))).toHaveLength(1);
    expect(answer).toMatchObject({ statusCode: 422, withIam: [] });
    const { loaded } = z.looseObject({ loaded: z.number() }).parse(answer);
    expect(loaded).toBeGreaterThan(2);
    expect(loaded).toBeLessThan(parts.length / 2);
  });

  it("work as on Lambda: credentials from the environment, a real request, our error by name", async () => {
    const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" };
    const store = await startDynalite();
    const client = new DynamoDBClient({
      endpoint: store.endpoint,
      region: "us-east-1",
      credentials,
    });
    try {
      await createTables(client, handlerEnvironment.TABLE_NAME);
      const code = `
        const { handler } = require("./judge-open-evaluation/handler.cjs");
        handler({ evaluationId: "evl-0123456789abcdefghjk" }, { awsRequestId: "1" }).then(
          () => console.log("{}"),
          (error) => console.log(JSON.stringify({ name: error.name, message: error.message })),
        );`;
      const { stdout } = await promisify(execFile)(process.execPath, ["--eval", code], {
        cwd: folder,
        env: {
          ...handlerEnvironment,
          AWS_ACCESS_KEY_ID: credentials.accessKeyId,
          AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
          AWS_ENDPOINT_URL_DYNAMODB: store.endpoint,
        },
      });
      expect(JSON.parse(stdout)).toEqual({
        name: "BrokenNotFound",
        message: "Evaluation evl-0123456789abcdefghjk does not exist.",
      });
    } finally {
      client.destroy();
      await store.close();
    }
  }, 60_000);
});
