/** Says how what an evaluation launches is bought: a recovery goes to On-Demand once no Spot pool has given an instance, or where the kept original is started. */
import { buysOnDemand } from "../../core/decide/linear/recovery.ts";
import type { LinearSession } from "./session.ts";

/** Of a recovery: each Spot offer was tried. */
export const isAfterSpot = ({ evaluation }: LinearSession<never>): boolean =>
  evaluation.progress.spotExhausted !== undefined;

/** False where there is no verdict yet, for then nothing was launched. */
export const isBoughtOnDemand = ({ evaluation }: LinearSession<never>): boolean =>
  evaluation.verdict !== undefined && buysOnDemand(evaluation.verdict, evaluation.progress);
