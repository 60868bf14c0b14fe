/** The risk models that come with the product, by version. Registered ones are in the state table. */
import { SpotOptimizerError } from "../errors.ts";
import { fileModel } from "./file-model.ts";
import { hazard1, hazardModel } from "./hazard-model.ts";
import type { RiskModel } from "./model.ts";
import { streak1 } from "./models/streak-1.ts";

const builtIn: readonly RiskModel[] = [fileModel(streak1), hazardModel(hazard1)];

export const riskModels: ReadonlyMap<string, RiskModel> = new Map(
  builtIn.map((model) => [model.version, model]),
);

/** Used where a target names none. */
export const defaultModelVersion: string = streak1.version;

/** The model of that version, or the default. Throws BrokenInput for a version that is not registered. */
export const findModel = (version: string = defaultModelVersion): RiskModel => {
  const model = riskModels.get(version);
  if (model === undefined) {
    throw new SpotOptimizerError("BrokenInput", `There is no risk model "${version}".`, {
      resource: version,
      nextStep: `use one of: ${[...riskModels.keys()].join(", ")}.`,
    });
  }
  return model;
};
