import { describe, expect, it } from "@jest/globals";
import { planRollback } from "../../../../../core/decide/linear/roll-back/plan.ts";
import type { RollbackInput } from "../../../../../core/decide/linear/roll-back/world.ts";
import { atHome, bare, before, changes, intentOf, original, replacement } from "./samples.ts";

const ended = intentOf({ kind: "END_ORIGINAL", instanceId: original });
const launch = intentOf(changes.launch);

const world: RollbackInput = {
  ...atHome,
  takesDataBack: true,
  isStateless: false,
  before: {
    ...before,
    rootDeviceName: "/dev/xvda",
    volumes: [
      { volumeId: "vol-root", deviceName: "/dev/xvda" },
      { volumeId: "vol-1", deviceName: "/dev/sdf" },
    ],
  },
  original: bare(original, "terminated"),
  intents: [launch, ended],
  replacements: [bare(replacement)],
};

const held = { kind: "NEEDS_OPERATOR", isHeld: true, heldBecause: "ONLY_FORWARD" };

describe("the roll-back of a way back with data", () => {
  it.each(["shutting-down", "terminated"] as const)(
    "undoes nothing once the Spot Instance is %s, and names its volumes",
    (state) => {
      const plan = planRollback({ ...world, original: bare(original, state) });
      expect(plan).toMatchObject({
        ...held,
        sentence: expect.stringContaining("vol-root (root), vol-1 on /dev/sdf"),
      });
      expect(plan).toMatchObject({
        sentence: expect.stringContaining(`resume the evaluation: ${replacement} takes over`),
      });
    },
  );

  it("does so too where EC2 no longer shows it, or has ended it itself", () => {
    expect(planRollback({ ...world, original: undefined })).toMatchObject(held);
    expect(planRollback({ ...world, intents: [launch] })).toMatchObject(held);
  });

  it("says what a person does where what was to take over is gone", () => {
    const plan = planRollback({ ...world, replacements: [bare(replacement, "terminated")] });
    expect(plan).toMatchObject({
      ...held,
      sentence: expect.stringContaining("launch an On-Demand Instance in the zone"),
    });
  });

  it("keeps what was launched while EC2 takes the Spot Instance back", () => {
    const taken = "Spot request is instance-terminated-no-capacity.";
    const input = { ...world, original: before, intents: [launch], originalTaken: taken };
    expect(planRollback(input)).toMatchObject({
      ...held,
      sentence: expect.stringContaining(taken),
    });
  });

  it("waits while it is not known whether the Spot Instance was asked to end", () => {
    const planned = { ...ended, status: "PLANNED" as const, plannedAt: world.now };
    const input = { ...world, original: before, intents: [launch, planned] };
    expect(planRollback(input)).toMatchObject({ kind: "WAIT", on: ["original"] });
    const long = { ...input, intents: [launch, { ...planned, plannedAt: "2026-03-01T11:50:00Z" }] };
    expect(planRollback(long)).toMatchObject({ action: { kind: "TERMINATE_REPLACEMENT" } });
    // One that has acted is waited for however long it takes.
    const acted = { ...input, intents: [launch, ended] };
    expect(planRollback(acted)).toMatchObject({ kind: "WAIT", on: ["original"] });
  });

  it("undoes all before that, and where EC2 refused the end", () => {
    const refused = { ...ended, status: "UNDONE" as const };
    for (const intents of [[launch], [launch, refused]]) {
      expect(planRollback({ ...world, original: before, intents })).toMatchObject({
        action: { kind: "TERMINATE_REPLACEMENT", instanceId: replacement },
      });
    }
  });
});

describe("the roll-back of a recovery with data", () => {
  const rootTask = intentOf({
    kind: "REPLACE_ROOT",
    instanceId: replacement,
    volumeId: "vol-root",
  });
  const image = intentOf({ kind: "CREATE_IMAGE", purpose: "final", imageName: "final" });
  const recovery = { ...world, isRecovery: true };
  const gone = { replacements: [bare(replacement, "terminated")] };
  const lost = {
    serving: { instanceId: replacement, health: { kind: "LOST" as const, sentence: "It ends." } },
  };

  it("gives the host up until the load's root is on its way", () => {
    expect(planRollback({ ...recovery, intents: [launch, ended] })).toMatchObject({
      action: { kind: "TERMINATE_REPLACEMENT", instanceId: replacement },
    });
  });

  it("undoes nothing from there on", () => {
    const plan = planRollback({ ...recovery, intents: [launch, ended, rootTask] });
    expect(plan).toMatchObject({ ...held, sentence: expect.stringContaining("vol-root (root)") });
  });

  it("looks at the host again before that: EC2 may still show one that has just ended", () => {
    const intents = [launch, ended, rootTask];
    const began = { ...recovery, intents, askedSince: "2026-03-01T11:59:31.000Z" };
    expect(planRollback(began)).toMatchObject({ kind: "WAIT", takes: "SECONDS", isTimed: true });
    expect(planRollback({ ...began, intents: [...intents, image] })).toMatchObject(held);
  });

  it("leaves a host that is lost with the root to the next recovery, and waits for its end", () => {
    const intents = [launch, ended, rootTask];
    expect(planRollback({ ...recovery, ...gone, intents })).not.toMatchObject(held);
    expect(planRollback({ ...recovery, ...lost, intents })).toMatchObject({ kind: "WAIT" });
  });

  it("holds what ran from an image of the root: the newer writes are there", () => {
    for (const each of [gone, lost]) {
      const intents = [launch, ended, rootTask, image];
      expect(planRollback({ ...recovery, ...each, intents })).toMatchObject(held);
    }
  });
});
