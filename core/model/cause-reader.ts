/** What a mode can say of the cause of a failed attempt, by the facts that an evaluation was judged on. */
import type { FactKind } from "./target.ts";

export interface CauseReader {
  /** Was the resource there before us? Ids of what we made are others at each attempt. */
  readonly isTheirs: (resource: string) => boolean;
  /** `50 tags`; undefined: it can't be read. */
  readonly factNow: (kind: FactKind) => string | undefined;
}
