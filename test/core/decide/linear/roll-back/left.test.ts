import { describe, expect, it } from "@jest/globals";
import { planRollback } from "../../../../../core/decide/linear/roll-back/plan.ts";
import type {
  FoundThing,
  RollbackInput,
  RollbackPlan,
} from "../../../../../core/decide/linear/roll-back/world.ts";
import { atHome, bare, changes, intentOf, replacement } from "./samples.ts";

const ended = "2026-03-01T11:58:00.000Z";
const launch = { ...intentOf(changes.launch, "UNDONE"), undoneAt: ended };
const image = { ...intentOf(changes.warmImage, "UNDONE"), undoneAt: ended };

const plan = (tagged: readonly FoundThing[], change: Partial<RollbackInput> = {}): RollbackPlan =>
  planRollback({
    ...atHome,
    intents: [image, launch],
    replacements: [bare(replacement, "terminated")],
    tagged,
    ...change,
  });

const volume = { kind: "volume", id: "vol-9", state: "available" };
const ofImage = { kind: "snapshot", id: "snap-1", state: "completed", imageId: "ami-warm" };
const backup = { kind: "snapshot", id: "snap-2", state: "completed" };

describe("what carries our tags when replacement and image have ended", () => {
  it.each([
    volume,
    { ...volume, state: "in-use", instanceId: replacement },
    { kind: "network-interface", id: "eni-9", state: "in-use", instanceId: replacement },
    { kind: "spot-instances-request", id: "sir-9", state: "active", instanceId: replacement },
  ])("is waited for where EC2 ends it with the instance: $kind $state", (thing) => {
    expect(plan([thing])).toMatchObject({
      kind: "WAIT",
      sentence: expect.stringContaining(thing.id),
      on: ["tagged"],
    });
  });

  it("is named, and not touched, when it stays for minutes after the end", () => {
    expect(plan([volume], { now: "2026-03-01T12:03:00.000Z" })).toEqual({
      kind: "DONE",
      left: [volume],
    });
  });

  it("is not waited for where it belongs to an instance that we did not launch", () => {
    const copied = { ...volume, state: "in-use", instanceId: "i-of-the-customer" };
    expect(plan([copied])).toEqual({
      kind: "DONE",
      left: [{ kind: "volume", id: "vol-9", state: "in-use" }],
    });
  });

  it.each([
    ["by EC2's description of it", ofImage, {}],
    [
      "by the intent that noted it before the image went",
      { ...ofImage, imageId: "ami-of-nobody" },
      {
        intents: [launch, { ...image, change: { ...changes.warmImage, snapshotIds: ["snap-1"] } }],
      },
    ],
  ] as const)("is deleted where it is a snapshot of our image: %s", (_name, thing, change) => {
    expect(plan([backup, thing], change)).toMatchObject({
      kind: "ACT",
      action: { kind: "DELETE_SNAPSHOT", snapshotId: "snap-1" },
    });
  });

  it.each([
    ["itself", { imageId: "ami-warm" }],
    ["by another reading alone", { imageId: "ami-other", snapshotIds: ["snap-1"] }],
  ])("is left to its image while EC2 shows that: %s", (_name, found) => {
    const images = [{ state: "deregistered", snapshotIds: [], ...found }];
    expect(plan([ofImage], { images })).toMatchObject({ kind: "DONE" });
  });

  it("is never deleted where a backup copied our tags", () => {
    expect(plan([backup])).toEqual({ kind: "DONE", left: [backup] });
  });
});
