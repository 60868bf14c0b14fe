import { describe, expect, it } from "@jest/globals";
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
});
