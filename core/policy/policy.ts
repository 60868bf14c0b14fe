/**
 * Every limit that an operator may set, in one flat schema: default, unit, reason and modes stand in `meta`.
 * A target stores overrides only; what applies is `effectivePolicy(mode, overrides)`.
 */
import * as z from "zod";
import { atFirstUse } from "../at-first-use.ts";
import type { PipelineMode } from "../model/pipeline-mode.ts";
import { clusterLimits } from "./cluster.ts";
import { kubernetesLimits } from "./kubernetes.ts";
import { linearLimits } from "./linear.ts";
import { offerLimits } from "./offers.ts";
import { switchLimits } from "./switch.ts";

export const policySchema = atFirstUse(() =>
  z.strictObject({
    ...switchLimits(),
    ...offerLimits(),
    ...linearLimits(),
    ...clusterLimits(),
    ...kubernetesLimits(),
  }),
);

/** All limits, whatever the mode: one that does not apply to it has its default. */
export type Policy = Readonly<z.infer<ReturnType<typeof policySchema>>>;

export const limitKeys = atFirstUse(
  () => Object.keys(policySchema().shape) as readonly (keyof Policy)[],
);

/** Documents of Systems Manager that a hook or a proof runs, each once. */
export const documentsOf = ({
  hooks,
  proof,
}: Pick<Policy, "hooks" | "proof">): readonly string[] => [
  ...new Set([
    ...hooks.map(({ document }) => document),
    ...proof.flatMap((one) => (one.kind === "ssm-document" ? [one.document] : [])),
  ]),
];

/** Overrides: any subset of the policy, nothing else, and no default filled in. */
export const policyOverridesSchema = atFirstUse(() =>
  z.strictObject(
    Object.fromEntries(
      Object.entries(policySchema().shape).map(([key, schema]) => [
        key,
        schema.unwrap().exactOptional(),
      ]),
    ) as unknown as { [K in keyof Policy]: z.ZodExactOptional<z.ZodType<Policy[K]>> },
  ),
);
export type PolicyOverrides = Readonly<z.infer<ReturnType<typeof policyOverridesSchema>>>;

/**
 * Defaults of CLUSTER and KUBERNETES where they differ: many alike that launch in minutes and hold no data. Of the settings
 * within 0.5 % of the best J on one half of the recorded markets, that with the fewest interruptions (docs/backtest.md has the figures
 * of both halves).
 */
const fleetDefaults: PolicyOverrides = {
  // No limit on the risk itself: what an interruption costs is weighed against what Spot saves.
  maxRisk: 1,
  // What is young is risky now, and is looked at again every 15 minutes.
  horizonHours: 0.5,
  interruptionCostHours: 0.75,
  // 240 s of double running at 30 % of the On-Demand price.
  switchCostHours: 0.02,
  dwellHours: 0,
  hysteresisPercent: 0.5,
  fallbackPercent: 25,
  maxOffers: 20,
};

/** Where they differ from those of the schema, which are LINEAR's. */
const defaultsOf: Readonly<Record<PipelineMode, PolicyOverrides>> = {
  LINEAR: {},
  CLUSTER: fleetDefaults,
  KUBERNETES: fleetDefaults,
};

/** Those in which the limit is read. */
export const modesOf = (key: keyof Policy): readonly PipelineMode[] =>
  policySchema().shape[key].meta()?.["modes"] as readonly PipelineMode[];

const withoutEffectIn = (mode: PipelineMode): ReadonlySet<string> =>
  new Set(limitKeys().filter((key) => !modesOf(key).includes(mode)));

const inapplicableKeys = atFirstUse<Readonly<Record<PipelineMode, ReadonlySet<string>>>>(() => ({
  LINEAR: withoutEffectIn("LINEAR"),
  CLUSTER: withoutEffectIn("CLUSTER"),
  KUBERNETES: withoutEffectIn("KUBERNETES"),
}));

/** Overrides that would change nothing in this mode: whoever sets one is refused, and told which. */
export const inapplicableOverrides = (
  mode: PipelineMode,
  overrides: PolicyOverrides,
): readonly (keyof Policy)[] =>
  limitKeys().filter((key) => key in overrides && inapplicableKeys()[mode].has(key));

/** However deep. */
const frozen = <Value>(value: Value): Value => {
  if (typeof value !== "object" || value === null) return value;
  for (const member of Object.values(value)) frozen(member);
  return Object.freeze(value);
};

/** Frozen, since all who ask with the same overrides share it. */
const lay = (mode: PipelineMode, overrides: PolicyOverrides): Policy =>
  frozen(
    policySchema().parse({
      ...defaultsOf[mode],
      ...Object.fromEntries(
        Object.entries(overrides).filter(([key]) => !inapplicableKeys()[mode].has(key)),
      ),
    }),
  );

/** By the overrides that are in memory still: a sweep asks for the policy of each target again and again. */
const laid = new WeakMap<PolicyOverrides, Map<PipelineMode, Policy>>();

const none: PolicyOverrides = {};

/**
 * Defaults of the mode with the overrides laid over them. An override of an older target that does not apply to its mode has no
 * effect: new ones are refused where they are set. Who asks again with the same overrides, which nobody changes in place, gets the
 * same policy. Throws a ZodError on an unknown or invalid key.
 */
export const effectivePolicy = (mode: PipelineMode, overrides: PolicyOverrides = none): Policy => {
  const byMode = laid.get(overrides) ?? new Map<PipelineMode, Policy>();
  laid.set(overrides, byMode);
  const policy = byMode.get(mode) ?? lay(mode, overrides);
  byMode.set(mode, policy);
  return policy;
};
