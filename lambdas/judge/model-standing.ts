/** How a risk model stands, and whether it may judge here. Apart from loading it, which needs a runtime. */
import { getModel } from "../../adapters/store/models.ts";
import type { Table } from "../../adapters/store/table.ts";
import { judgeModelUse } from "../../core/decide/models/model-assignment.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { Environment } from "../../core/model/account.ts";
import type { ModelStanding } from "../../core/model/risk-model.ts";
import { riskModels } from "../../core/risk/registry.ts";

/** What comes with the product counts as graduated. @throws BrokenFacts if what is stored does not parse */
export const readModelStanding = async (table: Table, version: string): Promise<ModelStanding> => {
  if (riskModels.has(version)) return { version, status: "graduated" };
  const stored = await getModel(table, version);
  return { version, status: stored?.status ?? "unknown" };
};

/** @throws BrokenModel with the code MODEL_NOT_ALLOWED, naming the model and the next step */
export const requireAllowed = (standing: ModelStanding, environment: Environment): void => {
  const use = judgeModelUse(standing, environment);
  if (use.kind === "ALLOWED") return;
  throw new SpotOptimizerError("BrokenModel", use.sentence, {
    resource: standing.version,
    code: "MODEL_NOT_ALLOWED",
    nextStep: use.nextStep,
  });
};
