import { describe, expect, it } from "@jest/globals";
import { defaultModelVersion } from "../../../core/risk/registry.ts";
import { loadOffers } from "../../../adapters/store/evaluations.ts";
import { getModel, updateModel } from "../../../adapters/store/models.ts";
import type { Table } from "../../../adapters/store/table.ts";
import { createMemoryTable } from "../../../local/platform/memory-table.ts";
import { logisticOnnx } from "../../adapters/onnx/onnx-bytes.ts";
import { logisticSample, onnxSample, treesSample } from "../../core/risk/model-samples.ts";
import type { Ending, Lab } from "../../../local/lab/contract.ts";
import { accountId, createLab, type LabOptions } from "../../../local/lab/lab.ts";

const onnxFile = {
  ...onnxSample,
  onnx_base64: Buffer.from(logisticOnnx([[-0.1], [1]], [-4])).toString("base64"),
};
const files = [logisticSample, treesSample, onnxFile];

const labWith = async (
  file: { readonly version: string },
  options: LabOptions = {},
): Promise<Lab> => {
  const lab = await createLab({ isShadowMode: true, ...options });
  const answers = [
    await lab.send("POST", "/models", file),
    await lab.send("PUT", `/lab/instances/${lab.targetId}/model`, { model_version: file.version }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([201, 200]);
  return lab;
};

const archive = (lab: Lab, version: string) =>
  lab.send("POST", `/models/${version}/reject`, { reason: "no good after all" });

const replay = (lab: Lab, { evaluationId }: Ending, body?: unknown) =>
  lab.send("POST", `/evaluations/${evaluationId}/replay`, body);

const identical = { status: 200, body: { identical: true, differences: [] } };

describe("a target with a model of its own", () => {
  it.each(files)("is judged by it, candidate of kind $kind", async (file) => {
    const lab = await labWith(file);
    const story = await lab.run();
    const { modelVersion, verdict, evaluationId } = story.evaluation;
    expect([modelVersion, verdict?.modelVersion]).toEqual([file.version, file.version]);
    const offers = (await loadOffers(lab.table, evaluationId)) ?? [];
    const risks = offers.flatMap(({ risk }) => risk ?? []);
    expect(risks.length).toBeGreaterThan(0);
    for (const risk of risks) {
      expect(risk.modelVersion).toBe(file.version);
      expect(risk.probability).toBeGreaterThan(0);
    }
  });

  it.each(files)("is replayed byte for byte, the $kind model archived since", async (file) => {
    const lab = await labWith(file);
    const story = await lab.run();
    expect(await replay(lab, story)).toMatchObject(identical);
    await archive(lab, file.version);
    expect(await replay(lab, story)).toMatchObject(identical);
  });

  it.each(files)("shows what the registered $kind model would have said", async (file) => {
    const lab = await createLab({ isShadowMode: true });
    await lab.send("POST", "/models", file);
    const story = await lab.run();
    const { body } = await replay(lab, story, { model_version: file.version });
    expect(body).toMatchObject({
      identical: false,
      stored: { verdict: { model_version: defaultModelVersion } },
      recomputed: { verdict: { model_version: file.version } },
    });
  });

  it("is switched by it", async () => {
    const lab = await labWith(onnxFile, { isShadowMode: false });
    expect((await lab.run()).status).toBe("SWITCHED");
  });
});

describe("a model that may no longer judge", () => {
  const refused = async (lab: Lab, word: string): Promise<void> => {
    const story = await lab.run();
    expect(story.status).toBe("REFUSED");
    const { verdict } = story.evaluation;
    expect(verdict).toMatchObject({ kind: "REFUSE", reason: "MODEL_NOT_ALLOWED" });
    expect(verdict?.sentence).toContain(word);
    expect(await replay(lab, story)).toMatchObject(identical);
    const other = await replay(lab, story, { model_version: defaultModelVersion });
    expect(other.body).not.toMatchObject({
      recomputed: { verdict: { reason: "MODEL_NOT_ALLOWED" } },
    });
  };

  it("is refused by name at the next evaluation once it is archived", async () => {
    const lab = await labWith(logisticSample);
    await archive(lab, logisticSample.version);
    await refused(lab, "logistic-7 is archived");
  });

  it("is refused as a candidate once the account is PROD", async () => {
    const lab = await labWith(logisticSample, {
      policy: { allow_prod_linear: true, accept_unproved: true },
    });
    await lab.send("PATCH", `/accounts/${accountId}`, { environment: "PROD" });
    await refused(lab, "logistic-7 is a candidate");
  });

  /** Archives the model when the market is written to the facts, between the two checks. */
  const archivingMeanwhile = (table: Table): Table => {
    let facts = 0;
    return {
      get: (key) => table.get(key),
      query: (input) => table.query(input),
      delete: (key, condition) => table.delete(key, condition),
      put: async (item, condition) => {
        if (item.sk === "FACTS") facts += 1;
        const model = await getModel(table, logisticSample.version);
        if (facts === 2 && model?.status === "candidate") {
          await updateModel(table, model.version, (old) => ({ ...old, status: "archived" }));
        }
        return table.put(item, condition);
      },
    };
  };

  it("degrades an evaluation under way, and nothing is touched", async () => {
    const table = archivingMeanwhile(createMemoryTable());
    const lab = await labWith(logisticSample, { table, isShadowMode: false });
    const story = await lab.run();
    expect(story.status).toBe("DEGRADED");
    expect(story.evaluation.outcome).toMatchObject({
      reason: "BrokenModel",
      sentence: expect.stringMatching(/logistic-7 is archived.*Next: assign another model/),
    });
    expect(story.mutations).toEqual([]);
  });
});
