import { describe, expect, it } from "@jest/globals";
import { needOfInstance } from "../../../../core/decide/linear/need.ts";
import {
  judgeRootMove,
  judgeRootTask,
  movesRootVolume,
  type RootTaskStanding,
} from "../../../../core/decide/linear/root-move.ts";
import { consistencySchema, rootTransferSchema } from "../../../../core/policy/linear.ts";
import { dataVolume, plainInstance, rootVolume } from "./eligible-facts.ts";

const judge = (change: {
  readonly replacementZoneId?: string;
  readonly isReplacementEncrypted?: boolean;
  readonly volumes?: typeof plainInstance.volumes;
}) =>
  judgeRootMove({
    original: { ...plainInstance, volumes: change.volumes ?? [dataVolume, rootVolume] },
    replacementZoneId: change.replacementZoneId ?? plainInstance.zoneId,
    isReplacementEncrypted: change.isReplacementEncrypted ?? false,
  });

describe("whether the root volume itself can move", () => {
  it("can, to a replacement in its zone", () => {
    expect(judge({})).toEqual({ kind: "MOVES", root: rootVolume });
  });

  it("cannot leave its zone, and names both", () => {
    expect(judge({ replacementZoneId: "use1-az9" })).toEqual({
      kind: "CANNOT_MOVE",
      sentence: `The root volume vol-root is in ${plainInstance.zoneId}, the replacement in use1-az9.`,
    });
  });

  it.each([
    { root: false, replacement: true, kind: "CANNOT_MOVE" },
    { root: true, replacement: true, kind: "MOVES" },
    { root: true, replacement: false, kind: "MOVES" },
  ])(
    "$kind where it is encrypted: $root, and what it replaces: $replacement",
    ({ root, replacement, kind }) => {
      const volumes = [{ ...rootVolume, encrypted: root }];
      expect(judge({ volumes, isReplacementEncrypted: replacement }).kind).toBe(kind);
    },
  );

  it("cannot where there is none", () => {
    expect(judge({ volumes: [dataVolume] }).kind).toBe("CANNOT_MOVE");
  });
});

describe("whose root volume moves", () => {
  const all = consistencySchema.options.flatMap((consistency) =>
    rootTransferSchema.options.map((rootTransfer) => ({ consistency, rootTransfer })),
  );

  it("is that of stop-and-image alone, where its owner chose so", () => {
    expect(all.filter(movesRootVolume)).toEqual([
      { consistency: "stop-and-image", rootTransfer: "move-root-volume" },
    ]);
  });

  it.each(all)("is pinned to its zone ($consistency, $rootTransfer)", (policy) => {
    const { pins } = needOfInstance({ ...plainInstance, volumes: [rootVolume] }, policy, []);
    expect(pins).toEqual(
      movesRootVolume(policy)
        ? [{ zoneId: plainInstance.zoneId, because: "root volume vol-root is" }]
        : [],
    );
  });
});

describe("how far a task is", () => {
  it.each<readonly [string | undefined, RootTaskStanding]>([
    ["pending", "OPEN"],
    ["in-progress", "OPEN"],
    ["failing", "OPEN"],
    // Not in the SDK's list.
    ["failing-detached", "OPEN"],
    ["a-state-of-tomorrow", "OPEN"],
    [undefined, "OPEN"],
    ["succeeded", "SUCCEEDED"],
    ["failed", "FAILED"],
    ["failed-detached", "FAILED_DETACHED"],
  ])("%s is %s", (state, standing) => {
    expect(judgeRootTask(state)).toBe(standing);
  });
});
