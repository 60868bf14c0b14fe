import { describe, expect, it } from "@jest/globals";
import { daemonSetFits, whyNotOn } from "../../../../core/decide/kubernetes/fits.ts";
import { identityOf } from "../../../../core/decide/kubernetes/node-identity.ts";
import type { PodPlacement } from "../../../../core/model/kubernetes/pod.ts";
import { aNode } from "./objects.ts";

const node = aNode({
  labels: { zone: "a", cores: "4" },
  taints: [
    { key: "team", value: "web", effect: "NoSchedule" },
    { key: "soft", effect: "PreferNoSchedule" },
    { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" },
  ],
});
const tolerated = [
  { key: "team", operator: "Equal", value: "web", effect: "NoSchedule" },
  { key: "node.kubernetes.io/unschedulable", operator: "Exists" },
];
const terms = (key: string, operator: string, ...values: readonly string[]) => ({
  nodeSelectorTerms: [{ matchExpressions: [{ key, operator, values }] }],
});

describe("a pod on a node", () => {
  it.each<[string, Partial<PodPlacement>, boolean]>([
    ["asks for nothing", {}, true],
    ["asks for a label that is there", { nodeSelector: { zone: "a" } }, true],
    ["asks for another label", { nodeSelector: { zone: "b" } }, false],
    ["asks for one of several values", terms("zone", "In", "a", "b"), true],
    ["asks for none of several values", terms("zone", "NotIn", "a", "b"), false],
    ["asks for more than it has", terms("cores", "Gt", "4"), false],
    ["asks for less than something", terms("cores", "Lt", "8"), true],
    ["asks for a label's absence", terms("zone", "DoesNotExist"), false],
    ["asks by an operator that we do not know", terms("zone", "Like", "a"), false],
    ["has an empty term, which matches nothing", { nodeSelectorTerms: [{}] }, false],
    [
      "has one term of two that matches",
      { nodeSelectorTerms: [{}, ...terms("zone", "Exists").nodeSelectorTerms] },
      true,
    ],
    [
      "asks for a node by its name",
      {
        nodeSelectorTerms: [
          { matchFields: [{ key: "metadata.name", operator: "In", values: ["other"] }] },
        ],
      },
      false,
    ],
    ["tolerates nothing", { tolerations: [] }, false],
    ["tolerates all", { tolerations: [{ operator: "Exists" }] }, true],
    [
      "tolerates another value",
      { tolerations: [{ key: "team", value: "db" }, ...tolerated.slice(1)] },
      false,
    ],
    [
      "tolerates another effect",
      { tolerations: [{ key: "team", operator: "Exists", effect: "NoExecute" }] },
      false,
    ],
  ])("%s: %#", (_name, placement, fits) => {
    const why = whyNotOn({ tolerations: tolerated, ...placement }, node);
    expect(why === undefined).toBe(fits);
    expect(why?.because ?? "a reason").not.toBe("");
  });

  it("is expected of a DaemonSet on a cordoned node, and not where it asks for another", () => {
    const tolerations = tolerated.slice(0, 1);
    expect(daemonSetFits({ placement: { tolerations } }, node)).toBe(true);
    const placement = { tolerations, nodeSelector: { zone: "b" } };
    expect(daemonSetFits({ placement }, node)).toBe(false);
    expect(daemonSetFits({ placement: { tolerations: [] } }, node)).toBe(false);
  });
});

describe("the machine behind a node", () => {
  it.each<[string | undefined, string]>([
    ["aws:///eu-west-1a/i-0123456789abcdef0", "INSTANCE"],
    ["aws:///eu-west-1a/i-01234567", "INSTANCE"],
    ["aws:///us-east-1-bos-1a/i-01234567", "INSTANCE"],
    ["aws:///eu-west-1a/i-0123456789abcdef01", "OTHER"],
    ["aws:///eu-west-1a/i-012345678", "OTHER"],
    ["xaws:///eu-west-1a/i-01234567", "OTHER"],
    ["aws:///eu-west-1a/i-01234567 ", "OTHER"],
    ["aws://eu-west-1a/i-01234567", "OTHER"],
    ["aws:///eu-west-1a/I-01234567", "OTHER"],
    ["aws:///eu-west-1a/1f2e3d/fargate-ip-10-0-1-2.ec2.internal", "FARGATE"],
    ["eks-hybrid:///eu-west-1/prod/mi-0123", "HYBRID"],
    ["gce://project/zone/node", "OTHER"],
    ["", "NONE"],
    [undefined, "NONE"],
  ])("of %s is %s", (providerID, kind) => {
    expect(identityOf(providerID === undefined ? {} : { providerID }).kind).toBe(kind);
  });
});
