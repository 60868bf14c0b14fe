import { describe, expect, it } from "@jest/globals";
import { launchedBy } from "../../../../core/decide/switch/resolution-of-swaps.ts";
import {
  planNodeResolution,
  type NodeResolutionInput,
} from "../../../../core/decide/kubernetes/resolution.ts";
import { accountIdSchema, evaluationIdSchema, targetIdSchema } from "../../../../core/model/ids.ts";
import type { Intent } from "../../../../core/model/intent.ts";
import type { ResolutionPlan } from "../../../../core/decide/switch/resolution.ts";
import type { Swap } from "../../../../core/model/swap.ts";
import { at, instanceIdOf } from "./objects.ts";

const swapOf = (number: number, over: Partial<Swap>): Swap => ({
  swapId: `swap-${String(number)}`,
  originalId: instanceIdOf(number),
  stage: "PLANNED",
  sentence: "",
  failed: [],
  ...over,
});

const grown: Intent = {
  id: "scale-out-swap-2",
  swapId: "swap-2",
  status: "ACTED",
  fence: 1,
  plannedAt: at(0),
  change: {
    kind: "SCALE_OUT",
    clusterName: "prod",
    nodeGroup: "spot",
    asgName: "spot-asg",
    clientToken: "token",
    desiredBefore: 1,
    knownIds: [],
    instanceId: instanceIdOf(12),
  },
};

const input: NodeResolutionInput = {
  evaluation: {
    evaluationId: evaluationIdSchema.parse("evl-0123456789"),
    targetId: targetIdSchema.parse("tgt-0123456789"),
    authorization: { kind: "PROCEED", sentence: "Approved." },
    subject: {
      kind: "NODE_GROUP",
      accountId: accountIdSchema.parse("123456789012"),
      region: "eu-west-1",
      clusterName: "prod",
      nodeGroup: "workers",
    },
    progress: { round: 2, original: { instanceId: instanceIdOf(2), name: "old", uid: "uid-old" } },
  },
  swaps: [swapOf(1, { stage: "DONE" }), swapOf(2, { stage: "JOINED" })],
  intents: [grown],
  registeredElsewhere: {},
  targetGroup: "node group workers of cluster prod",
};

const stepsOf = (plan: ResolutionPlan): string => {
  if (plan.kind === "REFUSED") throw new Error(plan.sentence);
  return plan.steps.join("\n");
};

describe("a decision about node replacements that were left open", () => {
  it("to resume goes on with the node that is under way", () => {
    const steps = stepsOf(planNodeResolution(input, { kind: "RESUME" }));
    expect(steps).toContain(`Node 2 goes on: ${instanceIdOf(2)}.`);
    expect(steps).toContain("node group workers of cluster prod");
  });

  it("to resume is refused where the target is another node group by now", () => {
    expect(
      planNodeResolution(
        { ...input, targetGroup: "node group others of cluster prod" },
        { kind: "RESUME" },
      ),
    ).toMatchObject({ kind: "REFUSED", sentence: expect.stringContaining("is no longer") });
  });

  it("to roll back says that pods leave the new node by their budgets before it ends", () => {
    const steps = stepsOf(planNodeResolution(input, { kind: "ROLL_BACK" }));
    expect(steps).toContain("pods on the new node leave it by their budgets before it ends");
    expect(steps).toContain("their originals have left: swap-1");
  });

  it("to roll back is refused where the node that EKS made is another target's", () => {
    expect(launchedBy([grown])).toEqual([instanceIdOf(12)]);
    expect(
      planNodeResolution(
        { ...input, registeredElsewhere: { [instanceIdOf(12)]: "tgt-9876543210" } },
        { kind: "ROLL_BACK" },
      ).kind,
    ).toBe("REFUSED");
  });

  it("to adopt leaves nodes as they are, takes our marks off, and names what stays open", () => {
    const steps = stepsOf(planNodeResolution(input, { kind: "ADOPT" }));
    expect(steps).toContain("Our cordon, our annotation");
    expect(steps).toContain("scale-out-swap-2");
  });
});
