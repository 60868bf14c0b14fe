/** The need of an evaluation's subject, stated by the wing that the subject belongs to. */
import type { InstanceFacts } from "../model/instance.ts";
import type { MarketFacts } from "../model/market.ts";
import type { Policy } from "../policy/policy.ts";
import { needOfInstance } from "./linear/need.ts";
import type { Need } from "./offers/need.ts";

export const needOf = (
  { instance, market }: { readonly instance: InstanceFacts; readonly market: MarketFacts },
  policy: Policy,
): Need => needOfInstance(instance, policy, market.subnets);
