import { describe, expect, it } from "@jest/globals";
import { accountJson, accountSchema } from "../../../lambdas/api/schemas/accounts.ts";
import { evaluationJson, evaluationSchema } from "../../../lambdas/api/schemas/evaluations.ts";
import { modelJson, modelSchema } from "../../../lambdas/api/schemas/models.ts";
import { targetJson, targetSchema } from "../../../lambdas/api/schemas/targets.ts";
import {
  clusterEvaluation,
  clusterTarget,
  connected,
  course,
  effect,
  kubernetesEvaluation,
  kubernetesTarget,
  linearEvaluation,
  linearTarget,
  model,
  offer,
  swap,
} from "../../adapters/store/stored-items/samples.ts";

/** The samples have every field that can be stored: one that no schema knows would be shown to the first who asks. */
describe("what is stored with all its fields", () => {
  it.each([
    { what: "an account", schema: accountSchema, shown: accountJson(connected) },
    { what: "a target of LINEAR", schema: targetSchema, shown: targetJson(linearTarget) },
    { what: "a target of CLUSTER", schema: targetSchema, shown: targetJson(clusterTarget) },
    { what: "a target of KUBERNETES", schema: targetSchema, shown: targetJson(kubernetesTarget) },
    { what: "a model", schema: modelSchema, shown: modelJson(model) },
  ])("is shown as the document says: $what", ({ schema, shown }) => {
    expect(schema.safeParse(shown).error).toBeUndefined();
  });

  it.each([linearEvaluation, clusterEvaluation, kubernetesEvaluation])(
    "is shown as the document says: an evaluation of $mode",
    (evaluation) => {
      const shown = evaluationJson({
        evaluation,
        swaps: [swap],
        course,
        effects: [effect],
        offers: [offer],
        abandoned: "Nothing works on it.",
      });
      expect(evaluationSchema.safeParse(shown).error).toBeUndefined();
    },
  );

  it("keeps the ExternalId to itself", () => {
    expect(JSON.stringify(accountJson(connected))).not.toContain(connected.externalId);
  });
});
