/** What a question about offers concludes, before versions and time are added. */
import type { VerdictKind, VerdictReason } from "../../../model/verdict.ts";
import type { PricedOffer } from "../offer-cost.ts";

export interface Conclusion {
  readonly kind: VerdictKind;
  readonly reason: VerdictReason;
  readonly sentence: string;
  readonly chosen?: readonly [PricedOffer, ...PricedOffer[]];
}

/** A rule's answer, or undefined: the next rule is asked. */
export type Answer = Conclusion | undefined;
