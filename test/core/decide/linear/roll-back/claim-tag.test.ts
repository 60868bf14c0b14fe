import { describe, expect, it } from "@jest/globals";
import { planRollback } from "../../../../../core/decide/linear/roll-back/plan.ts";
import type { RollbackInput } from "../../../../../core/decide/linear/roll-back/world.ts";
import { atHome, bare, changes, intentOf, original, replacement } from "./samples.ts";

const claim = "dpl-0123456789#4";
const claimed = {
  ...intentOf({ kind: "CLAIM_ORIGINAL", instanceId: original, claim }),
  id: "claim-original",
};
const released = {
  ...intentOf({ kind: "RELEASE_CLAIM", instanceId: original, claim }),
  id: "release-claim",
};
const launch = intentOf(changes.launch);
const id = `RELEASE_CLAIM ${original} ${claim}`;

const plan = (change: Partial<RollbackInput>) => planRollback({ ...atHome, ...change });

describe("our claim on the original", () => {
  it("is taken away by its value once the replacement has ended, and not before", () => {
    const intents = [claimed, launch];
    expect(plan({ intents, replacements: [bare(replacement, "running")] })).toMatchObject({
      kind: "ACT",
      action: { kind: "TERMINATE_REPLACEMENT" },
    });
    expect(plan({ intents, replacements: [bare(replacement, "terminated")] })).toEqual({
      kind: "ACT",
      action: {
        kind: "RELEASE_CLAIM",
        id,
        instanceId: original,
        claim,
        undoes: "claim-original",
      },
    });
  });

  it("that was written by a call without an answer is taken away too", () => {
    expect(plan({ intents: [{ ...claimed, status: "PLANNED" }] })).toMatchObject({
      action: { kind: "RELEASE_CLAIM" },
    });
  });

  it.each([
    ["AWS refused to write", [{ ...claimed, status: "UNDONE" as const }]],
    ["a step has taken away", [claimed, released]],
  ])("that %s is left alone", (_, intents) => {
    expect(plan({ intents, tagged: [] })).toEqual({ kind: "DONE" });
  });

  it("that AWS refuses to give up is told, with all else as it was", () => {
    const refused = [{ actionId: id, sentence: "AWS said no.", error: new Error() as never }];
    expect(plan({ intents: [claimed], refused })).toEqual({
      kind: "NEEDS_OPERATOR",
      sentence: expect.stringContaining(
        `AWS said no. The original ${original} is running`,
      ) as unknown,
    });
  });

  it("is left to the evaluation that was begun since: it writes its own over it", () => {
    const supersededBy = "evl-newer" as never;
    expect(plan({ intents: [claimed], supersededBy, tagged: [] })).toEqual({ kind: "DONE" });
  });
});
