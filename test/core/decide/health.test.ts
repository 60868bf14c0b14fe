import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { judgeHealth } from "../../../core/decide/health.ts";
import type { CheckStatus, InstanceHealth, InstanceState } from "../../../core/model/instance.ts";

const well: InstanceHealth = {
  instanceId: "i-0123456789abcdef0",
  state: "running",
  system: "ok",
  instance: "ok",
  attachedEbs: "ok",
  spotStatus: "fulfilled",
};
const { state: _running, spotStatus: _fulfilled, ...bare } = well;

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

  it("is never proved by anything but a full set of passes", () => {
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
    fc.assert(
      fc.property(
        fc.constantFrom(...states),
        fc.tuple(...[0, 1, 2].map(() => fc.constantFrom(...readings))),
        fc.constantFrom(...codes),
        (state, [system = "unknown", instance = "unknown", attachedEbs = "unknown"], code) => {
          const judged = judgeHealth({
            instanceId: well.instanceId,
            ...(state === undefined ? {} : { state }),
            system,
            instance,
            attachedEbs,
            ...(code === undefined ? {} : { spotStatus: code }),
          });
          const isProved =
            state === "running" &&
            system === "ok" &&
            instance === "ok" &&
            (attachedEbs === "ok" || attachedEbs === "not-applicable") &&
            (code === undefined || code === "fulfilled");
          expect(judged.kind === "HEALTHY").toBe(isProved);
        },
      ),
      { numRuns: 500 },
    );
  });
});
