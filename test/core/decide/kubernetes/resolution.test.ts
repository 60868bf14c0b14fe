import { describe, expect, it } from "@jest/globals";
import {
  planNodeResolution,
  type NodeResolutionInput,
} from "../../../../core/decide/kubernetes/resolution.ts";
import { accountIdSchema, evaluationIdSchema, targetIdSchema } from "../../../../core/model/ids.ts";
import type { GroupWish } from "../../../../core/model/resolution.ts";

const base: NodeResolutionInput = {
  evaluation: {
    evaluationId: evaluationIdSchema.parse("evl-aaaaaaaaaaaaaaaaaaaa"),
    targetId: targetIdSchema.parse("tgt-aaaaaaaaaaaaaaaaaaaa"),
    authorization: { kind: "PROCEED", sentence: "It may." },
    subject: {
      kind: "NODE_GROUP",
      accountId: accountIdSchema.parse("444455556666"),
      region: "us-east-1",
      clusterName: "shop",
      nodeGroup: "workers",
    },
    progress: { round: 2 },
  },
  swaps: [],
  intents: [],
  registeredElsewhere: {},
  targetGroup: "node group workers of cluster shop",
};

const refusal = (kind: GroupWish["kind"], change: Partial<NodeResolutionInput>): string => {
  const plan = planNodeResolution({ ...base, ...change }, { kind });
  return plan.kind === "REFUSED" ? plan.sentence : "";
};

const steps = (kind: GroupWish["kind"]): string => {
  const plan = planNodeResolution(base, { kind });
  return plan.kind === "POSSIBLE" ? plan.steps.join(" ") : "";
};

describe("a decision about nodes that were left half-way", () => {
  it("can't go on for a target that is another node group by now, and can be rolled back", () => {
    const change = { targetGroup: "node group others of cluster shop" };
    expect(refusal("RESUME", change)).toBe(
      "Target tgt-aaaaaaaaaaaaaaaaaaaa is no longer node group workers of cluster shop.",
    );
    expect(refusal("ROLL_BACK", change)).toBe("");
  });

  it("can't go on where another evaluation was begun at the node group since", () => {
    expect(refusal("RESUME", { supersededBy: "evl-b" })).toContain(
      "Evaluation evl-b was begun at node group workers of cluster shop since",
    );
  });

  it("says what becomes of nodes and pods, whichever way", () => {
    expect(steps("RESUME")).toContain("the next node is planned");
    expect(steps("ROLL_BACK")).toContain("pods on the new node leave it by their budgets");
    expect(steps("ADOPT")).toContain("Our cordon, our annotation");
    expect(steps("ADOPT")).toContain("no pod is evicted");
  });
});
