/** What makes pods again on each node. */
import type { V1DaemonSet } from "@kubernetes/client-node/dist/gen/index.js";
import type { DaemonSetFacts } from "../../core/model/kubernetes/workload.ts";
import type { KubernetesClient } from "./client.ts";
import { readList } from "./lists.ts";
import { identityOf, told } from "./objects.ts";
import { onNodeOf } from "./pod-placement.ts";

const daemonSetFacts = ({ metadata, spec }: V1DaemonSet): DaemonSetFacts => {
  const { name, uid } = identityOf(metadata, "a DaemonSet");
  return {
    namespace: told(metadata?.namespace, `the namespace of DaemonSet ${name}`),
    name,
    uid,
    placement: onNodeOf(told(spec?.template.spec, `the template of DaemonSet ${name}`)),
  };
};

/** Of all namespaces. */
export const listDaemonSets = async (
  client: KubernetesClient,
): Promise<readonly DaemonSetFacts[]> => {
  const sets = await readList(client, { action: "ListDaemonSets" }, (page) =>
    client.apps.listDaemonSetForAllNamespaces(page),
  );
  return sets.map(daemonSetFacts);
};
