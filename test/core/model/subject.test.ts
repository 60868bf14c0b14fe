import { describe, expect, it } from "@jest/globals";
import { leasesOf, nameOf, nodeGroupSubject, subjectOf } from "../../../core/model/subject.ts";
import {
  clusterTarget,
  instanceId,
  kubernetesTarget,
  target,
} from "../../adapters/store/examples.ts";

const workers = (more: Parameters<typeof kubernetesTarget>[1] = {}) =>
  subjectOf(kubernetesTarget(1, more));

describe("the subject of a target", () => {
  it("is what the evaluation works on, by mode, and has a name for sentences", () => {
    expect(nameOf(subjectOf(target(1)))).toBe(instanceId(1));
    expect(nameOf(subjectOf(clusterTarget(1)))).toBe("group web-blue");
    expect(nameOf(workers())).toBe("node group workers of cluster prod-eu");
  });

  it("is the same group, whichever member registered it", () => {
    expect(subjectOf(clusterTarget(1))).toEqual(subjectOf(clusterTarget(2)));
    expect(workers()).toEqual(subjectOf(kubernetesTarget(2, { scope: "ALL" })));
  });

  it("is protected by leases of its own", () => {
    expect(leasesOf(subjectOf(target(1)))).toEqual([`instance#123456789012#${instanceId(1)}`]);
    expect(leasesOf(workers())).toEqual(["node-group#123456789012#eu-central-1#prod-eu#workers"]);
  });

  it("is one node of its group where EC2 takes that back, which waits for nobody at work on the group", () => {
    const group = nodeGroupSubject(kubernetesTarget(1, { asgName: "web-blue" }));
    const node = { ...group, instanceId: instanceId(7) };
    expect(leasesOf(node)).toEqual([`instance#123456789012#${instanceId(7)}`]);
    expect(nameOf(node)).toBe(`node ${instanceId(7)} of node group workers of cluster prod-eu`);
  });

  it("locks the Auto Scaling group of a self-managed node group first, under the key of CLUSTER", () => {
    const [group] = leasesOf(subjectOf(clusterTarget(1)));
    expect(leasesOf(workers({ asgName: "web-blue" }))).toEqual([
      group,
      "node-group#123456789012#eu-central-1#prod-eu#workers",
    ]);
  });
});
