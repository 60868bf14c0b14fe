/** The product's own policies as contenders. `product` is the fleets' default; the others show what a setting costs. */
import { effectivePolicy, fleetDefaults, type PolicyOverrides } from "../../core/policy.ts";
import { findModel } from "../../core/risk/registry.ts";
import type { BacktestPolicy } from "./policy.ts";
import { productPolicy } from "./product-policy.ts";

const withDefaults = (
  name: string,
  overrides: PolicyOverrides,
  isProbing = false,
): BacktestPolicy =>
  productPolicy({ name, isProbing, policy: effectivePolicy(overrides), model: findModel() });

const fleet = (name: string, overrides: PolicyOverrides = {}, isProbing = false): BacktestPolicy =>
  withDefaults(name, { ...fleetDefaults, ...overrides }, isProbing);

export const ourPolicies: readonly BacktestPolicy[] = [
  fleet("product", {}, true),
  fleet("product"),
  fleet("product-ban-4h", { quarantine: { mode: "ban", hours: 4 } }),
  fleet("product-ban-24h", { quarantine: { mode: "ban", hours: 24 } }),
  fleet("product-ban-360h", { quarantine: { mode: "ban", hours: 360 } }),
  fleet("product-spread-50", { maxPoolSharePercent: 50 }),
  /** As careful as with one instance whose switch means a downtime: see docs/configuration.md. */
  withDefaults("product-linear", {}),
];

export const isOurs = (name: string): boolean => ourPolicies.some((policy) => policy.name === name);
