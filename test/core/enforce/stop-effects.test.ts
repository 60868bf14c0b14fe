import { describe, expect, it } from "@jest/globals";
import { effectsOf, verdictOf } from "../../../core/enforce/stop-effects.ts";
import type { SeenInstance } from "../../../core/model/seen-instance.ts";
import { seen } from "./samples.ts";

const judged = (change: Partial<SeenInstance>, disks: boolean | undefined = false) => {
  const effects = effectsOf(seen(change), disks);
  return { effects, verdict: verdictOf(effects) };
};

describe("what a stop would do", () => {
  it.each([
    ["an instance-store root can't be stopped", { hasRootOnEbs: false }, "ROOT_IN_INSTANCE_STORE"],
    ["others' traffic goes through it", { forwards: true }, "FORWARDS_TRAFFIC"],
    ["a targeted reservation costs on", { isInTargetedReservation: true }, "TARGETED_RESERVATION"],
    ["a dedicated host costs on", { isOnDedicatedHost: true }, "DEDICATED_HOST"],
    ["capacity of an Outpost may not return", { isOnOutpost: true }, "OUTPOST"],
    ["capacity of a Local Zone may not return", { zoneName: "us-west-2-lax-1a" }, "LOCAL_ZONE"],
  ] as const)("is reported, and it is not stopped: %s", (_, change, effect) => {
    expect(judged(change)).toEqual({ effects: [effect], verdict: "REPORT" });
  });

  it.each([
    ["the data of its instance-store disks are erased", {}, true, "INSTANCE_STORE_DISKS"],
    ["whether it has such disks is not known", {}, undefined, "INSTANCE_STORE_UNKNOWN"],
    [
      "its stack would drift",
      { tags: { "aws:cloudformation:stack-id": "arn:aws:cloudformation:…" } },
      false,
      "CLOUDFORMATION_STACK",
    ],
  ] as const)("is asked for: %s", (_, change, disks, effect) => {
    const effects = effectsOf(seen(change), disks);
    expect({ effects, verdict: verdictOf(effects) }).toEqual({
      effects: [effect],
      verdict: "ASK",
    });
  });

  it("is told in the notice alone: the address that EC2 lent is lost", () => {
    expect(judged({ hasLentAddress: true })).toEqual({
      effects: ["LOSES_PUBLIC_ADDRESS"],
      verdict: "STOP",
    });
  });

  it("is nothing more for a plain instance, and the gravest rules where there are several", () => {
    expect(judged({})).toEqual({ effects: [], verdict: "STOP" });
    expect(judged({ forwards: true }, true)).toMatchObject({ verdict: "REPORT" });
    expect(verdictOf(["STOP_PROTECTED"])).toBe("REPORT");
    expect(verdictOf(["TERMINATION_PROTECTED"])).toBe("REPORT");
  });
});
