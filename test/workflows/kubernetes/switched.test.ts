import { describe, expect, it } from "@jest/globals";
import { complaintsAboutNodes } from "../../../local/lab/node-judge.ts";
import { createNodeLab } from "../../../local/lab/node-lab.ts";

describe("a node of a self-managed group", () => {
  it("is replaced without hurting a pod", async () => {
    const lab = await createNodeLab();
    const ending = await lab.run();
    expect(ending.evaluation.outcome?.sentence).toContain("1 of 1 node");
    expect(ending.status).toBe("SWITCHED");
    expect(complaintsAboutNodes(lab, ending)).toEqual([]);
  });
});
