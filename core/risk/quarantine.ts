/** Does a pool's last loss keep us out of it, and how far back does a loss count at all? */
import type { QuarantineRule } from "../policy/offers.ts";
import { memoryHours } from "./pool-history.ts";

/** Hours since a loss within which nothing is launched in the pool; 0 where losses only raise the risk. */
export const banHours = ({ mode, hours }: QuarantineRule): number => (mode === "ban" ? hours : 0);

/** `hoursSinceLoss`: of the last loss in the pool; undefined where none is on record. */
export const isBanned = (hoursSinceLoss: number | undefined, rule: QuarantineRule): boolean =>
  hoursSinceLoss !== undefined && hoursSinceLoss < banHours(rule);

/** Hours after which a loss or a refusal no longer raises the risk. A model was trained on no more than a week. */
export const rememberedHours = ({ mode, hours }: QuarantineRule): number =>
  mode === "decay" ? Math.min(hours, memoryHours) : memoryHours;
