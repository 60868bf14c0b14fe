import { describe, expect, it } from "@jest/globals";
import {
  judgeFreeze,
  takenSince,
  takesDataBack,
  type FreezeInput,
} from "../../../../core/decide/linear/data-way-back.ts";

const spot = "i-0a";
const host = "i-0b";
const free: FreezeInput = {
  state: "terminated",
  instanceId: spot,
  hostIds: [host],
  volumeIds: ["vol-root", "vol-1"],
  found: [
    { volumeId: "vol-root", state: "available" },
    { volumeId: "vol-1", state: "available" },
  ],
};

describe("whose data are taken from it after its end", () => {
  it.each([
    ["FALL_BACK", "stop-and-image", true],
    ["FALL_BACK", "move-volumes", true],
    ["FALL_BACK", "stateless", false],
    ["RECOVER", "stop-and-image", true],
    ["RECOVER", "stateless", false],
    ["SWITCH", "stop-and-image", false],
    [undefined, "stop-and-image", false],
  ] as const)("a %s of a load that is %s: %s", (kind, consistency, takes) => {
    expect(takesDataBack({ ...(kind && { kind }), policy: { consistency } })).toBe(takes);
  });
});

describe("the freeze of a Spot Instance", () => {
  it.each(["terminated", undefined] as const)("is over when it is %s and all is free", (state) => {
    expect(judgeFreeze({ ...free, state })).toEqual({ kind: "FREE" });
  });

  it.each(["running", "shutting-down"] as const)(
    "is not over while it is %s, whatever its volumes show: it may still write",
    (state) => {
      expect(judgeFreeze({ ...free, state })).toMatchObject({ kind: "WAITING", resource: spot });
    },
  );

  it("is not over while a volume is not available, though the instance has ended", () => {
    const held = { volumeId: "vol-1", state: "in-use", attachedTo: spot };
    const detaching = { volumeId: "vol-1", state: "in-use" };
    for (const each of [held, detaching]) {
      const found = [...free.found.slice(0, 1), each];
      expect(judgeFreeze({ ...free, found })).toMatchObject({ kind: "WAITING", resource: "vol-1" });
    }
  });

  it("is over where what takes its place has them already, as after a resume", () => {
    const found = free.found.map((each) => ({ ...each, state: "in-use", attachedTo: host }));
    expect(judgeFreeze({ ...free, found })).toEqual({ kind: "FREE" });
  });

  it("names a volume that EC2 does not show, and one that somebody else has", () => {
    expect(judgeFreeze({ ...free, found: free.found.slice(0, 1) })).toMatchObject({
      kind: "MISSING",
      resource: "vol-1",
    });
    const found = free.found.map((each) => ({ ...each, state: "in-use", attachedTo: "i-0c" }));
    expect(judgeFreeze({ ...free, found })).toMatchObject({ kind: "TAKEN", resource: "vol-root" });
  });
});

describe("since when one that EC2 took is down", () => {
  it.each([
    ["two minutes after the status", "2026-03-01T10:00:00.000Z", "2026-03-01T10:02:00.000Z"],
    [
      "when it was seen, if that is earlier",
      "2026-03-01T10:04:00.000Z",
      "2026-03-01T10:05:00.000Z",
    ],
    ["when it was seen, where EC2 does not say", undefined, "2026-03-01T10:05:00.000Z"],
  ])("is %s", (_name, status, since) => {
    expect(takenSince("2026-03-01T10:05:00.000Z", status)).toBe(since);
  });
});
