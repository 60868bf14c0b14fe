import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { endingOfLinear, type LinearEndingInput } from "../../../../core/decide/linear/ending.ts";
import { judgeOutcome, type OutcomeInput } from "../../../../core/decide/switch/outcome.ts";
import type { Intent, IntentChange } from "../../../../core/model/intent.ts";
import type { IntentStatus } from "../../../../core/model/intents/base.ts";
import { resolutionIdSchema, type InstanceId } from "../../../../core/model/ids.ts";
import { onlySwapId, type Swap } from "../../../../core/model/swap.ts";
import type { Authorization, Verdict } from "../../../../core/model/verdict.ts";
import { observedAt, samplePool } from "../offers/choice-samples.ts";
import { plainInstance } from "../linear/eligible-facts.ts";
import { replacement } from "../linear/full-instance.ts";

const verdict = (kind: Verdict["kind"], reason: Verdict["reason"]): Verdict => ({
  kind,
  reason,
  sentence: `It is a ${kind}.`,
  offers: kind === "SWITCH" ? [samplePool("m6i.large")] : [],
  modelVersion: "hazard-1",
  policyVersion: "pol-1",
  judgedAt: observedAt,
});
const toSwitch = verdict("SWITCH", "SAVINGS_WORTH_THE_RISK");
const toGoBack: Verdict = {
  ...verdict("FALLBACK_ON_DEMAND", "ASKED_FOR"),
  offers: [samplePool("m5.large")],
};
const proceed: Authorization = { kind: "PROCEED", sentence: "It may be carried out." };

const intent = (
  kind: "STOP_INSTANCE" | "RETIRE_ORIGINAL" | "END_ORIGINAL",
  status: IntentStatus,
): Intent => {
  const change: IntentChange =
    kind !== "RETIRE_ORIGINAL"
      ? { kind, instanceId: plainInstance.instanceId }
      : { kind, instanceId: plainInstance.instanceId, dueAt: observedAt, launchedAt: observedAt };
  return { id: kind.toLowerCase(), status, fence: 1, plannedAt: observedAt, change };
};

const instanceId: InstanceId = plainInstance.instanceId;
type Judged = OutcomeInput["evaluation"] & LinearEndingInput["evaluation"];
const { accountId, region } = plainInstance;
const evaluation: Judged = {
  mode: "LINEAR",
  subject: { kind: "INSTANCE", accountId, region, instanceId },
  verdict: toSwitch,
  authorization: proceed,
  progress: {},
};
const base = { subjectName: instanceId, intents: [] as readonly Intent[] };
const served = { progress: { frozenAt: observedAt, servingAt: observedAt } };
const failure = { error: "StaleReplacement", cause: "It was interrupted." };

interface Case {
  readonly what: string;
  readonly change: Omit<Partial<OutcomeInput>, "evaluation"> & {
    readonly evaluation?: Partial<Judged>;
    readonly wasDown?: boolean;
  };
  readonly status: string;
  readonly reason: string;
}

const decided = {
  resolutionId: resolutionIdSchema.parse("res-0123456789"),
  by: "ann",
  reason: "INC-1",
  at: observedAt,
};
const goBack = { resolutions: [{ kind: "ROLL_BACK", ...decided }] } as const;
const adopted = (doneAt?: string): Pick<Judged, "resolutions"> => ({
  resolutions: [
    { kind: "ADOPT", serving: instanceId, ...decided, ...(doneAt === undefined ? {} : { doneAt }) },
  ],
});

