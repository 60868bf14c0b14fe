import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { OwnersConsent } from "../../../../core/decide/linear/eligibility/ownership.ts";
import { judgeUseOfOriginal } from "../../../../core/decide/linear/retirement.ts";
import { nextWatch } from "../../../../core/decide/switch/watch.ts";
import { judgeRest } from "../../../../core/decide/switch/retirement.ts";
import type { InstanceFacts, InstanceState } from "../../../../core/model/instance.ts";
import {
  dataVolume,
  plainInstance,
  primaryEni,
  rootVolume,
  secondaryEni,
} from "./eligible-facts.ts";

const dueAt = "2026-03-02T12:00:00.000Z";
const hoursLater = (hours: number): Date => new Date(Date.parse(dueAt) + hours * 3_600_000);
const tags = {
  "spot-optimizer:retire-after": dueAt,
  "spot-optimizer:evaluation": "evl-1",
  "spot-optimizer:deployment": "dep-1",
};
const original: InstanceFacts = { ...plainInstance, state: "stopped", tags };

type Input = Parameters<typeof judgeRest>[0];
const due: Input = {
  original,
  retired: {
    instanceId: original.instanceId,
    dueAt,
    launchedAt: original.launchedAt,
    evaluationId: "evl-1",
    deploymentId: "dep-1",
  },
  successorId: "i-0successor",
  now: hoursLater(0.1),
};

describe("a retired original", () => {
  it.each<[string, Partial<Input>, object]>([
    ["is due when its time has come", {}, { kind: "DUE" }],
    ["rests until then", { now: hoursLater(-0.1) }, { kind: "RESTS" }],
    [
      "is left to its owner when it was started again",
      { original: { ...original, state: "running" } },
      { kind: "KEPT", reason: "STARTED_AGAIN", sentence: expect.stringContaining("i-0successor") },
    ],
    [
      "is so at once, and not only when it is due",
      { original: { ...original, state: "pending" }, now: hoursLater(-20) },
      { kind: "KEPT", reason: "STARTED_AGAIN" },
    ],
    [
      "is left to its owner when it was started and stopped again",
      { original: { ...original, launchedAt: "2026-03-02T10:00:00.000Z" } },
      { kind: "KEPT", reason: "USED_SINCE", sentence: expect.stringContaining("10:00:00") },
    ],
    [
      "is left to its owner when it lost its tag",
      { original: { ...original, tags: { ...tags, "spot-optimizer:retire-after": "later" } } },
      { kind: "KEPT", reason: "TAG_CHANGED" },
    ],
    [
      "is left to another evaluation that has taken it",
      { original: { ...original, tags: { ...tags, "spot-optimizer:evaluation": "evl-2" } } },
      { kind: "KEPT", reason: "NOT_OURS", sentence: expect.stringContaining("evl-2") },
    ],
    [
      "is left to another deployment that has taken it",
      { original: { ...original, tags: { ...tags, "spot-optimizer:deployment": "dep-2" } } },
      { kind: "KEPT", reason: "NOT_OURS", sentence: expect.stringContaining("dep-2") },
    ],
    [
      "is left alone when it serves its target again",
      { successorId: original.instanceId },
      { kind: "KEPT", reason: "SERVES" },
    ],
    [
      "is gone when it was terminated",
      { original: { ...original, state: "terminated" } },
      { kind: "GONE" },
    ],
    ["is waited for while EC2 does not show it", { original: undefined }, { kind: "WAITING" }],
    [
      "is gone when EC2 has not shown it for a day",
      { original: undefined, now: hoursLater(24.1) },
      { kind: "GONE" },
    ],
  ])("%s", (_what, change, expected) => {
    expect(judgeRest({ ...due, ...change })).toMatchObject(expected);
  });

  it("is never due unless it is stopped, as it was when it was retired, and tagged so", () => {
    const states: readonly InstanceState[] = [
      "pending",
      "running",
      "stopping",
      "stopped",
      "shutting-down",
      "terminated",
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...states),
        fc.constantFrom(original.launchedAt, "2026-03-02T11:00:00.000Z"),
        fc.constantFrom(tags, {}, { ...tags, "spot-optimizer:deployment": "dep-2" }),
        fc.integer({ min: -30, max: 72 }),
        (state, launchedAt, found, hours) => {
          const rest = judgeRest({
            ...due,
            original: { ...original, state, launchedAt, tags: found },
            now: hoursLater(hours),
          });
          const isAsRetired =
            state === "stopped" && launchedAt === original.launchedAt && found === tags;
          expect(rest.kind === "DUE").toBe(isAsRetired && hours >= 0);
        },
      ),
    );
  });
});

