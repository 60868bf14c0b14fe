/** What a rule about a type is: it compares it with the original's and finds nothing, or one reason against. */
import type { InstanceTypeFacts } from "../../../model/market.ts";
import type { Rejection } from "../../../model/offer.ts";
import type { Policy } from "../../../policy/policy.ts";
import type { Need } from "../need.ts";

interface TypeComparison {
  readonly type: InstanceTypeFacts;
  readonly original: InstanceTypeFacts;
  readonly need: Need;
  readonly policy: Policy;
}

export type TypeRule = (comparison: TypeComparison) => Rejection | undefined;