const cases: readonly Case[] = [
  {
    what: "a roll-back that a person asked for although nothing had failed",
    change: { evaluation: goBack, intents: [intent("STOP_INSTANCE", "UNDONE")] },
    status: "ROLLED_BACK",
    reason: "BrokenNeedsOperator",
  },
  {
    what: "a roll-back that a person asked for, and that left something open again",
    change: { evaluation: goBack, intents: [intent("STOP_INSTANCE", "ACTED")] },
    status: "NEEDS_OPERATOR",
    reason: "BrokenNeedsOperator",
  },
  {
    what: "a roll-back that a person asked for after a failure",
    change: { evaluation: goBack, failure, intents: [intent("STOP_INSTANCE", "UNDONE")] },
    status: "ROLLED_BACK",
    reason: "StaleReplacement",
  },
  {
    what: "an adoption",
    change: {
      evaluation: adopted(observedAt),
      failure,
      intents: [intent("STOP_INSTANCE", "SETTLED")],
    },
    status: "ADOPTED",
    reason: "StaleReplacement",
  },
  {
    what: "an adoption that failed, with nothing open any longer",
    change: { evaluation: adopted(), failure, intents: [intent("STOP_INSTANCE", "SETTLED")] },
    status: "NEEDS_OPERATOR",
    reason: "StaleReplacement",
  },
  {
    what: "a verdict to stay",
    change: { evaluation: { verdict: verdict("STAY", "SAVINGS_BELOW_MINIMUM") } },
    status: "STAYED",
    reason: "SAVINGS_BELOW_MINIMUM",
  },
  {
    what: "a refusal",
    change: { evaluation: { verdict: verdict("REFUSE", "ALREADY_SPOT") } },
    status: "REFUSED",
    reason: "ALREADY_SPOT",
  },
  {
    what: "a switch in shadow mode",
    change: { evaluation: { authorization: { kind: "SHADOW", sentence: "" } } },
    status: "SHADOWED",
    reason: "SAVINGS_WORTH_THE_RISK",
  },
  {
    what: "a switch that a person must agree to",
    change: { evaluation: { authorization: { kind: "APPROVAL_REQUIRED", sentence: "" } } },
    status: "AWAITING_APPROVAL",
    reason: "SAVINGS_WORTH_THE_RISK",
  },
  {
    what: "a replacement that serves, and an original that is retired",
    change: { evaluation: served, intents: [intent("RETIRE_ORIGINAL", "ACTED")] },
    status: "SWITCHED",
    reason: "SAVINGS_WORTH_THE_RISK",
  },
  {
    what: "the same, recorded a second time",
    change: { evaluation: served, intents: [intent("RETIRE_ORIGINAL", "COMMITTED")] },
    status: "SWITCHED",
    reason: "SAVINGS_WORTH_THE_RISK",
  },
  {
    what: "the same, recorded when the janitor was there already",
    change: { evaluation: served, intents: [intent("RETIRE_ORIGINAL", "SETTLED")] },
    status: "SWITCHED",
    reason: "SAVINGS_WORTH_THE_RISK",
  },
  {
    what: "a way back, and a Spot Instance that was ended",
    change: {
      evaluation: { ...served, verdict: toGoBack },
      intents: [intent("END_ORIGINAL", "ACTED")],
    },
    status: "FELL_BACK",
    reason: "ASKED_FOR",
  },
  {
    what: "a way back that is held, though nothing failed and its Spot Instance was ended",
    change: {
      evaluation: { ...served, verdict: toGoBack },
      intents: [intent("END_ORIGINAL", "ACTED")],
      isHeld: true,
    },
    status: "NEEDS_OPERATOR",
    reason: "REPLACEMENT_SERVES",
  },
  {
    what: "a way back whose data are not all at what takes the place of its ended Spot Instance",
    change: {
      evaluation: { ...served, verdict: toGoBack },
      intents: [intent("END_ORIGINAL", "ACTED")],
      isHeld: true,
      heldBecause: "ONLY_FORWARD",
    },
    status: "NEEDS_OPERATOR",
    reason: "ONLY_FORWARD",
  },
  {
    what: "a way back of which nobody knows whether its Spot Instance was ended",
    change: {
      evaluation: { ...served, verdict: toGoBack },
      intents: [intent("END_ORIGINAL", "PLANNED")],
    },
    status: "NEEDS_OPERATOR",
    reason: "BrokenNeedsOperator",
  },
  {
    what: "On-Demand as an advice, for which nobody asked",
    change: { evaluation: { verdict: verdict("FALLBACK_ON_DEMAND", "ON_DEMAND_IS_CHEAPER") } },
    status: "STAYED",
    reason: "ON_DEMAND_IS_CHEAPER",
  },
  {
    what: "a replacement that serves, and an original of which nothing is known",
    change: { evaluation: served, intents: [intent("RETIRE_ORIGINAL", "PLANNED")] },
    status: "NEEDS_OPERATOR",
    reason: "BrokenNeedsOperator",
  },
  {
    what: "an original that is retired, and nothing that serves",
    change: { intents: [intent("RETIRE_ORIGINAL", "ACTED")] },
    status: "NEEDS_OPERATOR",
    reason: "BrokenNeedsOperator",
  },
  {
    what: "no capacity in any offer, and all undone",
    change: {
      evaluation: { launchExhausted: "No offer." },
      intents: [intent("STOP_INSTANCE", "UNDONE")],
    },
    status: "STAYED",
    reason: "NO_CAPACITY_IN_ANY_OFFER",
  },
  {
    what: "no capacity for the relaunch, when the original was down already",
    change: {
      evaluation: { launchExhausted: "No offer." },
      wasDown: true,
      intents: [intent("STOP_INSTANCE", "UNDONE")],
    },
    status: "ROLLED_BACK",
    reason: "NO_CAPACITY_IN_ANY_OFFER",
  },
  {
    what: "no capacity, and something left open",
    change: {
      evaluation: { launchExhausted: "No offer." },
      intents: [intent("STOP_INSTANCE", "ACTED")],
    },
    status: "NEEDS_OPERATOR",
    reason: "BrokenNeedsOperator",
  },
  {
    what: "no capacity, and a roll-back that met a problem",
    change: { evaluation: { launchExhausted: "No offer." }, rollbackProblem: "It is gone." },
    status: "NEEDS_OPERATOR",
    reason: "BrokenNeedsOperator",
  },
  {
    what: "a failure before anything was touched",
    change: { failure },
    status: "DEGRADED",
    reason: "StaleReplacement",
  },
  {
    what: "a failure after which all was undone",
    change: { failure, intents: [intent("STOP_INSTANCE", "UNDONE")] },
    status: "ROLLED_BACK",
    reason: "StaleReplacement",
  },
  {
    what: "a failure that left something done",
    change: { failure, intents: [intent("STOP_INSTANCE", "ACTED")] },
    status: "NEEDS_OPERATOR",
    reason: "StaleReplacement",
  },
  {
    what: "a failure that left open whether something was done",
    change: { failure, intents: [intent("STOP_INSTANCE", "PLANNED")] },
    status: "NEEDS_OPERATOR",
    reason: "StaleReplacement",
  },
  {
    what: "a failure whose roll-back met a problem",
    change: {
      failure,
      rollbackProblem: "It is gone.",
      intents: [intent("STOP_INSTANCE", "UNDONE")],
    },
    status: "NEEDS_OPERATOR",
    reason: "StaleReplacement",
  },
  {
    what: "a failure, whatever the verdict was",
    change: { evaluation: { verdict: verdict("STAY", "NO_CANDIDATE") }, failure },
    status: "DEGRADED",
    reason: "StaleReplacement",
  },
];

