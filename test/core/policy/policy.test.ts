import { describe, expect, it } from "@jest/globals";
import { pipelineModeSchema, type PipelineMode } from "../../../core/model/pipeline-mode.ts";
import { everyMode } from "../../../core/policy/limit.ts";
import { clusterLimits } from "../../../core/policy/cluster.ts";
import { kubernetesLimits } from "../../../core/policy/kubernetes.ts";
import { linearLimits } from "../../../core/policy/linear.ts";
import { offerLimits } from "../../../core/policy/offers.ts";
import {
  effectivePolicy,
  inapplicableOverrides,
  limitKeys,
  modesOf,
  policySchema,
  type PolicyOverrides,
} from "../../../core/policy/policy.ts";
import { switchLimits } from "../../../core/policy/switch.ts";

const defaults = policySchema().parse({});

describe("the limits", () => {
  it("know every mode", () => {
    expect(everyMode).toEqual(pipelineModeSchema.options);
  });

  it.each(limitKeys())("say of %s to which modes it applies, each once", (key) => {
    const modes = modesOf(key);
    expect(modes.length).toBeGreaterThan(0);
    expect(modes).toEqual(everyMode.filter((mode) => modes.includes(mode)));
  });

  const ofLinear = Object.keys(linearLimits()) as (keyof ReturnType<typeof linearLimits>)[];
  it.each(ofLinear.filter((key) => key !== "acceptIacDrift"))(
    "of LINEAR apply to LINEAR alone: %s",
    (key) => {
      expect(modesOf(key)).toEqual(["LINEAR"]);
    },
  );

  it("say of code that owns a thing what all modes ask", () => {
    expect(modesOf("acceptIacDrift")).toEqual(everyMode);
  });

  it.each(Object.keys(clusterLimits()) as (keyof ReturnType<typeof clusterLimits>)[])(
    "of groups never apply to LINEAR: %s",
    (key) => {
      expect(modesOf(key)).toContain("CLUSTER");
      expect(modesOf(key)).not.toContain("LINEAR");
    },
  );

  it.each(Object.keys(kubernetesLimits()) as (keyof ReturnType<typeof kubernetesLimits>)[])(
    "of nodes apply to KUBERNETES alone: %s",
    (key) => {
      expect(modesOf(key)).toEqual(["KUBERNETES"]);
    },
  );

  it("let a node take six hours at most", () => {
    const takes = (nodeDeadlineMinutes: number): boolean =>
      policySchema().safeParse({ nodeDeadlineMinutes }).success;
    expect([30, 360, 361].map(takes)).toEqual([true, true, false]);
  });

  it.each<[string, boolean]>([
    ["", true],
    ["workers-spot", true],
    ["-spot", false],
    ["a b", false],
    ["x".repeat(64), false],
  ])("take %j as a Spot node group: %s", (spotNodeGroup, isTaken) => {
    expect(policySchema().safeParse({ spotNodeGroup }).success).toBe(isTaken);
  });

  it.each<[unknown, boolean]>([
    [0, true],
    [7, true],
    ["30%", true],
    ["100%", true],
    ["101%", false],
    ["7", false],
    [-1, false],
    [1.5, false],
  ])("take %j as an On-Demand base: %s", (onDemandBase, isTaken) => {
    expect(policySchema().safeParse({ onDemandBase }).success).toBe(isTaken);
  });

  it("take a range of attributes the right way round only", () => {
    const allow = (min: number, max: number) =>
      policySchema().safeParse({
        allowedAttributes: [{ vcpu: { min, max }, gib: { min: 4, max: 8 } }],
      }).success;
    expect(allow(2, 4)).toBe(true);
    expect(allow(4, 2)).toBe(false);
  });

  it.each(Object.keys(switchLimits()) as (keyof ReturnType<typeof switchLimits>)[])(
    "of every switch apply to all modes: %s",
    (key) => {
      expect(modesOf(key)).toEqual(everyMode);
    },
  );

  it("of offers apply to all modes, except for the share of one pool: one instance is in one pool", () => {
    const keys = Object.keys(offerLimits()) as (keyof ReturnType<typeof offerLimits>)[];
    expect(keys.filter((key) => modesOf(key).length < everyMode.length)).toEqual([
      "maxPoolSharePercent",
    ]);
    expect(modesOf("maxPoolSharePercent")).toEqual(["CLUSTER", "KUBERNETES"]);
  });

  it("are each in one file", () => {
    const files = [
      switchLimits(),
      offerLimits(),
      linearLimits(),
      clusterLimits(),
      kubernetesLimits(),
    ].flatMap((file) => Object.keys(file));
    expect(files).toEqual(limitKeys());
  });
});

