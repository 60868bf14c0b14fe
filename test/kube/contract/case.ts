/** One case of the contract: what it sets up, what it asks, and what of the replies is compared. */
import type { Stage } from "../stage.ts";

export interface Case {
  readonly name: string;
  /** It needs the controllers to stand still, or the whole server. */
  readonly isAlone?: boolean;
  /** By what was asked: what must be the same on both sides. */
  readonly run: (stage: Stage) => Promise<Readonly<Record<string, unknown>>>;
}
