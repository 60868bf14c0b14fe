import { describe, expect, it } from "@jest/globals";
import {
  buysOnDemand,
  downSince,
  takenOf,
  tellTaken,
} from "../../../../core/decide/linear/recovery.ts";
import { instanceIdSchema } from "../../../../core/model/ids.ts";
import type { InstanceHealth } from "../../../../core/model/instance.ts";

const health = (found: Partial<InstanceHealth>): InstanceHealth => ({
  instanceId: "i-0000000000000000a",
  system: "unknown",
  instance: "unknown",
  attachedEbs: "unknown",
  ...found,
});

describe("a Spot Instance", () => {
  it.each<[string, Partial<InstanceHealth>, ReturnType<typeof takenOf>]>([
    ["lives", { state: "running", spotStatus: "fulfilled" }, undefined],
    [
      "lives when its owner has cancelled the request alone",
      { state: "running", spotStatus: "request-canceled-and-instance-running" },
      undefined,
    ],
    [
      "is announced by the code that sounds like an end, while it runs",
      { state: "running", spotStatus: "instance-terminated-no-capacity" },
      { how: "ANNOUNCED", by: "EC2" },
    ],
    [
      "is announced by a mark",
      { state: "running", spotStatus: "marked-for-termination" },
      { how: "ANNOUNCED", by: "EC2" },
    ],
    [
      "has ended for want of capacity",
      { state: "terminated", spotStatus: "instance-terminated-no-capacity" },
      { how: "ENDED", by: "EC2" },
    ],
    [
      "has ended by an experiment",
      { state: "terminated", spotStatus: "instance-terminated-by-experiment" },
      { how: "ENDED", by: "EC2" },
    ],
    [
      "has ended by EC2, whose request is forgotten",
      { state: "shutting-down", stateReason: "Server.SpotInstanceTermination" },
      { how: "ENDED", by: "EC2" },
    ],
    [
      "has ended by its owner, whatever the state's reason says",
      {
        state: "terminated",
        stateReason: "Server.InternalError",
        spotStatus: "instance-terminated-by-user",
      },
      { how: "ENDED", by: "OWNER" },
    ],
    [
      "has ended by its own shutdown",
      { state: "terminated", stateReason: "Client.InstanceInitiatedShutdown" },
      { how: "ENDED", by: "OWNER" },
    ],
    ["has ended, and nobody says why", { state: "terminated" }, { how: "ENDED", by: "UNKNOWN" }],
    [
      "is no longer shown, and its request tells",
      { spotStatus: "instance-terminated-no-capacity" },
      { how: "ENDED", by: "EC2" },
    ],
    ["is no longer shown, and nothing tells", {}, undefined],
  ])("%s", (_what, found, taken) => {
    expect(takenOf(health(found))).toEqual(taken);
  });

  const seenAt = "2026-03-02T09:10:00.000Z";

  it.each([
    ["two minutes after the notice", "ENDED", "2026-03-02T09:05:00.000Z", "09:07:00"],
    ["when it was seen, at the latest", "ENDED", "2026-03-02T09:09:00.000Z", "09:10:00"],
    ["when it was seen, where EC2 does not say", "ENDED", undefined, "09:10:00"],
    ["in two minutes, where it is announced", "ANNOUNCED", seenAt, "09:12:00"],
  ] as const)("is down %s", (_what, how, statusSince, time) => {
    const since = downSince({ how, by: "EC2" }, { seenAt, statusSince });
    expect(since).toBe(`2026-03-02T${time}.000Z`);
  });

  it("is followed by On-Demand where no pool is worth it, or none gave an instance", () => {
    expect(buysOnDemand({ kind: "SWITCH" }, {})).toBe(false);
    expect(buysOnDemand({ kind: "SWITCH" }, { spotExhausted: "No offer." })).toBe(true);
    expect(buysOnDemand({ kind: "FALLBACK_ON_DEMAND" }, {})).toBe(true);
  });

  it("is followed by On-Demand where the kept original takes over, until that is given up", () => {
    const instanceId = instanceIdSchema.parse("i-00000000000000009");
    const keptOriginal = { instanceId };
    expect(buysOnDemand({ kind: "SWITCH" }, { keptOriginal })).toBe(true);
    const refusal = "EC2 has no room.";
    expect(buysOnDemand({ kind: "SWITCH" }, { keptOriginal: { instanceId, refusal } })).toBe(false);
  });
});

it("what was taken for its owner's maximum price is told with that advice, and nothing else is", () => {
  const taken = (spotStatus: string) => tellTaken(health({ state: "terminated", spotStatus }));
  expect(taken("instance-terminated-by-price")).toBe(
    "i-0000000000000000a is terminated, and its Spot request instance-terminated-by-price. It was taken for the maximum price that its own " +
      "request sets, and not for want of capacity: without one it would run on.",
  );
  expect(taken("instance-terminated-no-capacity")).toBe(
    "i-0000000000000000a is terminated, and its Spot request instance-terminated-no-capacity.",
  );
});
