import { describe, expect, it } from "@jest/globals";
import { ownersStopOf } from "../../../../core/decide/linear/who-stopped.ts";
import type { InstanceStop } from "../../../../core/model/instance.ts";
import type { Intent } from "../../../../core/model/intent.ts";

const byUser = "Client.UserInitiatedShutdown";
const ours: Intent = {
  id: "stop-original",
  status: "ACTED",
  fence: 1,
  plannedAt: "2026-03-02T09:00:00.000Z",
  change: { kind: "STOP_INSTANCE", instanceId: "i-1" },
};

const theirs = (stop?: InstanceStop, launchedAt = "2026-02-01T00:00:00.000Z", intents = [ours]) =>
  ownersStopOf({ instanceId: "i-1", launchedAt, ...(stop && { stop }) }, intents);

describe("a stopped original", () => {
  it.each<[string, InstanceStop | undefined]>([
    ["at the time of our stop", { code: byUser, at: "2026-03-02T09:00:00.000Z" }],
    ["within a second of it, in whole ones", { code: byUser, at: "2026-03-02T08:59:59.000Z" }],
    ["a while after it was planned", { code: byUser, at: "2026-03-02T09:01:00.000Z" }],
    ["for a reason that EC2 does not give", {}],
    ["and of which EC2 says nothing", undefined],
  ])("was stopped by us %s", (_, stop) => {
    expect(theirs(stop)).toBeUndefined();
  });

  it.each<[string, InstanceStop, string]>([
    ["before ours was planned", { code: byUser, at: "2026-03-02T08:59:00.000Z" }, "08:59:00"],
    ["from within", { code: "Client.InstanceInitiatedShutdown" }, "InstanceInitiatedShutdown"],
    ["by EC2", { code: "Server.ScheduledStop" }, "Server.ScheduledStop"],
  ])("was not stopped by us %s", (_, stop, words) => {
    expect(theirs(stop)?.sentence).toContain(words);
  });

  it("was not stopped by us where it was started since: we stop once", () => {
    const at = "2026-03-02T09:30:00.000Z";
    expect(theirs({ code: byUser, at }, "2026-03-02T09:20:00.000Z")).toMatchObject({ at });
  });

  it("is not judged where we planned no stop", () => {
    expect(theirs({ code: byUser }, undefined, [])).toBeUndefined();
  });
});
