/** Asks a cluster whom it takes us for, and which of the rights that we need it gives. Everybody who is mapped may ask both. */
import {
  V1ResourceAttributes,
  V1SelfSubjectAccessReview,
  V1SelfSubjectAccessReviewSpec,
  V1SelfSubjectReview,
} from "@kubernetes/client-node/dist/gen/index.js";
import type { KubernetesAccess, KubernetesRight } from "../../core/model/kubernetes/cluster.ts";
import { callKubernetes, type KubernetesClient } from "./client.ts";
import { told } from "./objects.ts";
import { deletionRights, ourRights } from "./rights.ts";

const whoWeAre = async (
  client: KubernetesClient,
): Promise<Pick<KubernetesAccess, "username" | "groups">> => {
  const { status } = await callKubernetes(client, { action: "CreateSelfSubjectReview" }, () =>
    client.authentication.createSelfSubjectReview({ body: new V1SelfSubjectReview() }),
  );
  return {
    username: told(status?.userInfo?.username, "whom it takes us for"),
    groups: status?.userInfo?.groups ?? [],
  };
};

const reviewOf = (right: KubernetesRight): V1SelfSubjectAccessReview => {
  const resourceAttributes = Object.assign(new V1ResourceAttributes(), right);
  const spec = Object.assign(new V1SelfSubjectAccessReviewSpec(), { resourceAttributes });
  return Object.assign(new V1SelfSubjectAccessReview(), { spec });
};

/** Whether it may be done in all namespaces. No answer is not a yes. */
const isGranted = async (client: KubernetesClient, right: KubernetesRight): Promise<boolean> => {
  const about = { action: "CreateSelfSubjectAccessReview", resource: right.resource };
  const { status } = await callKubernetes(client, about, () =>
    client.authorization.createSelfSubjectAccessReview({ body: reviewOf(right) }),
  );
  return status?.allowed === true;
};

/**
 * Who first: a mapping without our group is told apart from a role that lacks a rule.
 * @param deletes pods are to be deleted: that is a right of its own
 * @throws RetryableClusterAuth while nothing maps the role
 */
export const readAccess = async (
  client: KubernetesClient,
  { deletes = false }: { readonly deletes?: boolean } = {},
): Promise<KubernetesAccess> => {
  const who = await whoWeAre(client);
  const rights = [...ourRights, ...(deletes ? deletionRights : [])];
  const granted = await Promise.all(rights.map((right) => isGranted(client, right)));
  return { ...who, missing: rights.filter((_right, index) => granted[index] !== true) };
};
