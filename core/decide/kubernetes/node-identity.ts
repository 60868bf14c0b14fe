/** Says which machine a node is, by its provider id alone: names and labels can be set by anybody. */
import { instanceIdSchema, type InstanceId } from "../../model/ids.ts";
import type { NodeFacts } from "../../model/kubernetes/node.ts";

export type NodeIdentity =
  | { readonly kind: "INSTANCE"; readonly instanceId: InstanceId; readonly zoneName: string }
  | { readonly kind: "FARGATE" }
  | { readonly kind: "HYBRID" }
  /** Another cloud, or a form that we do not know. */
  | { readonly kind: "OTHER" }
  /** No cloud has initialized it yet. */
  | { readonly kind: "NONE" };

const ofInstance = /^aws:\/\/\/(?<zone>[a-z0-9-]+)\/(?<id>i-[0-9a-f]{8}(?:[0-9a-f]{9})?)$/;
const ofFargate = /^aws:\/\/\/[a-z0-9-]+\/[^/]+\/fargate-/;
const ofHybrid = /^eks-hybrid:\/\/\//;

/** Whole, never a part of it. */
export const identityOf = ({ providerID }: Pick<NodeFacts, "providerID">): NodeIdentity => {
  if (providerID === undefined || providerID === "") return { kind: "NONE" };
  const { id, zone } = ofInstance.exec(providerID)?.groups ?? {};
  if (id !== undefined && zone !== undefined) {
    return { kind: "INSTANCE", instanceId: instanceIdSchema.parse(id), zoneName: zone };
  }
  if (ofFargate.test(providerID)) return { kind: "FARGATE" };
  return { kind: ofHybrid.test(providerID) ? "HYBRID" : "OTHER" };
};
