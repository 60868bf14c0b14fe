/** May this risk model judge targets of such an account? Asked when it is assigned, and again by each evaluation. */
import type { Environment } from "../../model/account.ts";
import type { ModelStanding } from "../../model/risk-model.ts";

export type ModelUse =
  | { readonly kind: "ALLOWED" }
  | { readonly kind: "REFUSED"; readonly sentence: string; readonly nextStep: string };

const assignAnother =
  "assign another model, or null for the default, by PUT …/model of the target.";

export const judgeModelUse = (model: ModelStanding, environment: Environment): ModelUse => {
  const { version, status } = model;
  switch (status) {
    case "graduated":
      return { kind: "ALLOWED" };
    case "candidate":
      return environment === "LAB"
        ? { kind: "ALLOWED" }
        : {
            kind: "REFUSED",
            sentence: `Risk model ${version} is a candidate, which may judge targets of LAB accounts only, and the account is ${environment}.`,
            nextStep: `graduate the model, or ${assignAnother}`,
          };
    case "archived":
      return {
        kind: "REFUSED",
        sentence: `Risk model ${version} is archived and may no longer judge.`,
        nextStep: assignAnother,
      };
    case "unknown":
      return {
        kind: "REFUSED",
        sentence: `There is no risk model ${version}.`,
        nextStep: assignAnother,
      };
  }
};