describe("an original whose time has come", () => {
  const bare: InstanceFacts = {
    ...original,
    volumes: [rootVolume],
    networkInterfaces: [
      { ...primaryEni, privateAddresses: [{ privateIp: "10.0.0.10", primary: true }] },
    ],
  };
  const refused: OwnersConsent = { acceptIacDrift: false, acceptOwnerStops: false };
  const consented: OwnersConsent = { acceptIacDrift: true, acceptOwnerStops: true };

  const tagged = (
    owners: Readonly<Record<string, string>>,
    consents: readonly OwnersConsent[] = [refused],
  ): Partial<Parameters<typeof judgeUseOfOriginal>[0]> => ({
    original: { ...bare, tags: { ...bare.tags, ...owners } },
    consents,
  });

  const unused = {
    original: bare,
    before: { volumes: [rootVolume] },
    groups: [],
    consents: [refused],
  };

  it.each<[string, Partial<Parameters<typeof judgeUseOfOriginal>[0]>, string | undefined]>([
    ["is used for nothing", {}, undefined],
    ["has no root any longer, which travelled", { original: { ...bare, volumes: [] } }, undefined],
    ["is protected", { original: { ...bare, disableApiTermination: true } }, "PROTECTED"],
    ["got a data volume", { original: { ...bare, volumes: [rootVolume, dataVolume] } }, "IN_USE"],
    [
      "got another root",
      { original: { ...bare, volumes: [{ ...rootVolume, volumeId: "vol-other" }] } },
      "IN_USE",
    ],
    [
      "got an interface",
      { original: { ...bare, networkInterfaces: [...bare.networkInterfaces, secondaryEni] } },
      "IN_USE",
    ],
    [
      "got an Elastic IP",
      {
        original: {
          ...bare,
          networkInterfaces: [
            {
              ...primaryEni,
              privateAddresses: [
                { privateIp: "10.0.0.10", primary: true, allocationId: "eipalloc-9" },
              ],
            },
          ],
        },
      },
      "IN_USE",
    ],
    ["was registered", { groups: ["arn:web"] }, "REGISTERED"],
    ["came into a service's hands", tagged({ "aws:cloud9:environment": "e" }), "OWNED_BY_OTHERS"],
    ["is an EKS node by now", tagged({ "eks:nodegroup-name": "n" }), "OWNED_BY_OTHERS"],
    ["is stopped by a schedule", tagged({ Schedule: "office" }), "OWNED_BY_OTHERS"],
    ["is stopped so with consent", tagged({ Schedule: "office" }, [consented]), undefined],
    ["is code's", tagged({ "aws:cloudformation:stack-id": "s" }), "OWNED_BY_OTHERS"],
    ["is code's with consent", tagged({ terraform: "yes" }, [consented, consented]), undefined],
    [
      "is code's, and the consent was taken back since",
      tagged({ terraform: "yes" }, [consented, refused]),
      "OWNED_BY_OTHERS",
    ],
  ])("and %s", (_what, change, reason) => {
    expect(judgeUseOfOriginal({ ...unused, ...change })?.reason).toBe(reason);
  });
});

describe("the watch of a resting original", () => {
  it.each([
    [-24, -23],
    [-0.5, 0],
    [1, 0],
  ])("looks, %d h from due, at %d h", (now, next) => {
    expect(nextWatch(hoursLater(now), dueAt)).toBe(hoursLater(next).toISOString());
  });
});
