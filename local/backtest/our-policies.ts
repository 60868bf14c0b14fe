/** The product's own policies as contenders. `product` is the fleets' default; the others show what a setting costs. */
import { effectivePolicy, type Policy, type PolicyOverrides } from "../../core/policy/policy.ts";
import { findModel } from "../../core/risk/registry.ts";
import type { BacktestPolicy } from "./policy.ts";
import { productPolicy } from "./product-policy.ts";

const product = (name: string, policy: Policy, isProbing = false): BacktestPolicy =>
  productPolicy({ name, isProbing, policy, model: findModel(), response: "AT_ONCE" });

const fleet = (name: string, overrides: PolicyOverrides = {}, isProbing = false): BacktestPolicy =>
  product(name, effectivePolicy("CLUSTER", overrides), isProbing);

export const ourPolicies: readonly BacktestPolicy[] = [
  fleet("product", {}, true),
  fleet("product"),
  fleet("product-ban-4h", { quarantine: { mode: "ban", hours: 4 } }),
  fleet("product-ban-24h", { quarantine: { mode: "ban", hours: 24 } }),
  fleet("product-ban-360h", { quarantine: { mode: "ban", hours: 360 } }),
  fleet("product-spread-50", { maxPoolSharePercent: 50 }),
  fleet("product-spread-40", { maxPoolSharePercent: 40 }),
  /** As careful as with one instance whose switch means a downtime: see docs/configuration.md. */
  product("product-linear", effectivePolicy("LINEAR")),
];

/** Without the events that tell of a loss: it is found by the next sweep, or nobody looks. */
export const responsePolicies: readonly BacktestPolicy[] = (
  [
    ["product-swept", "BY_SWEEP"],
    ["product-unanswered", "NEVER"],
  ] as const
).map(([name, response]) => {
  const policy = effectivePolicy("CLUSTER");
  return productPolicy({ name, isProbing: false, policy, model: findModel(), response });
});

/** On-Demand hours: what an interruption is said to cost, from careless to careful. 0.75 is the default. */
const frontierCosts = [0.5, 0.65, 0.75, 1, 1.25, 1.5, 2, 3];

/** Cost against interruptions: the product with one setting turned from one end to the other. */
export const frontierPolicies: readonly BacktestPolicy[] = frontierCosts.flatMap((hours) =>
  [true, false].map((isProbing) =>
    fleet(`product-cost-${String(hours)}`, { interruptionCostHours: hours }, isProbing),
  ),
);

/** Drawn as ours: the product as it is, not what one setting or another would make of it. */
export const isOurs = (name: string): boolean =>
  name === "product" || frontierPolicies.some((policy) => policy.name === name);