/** Measured: docs/backtest.md has the figures. */
const fleetDefaults: PolicyOverrides = {
  maxRisk: 1,
  horizonHours: 0.5,
  interruptionCostHours: 0.75,
  switchCostHours: 0.02,
  dwellHours: 0,
  hysteresisPercent: 0.5,
  fallbackPercent: 25,
  maxOffers: 20,
};

describe("the effective policy", () => {
  it.each<[PipelineMode, PolicyOverrides]>([
    ["LINEAR", {}],
    ["CLUSTER", fleetDefaults],
    ["KUBERNETES", fleetDefaults],
  ])("of %s without overrides is the defaults of that mode", (mode, different) => {
    expect(effectivePolicy(mode)).toEqual({ ...defaults, ...different });
  });

  it.each(everyMode)("of %s lays the overrides over them and keeps the others", (mode) => {
    expect(effectivePolicy(mode, { maxRisk: 0.2, maxOffers: 3 })).toEqual({
      ...effectivePolicy(mode),
      maxRisk: 0.2,
      maxOffers: 3,
    });
  });

  it("is each mode's own where several are asked for with the same overrides", () => {
    const overrides: PolicyOverrides = { maxOffers: 3 };
    const policies = everyMode.map((mode) => effectivePolicy(mode, overrides));
    expect(policies).toEqual(everyMode.map((mode) => effectivePolicy(mode, { maxOffers: 3 })));
    expect(everyMode.map((mode) => effectivePolicy(mode, overrides))).toEqual(policies);
  });

  it("can be changed by nobody who has it", () => {
    const { quarantine } = effectivePolicy("LINEAR");
    expect(() => Object.assign(effectivePolicy("LINEAR"), { maxOffers: 1 })).toThrow(TypeError);
    expect(() => Object.assign(quarantine, { losses: 1 })).toThrow(TypeError);
  });

  it.each(everyMode)("of %s has a default for each limit that does not apply to it", (mode) => {
    const policy = effectivePolicy(mode, { consistency: "stateless", maxPoolSharePercent: 50 });
    for (const key of limitKeys().filter((limit) => !modesOf(limit).includes(mode))) {
      expect([key, policy[key]]).toEqual([key, defaults[key]]);
    }
  });

  it.each(everyMode)(
    "of %s takes no limit that does not exist, and no value out of range",
    (mode) => {
      expect(() => effectivePolicy(mode, { maxHope: 1 } as PolicyOverrides)).toThrow("maxHope");
      expect(() => effectivePolicy(mode, { maxRisk: 2 })).toThrow("maxRisk");
    },
  );
});

describe("overrides that do not apply", () => {
  const overrides: PolicyOverrides = {
    snapshotDays: 1,
    maxRisk: 0.2,
    requireApproval: true,
    maxPoolSharePercent: 50,
    consistency: "stateless",
  };

  it.each<[PipelineMode, readonly string[]]>([
    ["LINEAR", ["maxPoolSharePercent"]],
    ["CLUSTER", ["consistency", "snapshotDays"]],
    ["KUBERNETES", ["consistency", "snapshotDays"]],
  ])("to %s are named, and only they", (mode, named) => {
    expect(inapplicableOverrides(mode, overrides)).toEqual(named);
    expect(inapplicableOverrides(mode, { maxRisk: 0.2 })).toEqual([]);
  });
});
