import { describe, expect, it } from "@jest/globals";
import { changedNodes } from "../../../local/lab/node-judge.ts";
import { createNodeLab } from "../../../local/lab/node-lab.ts";

describe("a cordon on a node that is new", () => {
  const ending = async (state: "InService" | "Terminating:Wait") => {
    const lab = await createNodeLab();
    const [first, ...others] = lab.before.nodes;
    if (first === undefined) throw new Error("There is no node.");
    const after = lab.snapshot();
    const nodes = after.nodes.map((node) =>
      node.metadata.uid === first.metadata.uid
        ? { ...node, spec: { ...node.spec, unschedulable: true } }
        : node,
    );
    const members = after.own.members.map((member) =>
      first.spec.providerID?.endsWith(`/${member.instanceId}`) ? { ...member, state } : member,
    );
    const watch = { ...lab, before: { ...lab.before, nodes: others } };
    return changedNodes(watch, { ...after, nodes, own: { ...after.own, members } }, 0);
  };

  it("is left behind where its instance stays", async () => {
    expect((await ending("InService")).join(" ")).toContain("is new, and bears a cordon");
  });

  it("goes with the instance that was asked to leave its group", async () => {
    expect((await ending("Terminating:Wait")).join(" ")).not.toContain("cordon");
  });
});