/** With the ending of LINEAR, as its record is judged. */
const judge = ({ evaluation: changed, wasDown = false, ...rest }: Case["change"]) => {
  const input = { ...base, ...rest, wasDown, evaluation: { ...evaluation, ...changed } };
  return judgeOutcome({ ...input, ending: endingOfLinear({ ...input, swap: undefined }) });
};

describe("how an evaluation ended", () => {
  it.each(cases)("$what: $status", ({ change, status, reason }) => {
    const outcome = judge(change);
    expect(outcome).toMatchObject({ status, reason });
    expect(outcome.sentence).not.toBe("");
  });

  it("needs an operator when there is neither a verdict nor a failure", () => {
    const { verdict: _none, ...without } = evaluation;
    const ending = { kind: "HALF_WAY", sentence: "Half-way." } as const;
    expect(judgeOutcome({ ...base, ending, evaluation: without })).toMatchObject({
      status: "NEEDS_OPERATOR",
    });
  });

  it("needs an operator when what serves could not be read again", () => {
    const ending = { kind: "UNCONFIRMED", sentence: "The role is gone." } as const;
    expect(judgeOutcome({ ...base, ending, evaluation })).toMatchObject({
      status: "NEEDS_OPERATOR",
      sentence: "The role is gone.",
    });
  });

  it("is partly a switch, where some swaps of a group were made and the others undone", () => {
    const ending = { kind: "PARTLY_DONE", sentence: "2 of 3 were swapped." } as const;
    expect(judgeOutcome({ ...base, ending, evaluation })).toEqual({
      status: "PARTLY_SWITCHED",
      reason: "SAVINGS_WORTH_THE_RISK",
      sentence: "2 of 3 were swapped.",
    });
  });

  it("names the replacement that has taken over", () => {
    const intents = [intent("RETIRE_ORIGINAL", "ACTED")];
    const swap: Swap = {
      swapId: onlySwapId,
      originalId: instanceId,
      stage: "JOINED",
      sentence: "It serves.",
      failed: [],
      replacement: { instanceId: replacement.instanceId, pool: samplePool("m6i.large") },
    };
    const input = { evaluation: { ...evaluation, ...served }, swap, intents, wasDown: true };
    const ending = endingOfLinear(input);
    expect(ending).toEqual({
      kind: "DONE",
      sentence: `${replacement.instanceId} has taken over from ${instanceId}.`,
    });
  });

  it("says that an original whose root volume has moved cannot be started", () => {
    const intents = [intent("RETIRE_ORIGINAL", "ACTED")];
    const progress = { ...served.progress, movedRootVolumeId: "vol-root" };
    const ending = endingOfLinear({
      evaluation: { ...evaluation, progress },
      swap: undefined,
      wasDown: true,
      intents,
    });
    expect(ending).toMatchObject({
      kind: "DONE",
      sentence: expect.stringContaining(
        `vol-root, the root volume of ${instanceId}, which cannot be started without it.`,
      ),
    });
  });

  it("tells the cause of a failure, and what kept the roll-back from its end", () => {
    const { sentence } = judge({ failure, rollbackProblem: "vol-1 is elsewhere." });
    expect(sentence).toContain("It was interrupted.");
    expect(sentence).toContain("vol-1 is elsewhere.");
  });

  it("parts the words of whoever failed from its own by a full stop", () => {
    const cause = "ListNodes shop: ServiceUnavailable: starting";
    const { sentence } = judge({ failure: { ...failure, cause }, rollbackProblem: "It waits." });
    expect(sentence).toContain("starting. The roll-back did not come to its end: It waits.");
  });

  it("is never a success after a failure, and never anything but an operator's while something is open", () => {
    const anyStatus = fc.constantFrom<IntentStatus>(
      "PLANNED",
      "ACTED",
      "UNDONE",
      "COMMITTED",
      "SETTLED",
    );
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.constantFrom("STOP_INSTANCE" as const, "RETIRE_ORIGINAL" as const),
            anyStatus,
          ),
        ),
        fc.boolean(),
        fc.boolean(),
        (drawn, fails, serves) => {
          const intents = drawn.map(([kind, status]) => intent(kind, status));
          const { status } = judge({
            intents,
            ...(fails ? { failure } : {}),
            ...(serves ? { evaluation: served } : {}),
          });
          const isOpen = intents.some(
            (each) => each.status === "PLANNED" || each.status === "ACTED",
          );
          if (fails) expect(["DEGRADED", "ROLLED_BACK", "NEEDS_OPERATOR"]).toContain(status);
          if (fails && isOpen) expect(status).toBe("NEEDS_OPERATOR");
          if (status === "SWITCHED") expect(serves).toBe(true);
        },
      ),
    );
  });
});
