/** What became of a Spot Instance that is recovered: who took it, when, and from where. */
import type { Pool } from "./market.ts";

/** A Spot Instance that EC2 has taken back, or is about to, or that somebody has ended. */
export interface Loss {
  readonly how: "ENDED" | "ANNOUNCED";
  /** UNKNOWN: nothing says whether EC2 or its owner ended it. */
  readonly by: "EC2" | "OWNER" | "UNKNOWN";
  /** From when on nobody serves, as far as EC2 tells: two minutes after a notice. ISO 8601 */
  readonly downSince: string;
  /** What EC2 shows, as a sentence. */
  readonly sentence: string;
  /** Where it stood. */
  readonly pool: Pool;
  /** From its launch until its checks had passed, as the evaluation that launched it saw that. */
  readonly bootSeconds?: number;
  /** A person asked for the recovery. */
  readonly isAskedFor?: true;
}
