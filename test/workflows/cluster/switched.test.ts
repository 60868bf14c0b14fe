import { describe, expect, it } from "@jest/globals";
import { courseAmong } from "../../../adapters/store/course.ts";
import { loadEvaluation } from "../../../adapters/store/evaluations.ts";
import { createGroupLab } from "../../../local/lab/group-lab.ts";

describe("a group of four On-Demand members behind a load balancer", () => {
  it("stands on Spot in the end, as large as it was, and never served with fewer", async () => {
    const lab = await createGroupLab({ policy: { batch_size: 2 } });
    const before = lab.group();
    const ending = await lab.run();
    expect(ending.evaluation.outcome).toMatchObject({ status: "SWITCHED" });
    expect(ending.group?.members.map(({ lifecycle }) => lifecycle)).toEqual([
      "spot",
      "spot",
      "spot",
      "spot",
    ]);
    expect(Math.min(...lab.capacity.samples.map(({ serving }) => serving))).toBe(4);
    expect(ending.group).toMatchObject({
      min: before?.min,
      max: before?.max,
      desired: before?.desired,
      suspended: [],
    });
  });

  it("keeps the course of its capacity: asked for throughout, our surplus in the desired capacity, from On-Demand to Spot", async () => {
    const lab = await createGroupLab({ policy: { batch_size: 2 } });
    const ending = await lab.run();
    const stored = await loadEvaluation(lab.account.table, ending.evaluation.evaluationId);
    const { capacity } = courseAmong(stored?.items ?? []);
    expect(new Set(capacity.map(({ asked }) => asked))).toEqual(new Set([4]));
    expect(Math.max(...capacity.map(({ desired }) => desired))).toBe(6);
    expect(capacity[0]).toMatchObject({ desired: 4, inService: 4, serving: 4, servingOnSpot: 0 });
    expect(capacity.at(-1)).toMatchObject({
      desired: 4,
      inService: 4,
      serving: 4,
      servingOnSpot: 4,
    });
    expect(capacity.filter(({ serving = 4 }) => serving < 4)).toEqual([]);
    expect(capacity.map(({ at }) => at)).toEqual(capacity.map(({ at }) => at).toSorted());
  });
});
