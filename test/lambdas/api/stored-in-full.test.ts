import { describe, expect, it } from "@jest/globals";
import { accountJson, accountSchema } from "../../../lambdas/api/schemas/accounts.ts";
import { modelJson, modelSchema } from "../../../lambdas/api/schemas/models.ts";
import { targetJson, targetSchema } from "../../../lambdas/api/schemas/targets.ts";
import {
  clusterTarget,
  connected,
  kubernetesTarget,
  linearTarget,
  model,
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

  it("keeps the ExternalId to itself", () => {
    expect(JSON.stringify(accountJson(connected))).not.toContain(connected.externalId);
  });
});
