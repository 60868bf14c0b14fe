import { describe, expect, it } from "@jest/globals";
import { planRollback } from "../../../../../core/decide/linear/roll-back/plan.ts";
import type { RollbackInput } from "../../../../../core/decide/linear/roll-back/world.ts";
import { atHome, bare, before, changes, groupArn, intentOf, replacement } from "./samples.ts";

const all = Object.values(changes).map((change) => intentOf(change));
const tagged = { ...bare(replacement), isTagged: true };
const image = { imageId: "ami-warm", state: "available", snapshotIds: ["snap-1"] };

/** The original is stopped, with all that it has: it is the newer evaluation's. */
const plan = (change: Partial<RollbackInput>) =>
  planRollback({
    ...atHome,
    original: { ...before, state: "stopped" },
    intents: all,
    supersededBy: "evl-newer",
    ...change,
  });

describe("planRollback, when another evaluation was begun at the original since", () => {
  it("neither starts the original, nor takes anything back, nor takes its tags away", () => {
    expect(plan({})).toEqual({ kind: "DONE" });
    expect(plan({ original: undefined })).toEqual({ kind: "DONE" });
    expect(plan({ addresses: [], volumes: [], interfaces: [] })).toEqual({ kind: "DONE" });
  });

  it("ends what carries its own tag, and its images after that", () => {
    expect(plan({ replacements: [tagged], images: [image] })).toMatchObject({
      kind: "ACT",
      action: { kind: "TERMINATE_REPLACEMENT", instanceId: replacement },
    });
    expect(
      plan({ replacements: [{ ...tagged, state: "terminated" }], images: [image] }),
    ).toMatchObject({ kind: "ACT", action: { kind: "DELETE_IMAGE", imageId: "ami-warm" } });
  });

  it("leaves what an intent names and what does not carry its tag", () => {
    expect(plan({ replacements: [bare(replacement)] })).toEqual({ kind: "DONE" });
  });

  it.each([
    ["a volume", { volumes: [{ volumeId: "vol-1" }] }, "vol-1"],
    [
      "an address",
      {
        networkInterfaces: [
          {
            networkInterfaceId: "eni-b",
            privateAddresses: [{ privateIp: "10.0.0.20", allocationId: "eipalloc-1" }],
          },
        ],
      },
      "eipalloc-1",
    ],
  ])("asks a person about a replacement that holds %s of the original", (_what, held, id) => {
    expect(plan({ replacements: [{ ...tagged, ...held }], images: [image] })).toEqual({
      kind: "NEEDS_OPERATOR",
      sentence: expect.stringContaining(id),
    });
  });

  it.each(["instanceIds", "drainingInstanceIds"] as const)(
    "asks a person about a replacement among the %s of a target group",
    (where) => {
      const group = { arn: groupArn, port: 80, instanceIds: [], [where]: [replacement] };
      expect(plan({ replacements: [tagged], targetGroups: [group] })).toEqual({
        kind: "NEEDS_OPERATOR",
        sentence: expect.stringContaining(groupArn),
      });
    },
  );

  it("tells a person what AWS refuses", () => {
    const refused = [
      { actionId: `TERMINATE_REPLACEMENT ${replacement}`, sentence: "AWS says no." },
    ];
    expect(plan({ replacements: [tagged], refused })).toEqual({
      kind: "NEEDS_OPERATOR",
      sentence: expect.stringContaining("AWS says no."),
    });
  });
});
