import { createHash } from "node:crypto";
import { expect, it } from "@jest/globals";
import { modelFileKey } from "../../../adapters/store/keys.ts";
import {
  digestOfFile,
  getModel,
  listModels,
  loadModelFile,
  registerModel,
  updateModel,
} from "../../../adapters/store/models.ts";
import type { StoredModel } from "../../../core/model/risk-model.ts";
import type { ModelFile } from "../../../core/risk/model-file.ts";
import { logisticSample, onnxSample } from "../../core/risk/model-samples.ts";
import { describeForEachTable, readAllPages } from "./backends.ts";
import { at } from "./examples.ts";

const recordOf = (file: ModelFile, createdAt = at(0)): StoredModel => ({
  version: file.version,
  kind: file.kind,
  featureVersion: file.feature_version,
  horizonHours: file.horizon_hours,
  trainedOn: file.trained_on,
  status: "candidate",
  history: [{ status: "candidate", at: createdAt, by: "local" }],
  digest: digestOfFile(file),
  createdAt,
});

describeForEachTable("risk models", (table) => {
  const register = (file: ModelFile, createdAt?: string) =>
    registerModel(table(), recordOf(file, createdAt), file);

  it("are read back as registered, the file too", async () => {
    const model = recordOf(logisticSample);
    expect(await register(logisticSample)).toEqual({ kind: "REGISTERED", model });
    expect(await getModel(table(), "logistic-7")).toEqual(model);
    expect(await loadModelFile(table(), model)).toEqual(logisticSample);
  });

  it("keep a file that is larger than an item", async () => {
    // Hashes don't compress.
    const hashes = Array.from({ length: 30_000 }, (_, index) =>
      createHash("sha256").update(String(index)).digest(),
    );
    const file = { ...onnxSample, onnx_base64: Buffer.concat(hashes).toString("base64") };
    const { model } = await register(file);
    const head = await table().get(modelFileKey(model.version, model.digest));
    expect((head?.data as { partKeys: unknown[] }).partKeys.length).toBeGreaterThan(1);
    expect(await loadModelFile(table(), model)).toEqual(file);
  });

  it("keep what stands under a version, whoever registers it again, also at the same time", async () => {
    const other = { ...logisticSample, intercept: 1 };
    const both = await Promise.all([register(logisticSample), register(other)]);
    const [first, second] = [...both].sort((a, b) => a.kind.localeCompare(b.kind));
    expect([first?.kind, second?.kind]).toEqual(["REGISTERED", "TAKEN"]);
    expect(second?.model).toEqual(first?.model);
    const stored = await getModel(table(), "logistic-7");
    expect(stored).toEqual(first?.model);
    const file = stored === undefined ? undefined : await loadModelFile(table(), stored);
    expect(file === undefined ? "" : digestOfFile(file)).toBe(stored?.digest);
  });

  it("change their status and keep how it came to it", async () => {
    const { model } = await register(logisticSample);
    const change = { status: "archived", at: at(5), by: "local", reason: "worse" } as const;
    const archived: StoredModel = {
      ...model,
      status: "archived",
      history: [...model.history, change],
    };
    expect(await updateModel(table(), "logistic-7", () => archived)).toEqual(archived);
    expect(await getModel(table(), "logistic-7")).toEqual(archived);
  });

  it("are listed oldest first", async () => {
    for (const [index, version] of ["c", "a", "b"].entries()) {
      await register({ ...logisticSample, version }, at(index));
    }
    const listed = await readAllPages((cursor) =>
      listModels(table(), { limit: 2, ...(cursor === undefined ? {} : { cursor }) }),
    );
    expect(listed.flat().map(({ version }) => version)).toEqual(["c", "a", "b"]);
  });

  it("say by name what is wrong with a file that is gone, or that this version does not read", async () => {
    const model = recordOf(logisticSample);
    await expect(loadModelFile(table(), model)).rejects.toMatchObject({
      name: "BrokenFacts",
      resource: "risk model logistic-7",
    });
    const old = { ...logisticSample, feature_version: "features-0" } as unknown as ModelFile;
    const digest = digestOfFile(old);
    await registerModel(table(), { ...model, digest }, old);
    expect(modelFileKey("logistic-7", digest).pk).toBe("MODEL#logistic-7");
    await expect(loadModelFile(table(), { ...model, digest })).rejects.toMatchObject({
      name: "BrokenModel",
      message: expect.stringContaining("features-0"),
    });
  });

  it("are absent when they were never registered", async () => {
    expect(await getModel(table(), "streak-0")).toBeUndefined();
    await expect(updateModel(table(), "streak-0", (old) => old)).rejects.toMatchObject({
      name: "BrokenNotFound",
      resource: "risk model streak-0",
    });
  });
});
