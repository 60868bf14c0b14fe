import { beforeEach, describe, expect, it } from "@jest/globals";
import { defaultModelVersion, riskModels } from "../../../core/risk/registry.ts";
import { listAudit } from "../../../adapters/store/audit.ts";
import { logisticOnnx } from "../../adapters/onnx/onnx-bytes.ts";
import { logisticSample, onnxSample, treesSample } from "../../core/risk/model-samples.ts";
import { apiUnderTest, type ApiUnderTest } from "./api-under-test.ts";

interface ModelBody {
  readonly version: string;
  readonly status: string;
  readonly history: readonly Readonly<Record<string, unknown>>[];
}

const reason = "Best of the backtest";
const withMetrics = (brier: number) => ({
  ...logisticSample,
  metrics: { brier, log_loss: 0.3, auc: 0.8, base_rate: 0.1, reliability: [] },
});

describe("the model registry", () => {
  let api: ApiUnderTest;
  beforeEach(() => {
    api = apiUnderTest();
  });

  const register = (file: unknown, headers?: Readonly<Record<string, string>>) =>
    api.send("POST", "/models", file, headers);
  const shown = async (version: string): Promise<ModelBody> =>
    (await api.send("GET", `/models/${version}`)).body;

  it.each([logisticSample, treesSample])("registers a file of kind $kind", async (file) => {
    const answer = await register(file);
    expect(answer.status).toBe(201);
    expect(answer.headers.get("location")).toBe(`/live/api/v1/models/${file.version}`);
    expect(answer.body).toMatchObject({
      version: file.version,
      kind: file.kind,
      status: "candidate",
      is_default: false,
      horizon_hours: 6,
      metrics: file.metrics,
      history: [{ status: "candidate", by: "local", at: "2026-03-01T12:00:00.000Z" }],
    });
    expect(await shown(file.version)).toEqual(answer.body);
  });

  it("answers the same file again as the first time, also spelled otherwise", async () => {
    const first = await register(logisticSample);
    api.pass(60);
    const swapped = Object.fromEntries(Object.entries(logisticSample).reverse());
    const again = await register(swapped);
    expect(again).toMatchObject({ status: 201, body: first.body });
  });

  it.each([logisticSample.version, "hazard-1"])(
    "takes no other file under the version %s",
    async (version) => {
      await register(logisticSample);
      const answer = await register({ ...logisticSample, version, intercept: 3 });
      expect(answer).toMatchObject({ status: 409, body: { errors: [{ field: "version" }] } });
    },
  );

  it.each([
    [{ ...logisticSample, colour: "red" }, "colour"],
    [{ ...logisticSample, feature_version: "features-0" }, "feature_version"],
    [
      { ...logisticSample, terms: [{ ...logisticSample.terms[0], feature: "moon" }] },
      "terms.0.feature",
    ],
    [{ ...onnxSample, onnx_base64: "AAAA" }, "onnx_base64"],
  ])("refuses a bad file naming the field (%#)", async (file, field) => {
    const answer = await register(file);
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ field }] } });
    expect(await api.send("GET", `/models/${file.version}`)).toMatchObject({ status: 404 });
  });

  it("takes ONNX that runs, of more than 64 KiB", async () => {
    const onnx = Buffer.concat([logisticOnnx([[1], [2]], [-1]), padding]);
    const answer = await register({ ...onnxSample, onnx_base64: onnx.toString("base64") });
    expect(answer).toMatchObject({ status: 201, body: { kind: "onnx" } });
  });

  it("takes no file over 4 MiB, and no other body over 64 KiB", async () => {
    const large = "x".repeat(70_000);
    expect((await register({ large: "x".repeat(4 * 1024 * 1024) })).status).toBe(413);
    expect((await api.send("POST", "/models/x/reject", { reason: large })).status).toBe(413);
  });

  it("graduates a candidate that beats the base rate, and keeps who, when and why", async () => {
    await register(withMetrics(0.08));
    api.pass(60);
    const answer = await api.send("POST", "/models/logistic-7/graduate", { reason });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ status: "graduated" });
    const last = { status: "graduated", at: "2026-03-01T12:01:00.000Z", by: "local", reason };
    expect((await shown("logistic-7")).history[1]).toEqual(last);
    const again = await api.send("POST", "/models/logistic-7/graduate", { reason });
    expect(again.body).toEqual(answer.body);
  });

  it("refuses one that does not, with the figures, unless it is forced", async () => {
    await register(withMetrics(0.12));
    const refused = await api.send("POST", "/models/logistic-7/graduate", { reason });
    expect(refused).toMatchObject({
      status: 409,
      body: { detail: expect.stringMatching(/0\.1200.*0\.0900/) },
    });
    const forced = await api.send("POST", "/models/logistic-7/graduate", { reason, force: true });
    expect(forced).toMatchObject({
      status: 200,
      body: { history: [{}, { status: "graduated", is_forced: true }] },
    });
  });

  it("archives for good", async () => {
    await register(withMetrics(0.08));
    const archived = await api.send("POST", "/models/logistic-7/reject", { reason });
    expect(archived).toMatchObject({ status: 200, body: { status: "archived" } });
    expect((await api.send("POST", "/models/logistic-7/graduate", { reason })).status).toBe(409);
    expect((await shown("logistic-7")).history).toHaveLength(2);
  });

  it.each(["graduate", "reject"])("can't %s an unknown or a built-in model", async (action) => {
    expect((await api.send("POST", `/models/streak-9/${action}`, { reason })).status).toBe(404);
    expect((await api.send("POST", `/models/hazard-1/${action}`, { reason })).status).toBe(409);
  });

  it.each(["graduate", "reject"])("wants a reason to %s", async (action) => {
    await register(logisticSample);
    const answer = await api.send("POST", `/models/logistic-7/${action}`, { why: "so" });
    expect(answer).toMatchObject({
      status: 422,
      body: { errors: [{ field: "reason" }, { field: "why" }] },
    });
  });

  it("answers a repeat with the same Idempotency-Key once", async () => {
    const headers = { "idempotency-key": "k1" };
    const first = await register(logisticSample, headers);
    await api.send("POST", "/models/logistic-7/reject", { reason });
    expect((await register(logisticSample, headers)).body).toEqual(first.body);
    expect((await register(treesSample, headers)).status).toBe(422);
  });

  it("leaves a trail", async () => {
    await register(withMetrics(0.08));
    await api.send("POST", "/models/logistic-7/graduate", { reason });
    api.pass(1);
    await api.send("POST", "/models/logistic-7/reject", { reason });
    const { items } = await listAudit(api.table, { limit: 10 });
    expect(items.map(({ action }) => action).sort()).toEqual([
      "GRADUATE_MODEL",
      "REGISTER_MODEL",
      "REJECT_MODEL",
    ]);
    expect(items.every(({ resource }) => resource === "risk model logistic-7")).toBe(true);
  });

  it.each([1, 2, 3, 50])("lists each once over pages of %d, built-in ones first", async (limit) => {
    await register(logisticSample);
    api.pass(1);
    await register(treesSample);
    const seen: string[] = [];
    let cursor = "";
    do {
      const { body } = await api.send("GET", `/models?limit=${String(limit)}${cursor}`);
      const page = body as { items: ModelBody[]; cursor?: string };
      seen.push(...page.items.map(({ version }) => version));
      cursor = page.cursor === undefined ? "" : `&cursor=${page.cursor}`;
    } while (cursor !== "");
    expect(seen).toEqual([...riskModels.keys(), "logistic-7", "trees-4"]);
  });

  it("refuses a cursor that it did not give out", async () => {
    const answer = await api.send("GET", "/models?cursor=x");
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: "cursor" }] } });
  });

  it("shows which model is the default", async () => {
    for (const version of riskModels.keys()) {
      expect(await shown(version)).toEqual({
        version,
        kind: "built-in",
        status: "graduated",
        is_default: version === defaultModelVersion,
        history: [],
      });
    }
  });
});

/** A field of ModelProto that runtimes skip: doc_string, number 6. */
const padding = Buffer.concat([
  Buffer.from([6 * 8 + 2, 0x80, 0x80, 0x06]),
  Buffer.alloc(98_304, 97),
]);
