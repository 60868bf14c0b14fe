/** Nodes: read, found by their EC2 instance, and changed by one merge patch that names the version which was read. */
import type { V1Node } from "@kubernetes/client-node/dist/gen/index.js";
import { setHeaderOptions } from "@kubernetes/client-node/dist/middleware.js";
import { SpotOptimizerError } from "../../core/errors.ts";
import { instanceIdSchema, type InstanceId } from "../../core/model/ids.ts";
import { readAnnotations, type NodeFacts } from "../../core/model/kubernetes/node.ts";
import { unknownRequestId } from "../aws/translate-error.ts";
import type { Acted } from "../aws/acted.ts";
import { orAbsent } from "../aws/or-absent.ts";
import { withoutUndefined } from "../aws/without-undefined.ts";
import { untilWritten } from "../store/update-item.ts";
import { callKubernetes, type KubernetesClient } from "./client.ts";
import { readList } from "./lists.ts";
import { annotationsIn, conditionsOf, identityOf, told } from "./objects.ts";
import { amountsOf } from "./quantities.ts";

/** The whole of it: Fargate's `aws:///az/…/fargate-ip-…` and a hybrid node's `eks-hybrid:///…` are of no instance. */
const providerIdForm = /^aws:\/\/\/[a-z0-9-]+\/(?<id>i-[0-9a-f]{8}(?:[0-9a-f]{9})?)$/;

const instanceIdIn = (providerID: string | undefined): InstanceId | undefined => {
  const id = providerIdForm.exec(providerID ?? "")?.groups?.["id"];
  return id === undefined ? undefined : instanceIdSchema.parse(id);
};

const placeOf = ({ spec }: V1Node) => ({
  providerID: spec?.providerID,
  instanceId: instanceIdIn(spec?.providerID),
  isUnschedulable: spec?.unschedulable ?? false,
  taints: (spec?.taints ?? []).map(({ key, value, effect }) =>
    withoutUndefined({ key, value, effect }),
  ),
});

const standingOf = ({ status }: V1Node) => ({
  conditions: conditionsOf(status?.conditions),
  allocatable: amountsOf(status?.allocatable),
  kubeletVersion: status?.nodeInfo?.kubeletVersion ?? "unknown",
});

/** @throws BrokenFacts where the answer lacks what it always holds */
const nodeFacts = (node: V1Node): NodeFacts => {
  const { metadata } = node;
  const identity = identityOf(metadata, "a node");
  return withoutUndefined({
    ...identity,
    resourceVersion: told(metadata?.resourceVersion, `the version of node ${identity.name}`),
    labels: metadata?.labels ?? {},
    annotations: annotationsIn(metadata, readAnnotations),
    finalizers: metadata?.finalizers ?? [],
    ...placeOf(node),
    ...standingOf(node),
  });
};

export const listNodes = async (client: KubernetesClient): Promise<readonly NodeFacts[]> => {
  const nodes = await readList(client, { action: "ListNodes" }, (page) =>
    client.core.listNode(page),
  );
  return nodes.map(nodeFacts);
};

/** Those whose label has one of the values. */
export const listNodesWhere = async (
  client: KubernetesClient,
  label: string,
  values: readonly string[],
): Promise<readonly NodeFacts[]> => {
  const labelSelector = `${label} in (${values.join(",")})`;
  const nodes = await readList(client, { action: "ListNodes", resource: labelSelector }, (page) =>
    client.core.listNode({ ...page, labelSelector }),
  );
  return nodes.map(nodeFacts);
};

const getNode = async (client: KubernetesClient, name: string): Promise<NodeFacts> =>
  nodeFacts(
    await callKubernetes(client, { action: "GetNode", resource: name }, () =>
      client.core.readNode({ name }),
    ),
  );

/** Undefined where there is none of that name. One that joined again has another uid. */
export const readNode = (client: KubernetesClient, name: string): Promise<NodeFacts | undefined> =>
  orAbsent(() => getNode(client, name));

/** What is left out stays as it is. */
export interface NodeChange {
  readonly isUnschedulable?: boolean;
  /** Null takes it off. */
  readonly annotations?: Readonly<Record<string, string | null>>;
  readonly labels?: Readonly<Record<string, string | null>>;
}

interface NodeChanged extends Acted {
  /** As it stands now. */
  readonly node: NodeFacts;
}

/** Taints never: a patch of this kind replaces their list. A uid would be refused; the version guards against another node of the name. */
const bodyOf = (
  { resourceVersion }: NodeFacts,
  { isUnschedulable, annotations, labels }: NodeChange,
): object => ({
  metadata: withoutUndefined({ resourceVersion, annotations, labels }),
  ...(isUnschedulable === undefined ? {} : { spec: { unschedulable: isUnschedulable } }),
});

const mergePatch = "application/merge-patch+json";

const patchNode = async (
  client: KubernetesClient,
  node: NodeFacts,
  change: NodeChange,
): Promise<NodeChanged | undefined> => {
  const { name } = node;
  try {
    const { data, headers } = await callKubernetes(
      client,
      { action: "PatchNode", resource: name },
      () =>
        client.core.patchNodeWithHttpInfo(
          { name, body: bodyOf(node, change) },
          setHeaderOptions("Content-Type", mergePatch),
        ),
    );
    return { node: nodeFacts(data), requestId: headers["audit-id"] ?? unknownRequestId };
  } catch (error) {
    if (error instanceof SpotOptimizerError && error.name === "RetryableContention") {
      return undefined;
    }
    throw error;
  }
};

/**
 * Reads the node and makes the change that is decided on what was read. Where somebody else has written it meanwhile, it is read and decided
 * again.
 * @param decide undefined: it stands as it is to be. What it throws (another's claim, another uid) is thrown on
 * @throws BrokenNotFound where the node is not there; RetryableContention after five writes of others in a row
 */
export const changeNode = (
  client: KubernetesClient,
  name: string,
  decide: (node: NodeFacts) => NodeChange | undefined,
): Promise<NodeChanged> =>
  untilWritten(`node ${name}`, async () => {
    const node = await getNode(client, name);
    const change = decide(node);
    if (change !== undefined) return patchNode(client, node, change);
    return {
      node,
      requestId: unknownRequestId,
      doneBefore: `Node ${name} was found as it is to be.`,
    };
  });
