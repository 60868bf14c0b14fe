import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { isTakenByPool, judgeHealth } from "../../../../core/decide/switch/health.ts";
import type {
  CheckStatus,
  InstanceHealth,
  InstanceState,
} from "../../../../core/model/instance.ts";

const bare: InstanceHealth = {
  instanceId: "i-0123456789abcdef0",
  system: "ok",
  instance: "ok",
  attachedEbs: "ok",
};
const well: InstanceHealth = { ...bare, state: "running", spotStatus: "fulfilled" };

describe("health", () => {
  it.each<[string, InstanceHealth]>([
    ["all checks passed", well],
    ["no EBS check applies", { ...well, attachedEbs: "not-applicable" }],
    ["it has no Spot request", { ...bare, state: "running" }],
    ["its request was cancelled", { ...well, spotStatus: "request-canceled-and-instance-running" }],
  ])("is proved when %s", (_, health) => {
    expect(judgeHealth(health)).toEqual({ kind: "HEALTHY" });
  });

  it.each<[string, InstanceHealth, string]>([
    ["EC2 does not show it", bare, "does not show"],
    ["it is pending", { ...well, state: "pending" }, "pending"],
    ["a check is open", { ...well, instance: "initializing" }, "instance check is initializing"],
    ["data are insufficient", { ...well, system: "insufficient-data" }, "insufficient-data"],
    ["a check is unknown", { ...well, attachedEbs: "unknown" }, "attached EBS check is unknown"],
    ["the system check does not apply", { ...well, system: "not-applicable" }, "not-applicable"],
    ["its request is pending", { ...well, spotStatus: "pending-fulfillment" }, "pending-fulfill"],
    ["its request says what we do not know", { ...well, spotStatus: "novelty" }, "novelty"],
  ])("is waited for when %s", (_, health, words) => {
    const judged = judgeHealth(health);
    expect(judged).toMatchObject({ kind: "WAITING", sentence: expect.stringContaining(words) });
  });
});

describe("lack of health", () => {
  it.each<[string, InstanceHealth, string]>([
    ["the system check", { ...well, system: "impaired" }, "system check"],
    [
      "two checks",
      { ...well, instance: "impaired", attachedEbs: "impaired" },
      "instance and attached EBS",
    ],
    ["a check, while it is pending", { ...well, state: "pending", system: "impaired" }, "system"],
    ["to run: stopped", { ...well, state: "stopped", stateReason: "Client.User" }, "(Client.User)"],
    ["to run: stopping", { ...well, state: "stopping" }, "stopping"],
  ])("has failed when it fails %s", (_, health, words) => {
    const judged = judgeHealth(health);
    expect(judged).toMatchObject({ kind: "FAILED", sentence: expect.stringContaining(words) });
  });

  it.each<[string, InstanceHealth, string]>([
    [
      "terminated",
      { ...well, state: "terminated", stateReason: "Client.InternalError" },
      "is terminated (Client.InternalError)",
    ],
    ["shutting down", { ...well, state: "shutting-down" }, "shutting-down"],
    ["marked", { ...well, spotStatus: "marked-for-termination" }, "marked-for-termination"],
    ["marked to stop", { ...well, spotStatus: "marked-for-stop" }, "marked-for-stop"],
    [
      "taken for capacity",
      { ...well, spotStatus: "instance-terminated-no-capacity" },
      "instance-terminated-no-capacity",
    ],
    [
      "ended by a person",
      { ...well, spotStatus: "spot-instance-terminated-by-user" },
      "spot-instance-terminated-by-user",
    ],
    [
      "marked and impaired",
      { ...well, system: "impaired", spotStatus: "marked-for-stop" },
      "marked",
    ],
  ])("is lost when %s", (_, health, words) => {
    const judged = judgeHealth(health);
    expect(judged).toMatchObject({ kind: "LOST", sentence: expect.stringContaining(words) });
  });
});

describe("a pool's loss", () => {
  it.each<[string, Partial<InstanceHealth>]>([
    ["the request says so, while it runs", { spotStatus: "instance-terminated-no-capacity" }],
    ["the request says so of a stop", { spotStatus: "instance-stopped-no-capacity" }],
    ["there was none for the launch", { stateReason: "Server.InsufficientInstanceCapacity" }],
    [
      "its owner ended it after the notice",
      {
        spotStatus: "instance-terminated-no-capacity",
        stateReason: "Client.UserInitiatedShutdown",
      },
    ],
  ])("is one that it took for want of capacity: %s", (_, health) => {
    expect(isTakenByPool({ ...well, ...health })).toBe(true);
  });

  it.each<[string, Partial<InstanceHealth>]>([
    ["its owner", { spotStatus: "instance-terminated-by-user" }],
    ["its owner, in the older word", { spotStatus: "spot-instance-terminated-by-user" }],
    ["a service", { spotStatus: "instance-terminated-by-service" }],
    ["an experiment", { spotStatus: "instance-terminated-by-experiment" }],
    ["the account's own maximum price", { spotStatus: "instance-terminated-by-price" }],
    ["a launch group", { spotStatus: "instance-terminated-launch-group-constraint" }],
    ["a key", { state: "terminated", stateReason: "Client.InternalError" }],
    ["a quota", { state: "terminated", stateReason: "Client.VolumeLimitExceeded" }],
    ["EC2, for price or capacity", { stateReason: "Server.SpotInstanceTermination" }],
    ["nobody yet: it is marked", { spotStatus: "marked-for-termination" }],
    ["a word that we do not know", { spotStatus: "instance-terminated-by-whim" }],
  ])("is not what %s ended", (_, health) => {
    expect(isTakenByPool({ ...well, spotStatus: "fulfilled", ...health })).toBe(false);
  });
});

const states: readonly (InstanceState | undefined)[] = [
  undefined,
  "pending",
  "running",
  "stopping",
  "stopped",
  "shutting-down",
  "terminated",
];
const readings: readonly CheckStatus[] = [
  "ok",
  "impaired",
  "initializing",
  "insufficient-data",
  "not-applicable",
  "unknown",
];
const codes = [undefined, "fulfilled", "marked-for-termination", "pending-evaluation", "x"];

const anyHealth: fc.Arbitrary<InstanceHealth> = fc
  .record({
    state: fc.constantFrom(...states),
    system: fc.constantFrom(...readings),
    instance: fc.constantFrom(...readings),
    attachedEbs: fc.constantFrom(...readings),
    spotStatus: fc.constantFrom(...codes),
  })
  .map(({ state, spotStatus, ...checks }) => ({
    instanceId: bare.instanceId,
    ...checks,
    ...(state === undefined ? {} : { state }),
    ...(spotStatus === undefined ? {} : { spotStatus }),
  }));

const passes = ({ system, instance, attachedEbs }: InstanceHealth): boolean =>
  system === "ok" && instance === "ok" && ["ok", "not-applicable"].includes(attachedEbs);

describe("health, whatever EC2 says", () => {
  it("is never proved by anything but a full set of passes", () => {
    fc.assert(
      fc.property(anyHealth, (health) => {
        const isAtRest = [undefined, "fulfilled"].includes(health.spotStatus);
        expect(judgeHealth(health).kind === "HEALTHY").toBe(
          health.state === "running" && passes(health) && isAtRest,
        );
      }),
      { numRuns: 1000 },
    );
  });
});
