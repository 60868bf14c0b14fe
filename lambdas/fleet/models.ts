/** The risk model of a target for a judgement at once: what a model is asked is known only where its candidates are. */
import { SpotOptimizerError } from "../../core/errors.ts";
import type { ModelStanding } from "../../core/model/risk-model.ts";
import type { RiskFeatures, RiskModel } from "../../core/risk/model.ts";
import { riskModels } from "../../core/risk/registry.ts";
import type { Table } from "../../adapters/store/table.ts";
import { readModelStanding } from "../judge/model-standing.ts";
import { loadRiskModel } from "../judge/risk-models.ts";

export interface FleetModels {
  readonly standing: (version: string) => Promise<ModelStanding>;
  /** @param ask judges once with a model that writes down its questions. A model that comes with the product is asked at once. */
  readonly model: (version: string, ask: (recorder: RiskModel) => void) => Promise<RiskModel>;
}

/** Such a target is refused before its model is asked. */
const neverAsked = (version: string): RiskModel => ({
  version,
  probability: () => {
    throw new SpotOptimizerError("BrokenModel", `There is no risk model ${version}.`, {
      resource: version,
    });
  },
});

const recorded = (version: string, ask: (recorder: RiskModel) => void) => {
  const features: RiskFeatures[] = [];
  let longest = 0;
  ask({
    version,
    probability: (asked, horizonHours) => {
      features.push(asked);
      longest = Math.max(longest, horizonHours);
      return 0;
    },
  });
  return { features, horizonHours: longest };
};

/** Standings are read once in an invocation. */
export const fleetModels = (table: Table): FleetModels => {
  const standings = new Map<string, Promise<ModelStanding>>();
  const standing = (version: string): Promise<ModelStanding> => {
    const known = standings.get(version) ?? readModelStanding(table, version);
    standings.set(version, known);
    return known;
  };
  return {
    standing,
    model: async (version, ask) => {
      const builtIn = riskModels.get(version);
      if (builtIn !== undefined) return builtIn;
      if ((await standing(version)).status === "unknown") return neverAsked(version);
      return loadRiskModel(table, version, recorded(version, ask));
    },
  };
};
