import { describe, expect, it } from "@jest/globals";
import {
  planGroupResolution,
  type GroupResolutionInput,
} from "../../../../core/decide/cluster/resolution.ts";
import { accountIdSchema, evaluationIdSchema, targetIdSchema } from "../../../../core/model/ids.ts";
import type { Intent, IntentChange } from "../../../../core/model/intent.ts";
import type { IntentStatus } from "../../../../core/model/intents/base.ts";
import type { GroupWish } from "../../../../core/model/resolution.ts";
import type { Swap, SwapStage } from "../../../../core/model/swap.ts";
import { memberId } from "./plain-group.ts";

const plannedAt = "2026-03-01T10:00:00.000Z";
const replacementId = memberId(101);

const intent = (
  id: string,
  change: IntentChange,
  rest: { readonly status?: IntentStatus; readonly swapId?: string } = {},
): Intent => ({ id, status: "ACTED", fence: 1, plannedAt, change, ...rest });

const launch = (status: IntentStatus = "ACTED"): Intent =>
  intent(
    "launch-1",
    {
      kind: "LAUNCH_INSTANCE",
      clientToken: "token",
      poolKey: "pool",
      imageId: "ami-1",
      subnetId: "subnet-1",
      instanceId: replacementId,
    },
    { status, swapId: "swap-1" },
  );

const raise = (status: IntentStatus = "ACTED"): Intent =>
  intent(
    "raise-max-1-8",
    { kind: "RAISE_MAX", asgName: "web", maxOriginal: 6, maxRaised: 8 },
    { status },
  );

const swap = (index: number, stage: SwapStage, givenUp?: string): Swap => ({
  swapId: `swap-${String(index)}`,
  originalId: memberId(index),
  batch: 2,
  stage,
  sentence: "It is so.",
  failed: [],
  ...(givenUp === undefined ? {} : { givenUp }),
});

const base: GroupResolutionInput = {
  evaluation: {
    evaluationId: evaluationIdSchema.parse("evl-00000000000000000001"),
    authorization: { kind: "PROCEED", sentence: "It may be carried out." },
    subject: {
      kind: "GROUP",
      accountId: accountIdSchema.parse("123456789012"),
      region: "us-east-1",
      asgName: "web",
    },
    progress: { batch: 2 },
    targetId: targetIdSchema.parse("tgt-00000000000000000001"),
  },
  swaps: [swap(1, "LAUNCHED"), swap(2, "HEALTHY", "It was lost."), swap(3, "DONE")],
  intents: [launch(), raise()],
  targetGroup: "web",
  registeredElsewhere: {},
};

const ways: readonly GroupWish["kind"][] = ["RESUME", "ROLL_BACK", "ADOPT"];

const possible = (change: Partial<GroupResolutionInput>): readonly GroupWish["kind"][] =>
  ways.filter((kind) => planGroupResolution({ ...base, ...change }, { kind }).kind === "POSSIBLE");

const refusal = (kind: GroupWish["kind"], change: Partial<GroupResolutionInput>): string => {
  const plan = planGroupResolution({ ...base, ...change }, { kind });
  return plan.kind === "REFUSED" ? plan.sentence : "";
};

const steps = (kind: GroupWish["kind"], change: Partial<GroupResolutionInput> = {}): string => {
  const plan = planGroupResolution({ ...base, ...change }, { kind });
  return plan.kind === "POSSIBLE" ? plan.steps.join("\n") : "";
};

describe("a person's decision about a conversion that was left open", () => {
  it.each<[string, Partial<GroupResolutionInput>, readonly GroupWish["kind"][]]>([
    ["nothing stands against any", {}, ways],
    ["another evaluation was begun since", { supersededBy: "evl-2" }, ["ROLL_BACK", "ADOPT"]],
    ["its target is another group by now", { targetGroup: "other" }, ["ROLL_BACK", "ADOPT"]],
    ["its target was deleted", { targetGroup: undefined }, ["ROLL_BACK", "ADOPT"]],
    ["the kill switch is on", { stopped: "The kill switch is on: drill" }, ["ROLL_BACK", "ADOPT"]],
    [
      "it was never to be carried out",
      {
        evaluation: {
          ...base.evaluation,
          authorization: { kind: "SHADOW", sentence: "In shadow mode." },
        },
      },
      ["ROLL_BACK", "ADOPT"],
    ],
    [
      "a replacement is another target by now",
      { registeredElsewhere: { [replacementId]: "tgt-2" } },
      ["RESUME", "ADOPT"],
    ],
    [
      "a replacement that a pair has kept is another target by now",
      { registeredElsewhere: { [replacementId]: "tgt-2" }, intents: [launch("COMMITTED")] },
      ways,
    ],
  ])("%s", (_, change, expected) => {
    expect(possible(change)).toEqual(expected);
  });

  it("is refused with what stands against it, and the way that is open", () => {
    expect(refusal("RESUME", { supersededBy: "evl-2" })).toMatch(
      /^Evaluation evl-2 was begun at group web since: roll this one back, or adopt/,
    );
    expect(refusal("RESUME", { targetGroup: "other" })).toContain("is no longer group web");
    expect(refusal("ROLL_BACK", { registeredElsewhere: { [replacementId]: "tgt-2" } })).toContain(
      `${replacementId} is registered as tgt-2`,
    );
  });

  it("to go on says what is done already, which pairs go on, and which are undone", () => {
    const told = steps("RESUME");
    expect(told).toContain("Done already, and not done again: launch-1, raise-max-1-8.");
    expect(told).toContain(`Batch 2 goes on: ${memberId(1)}.`);
    expect(told).toContain(`What was made for ${memberId(2)} is undone`);
    expect(told).not.toContain(memberId(3));
    expect(steps("RESUME", { intents: [], swaps: [] })).toContain("Nothing is open.");
  });

  it("to roll back names each open intent, the last one first, and the pairs that stay", () => {
    const told = steps("ROLL_BACK").split("\n");
    expect(told[0]).toContain("raise-max-1-8: ");
    expect(told[1]).toContain("launch-1: ");
    expect(told.join(" ")).toContain("their originals have left: swap-3");
    expect(steps("ROLL_BACK", { intents: [launch("UNDONE"), raise("COMMITTED")] })).not.toMatch(
      /launch-1|raise-max/,
    );
  });

  it("to adopt settles what is open, and what was left to the janitor", () => {
    expect(steps("ADOPT")).toContain(
      "Settled, and neither done nor undone: launch-1, raise-max-1-8.",
    );
    expect(steps("ADOPT", { intents: [launch("COMMITTED"), raise("COMMITTED")] })).toContain(
      "Settled, and neither done nor undone: raise-max-1-8.",
    );
    expect(steps("ADOPT", { intents: [launch("COMMITTED")] })).toContain("Nothing is open.");
  });
});
