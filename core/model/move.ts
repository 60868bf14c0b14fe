/** One member of a group, or one node, that a verdict sends elsewhere. */
import type { Pool } from "./market.ts";

export interface Move {
  readonly originalId: string;
  /** Where it goes first. */
  readonly pool: Pool;
  /** How it is bought there. Absent: on Spot. */
  readonly purchase?: "ON_DEMAND";
}
