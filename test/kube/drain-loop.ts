/** The plainest drain that looks at budgets: what a scenario allows and what it does not shows without the product. */
import { setTimeout as delay } from "node:timers/promises";
import type { Pdb, Pod } from "../../local/cloud/kubernetes/objects.ts";
import { isTerminating } from "../../local/cloud/kubernetes/objects.ts";
import type { Api } from "../../local/kube/api.ts";
import { listItems, mergePatch, must } from "../../local/kube/setting-up.ts";

export const cordon = (api: Api, nodeName: string): Promise<unknown> =>
  must(api, `/api/v1/nodes/${nodeName}`, {
    method: "PATCH",
    contentType: mergePatch,
    body: { spec: { unschedulable: true } },
  });

const evict = async (api: Api, { metadata }: Pod): Promise<void> => {
  const { name, namespace = "", uid } = metadata;
  await api.ask(`/api/v1/namespaces/${namespace}/pods/${name}/eviction`, {
    method: "POST",
    body: {
      apiVersion: "policy/v1",
      kind: "Eviction",
      metadata: { name, namespace },
      deleteOptions: { preconditions: { uid } },
    },
  });
};

/** Evicts what budgets allow until the node has none of the namespace's pods, or nothing has changed for so long. */
export const drainNode = async (
  api: Api,
  { namespace, nodeName }: { readonly namespace: string; readonly nodeName: string },
  patienceMs: number,
): Promise<readonly Pod[]> => {
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  const budgets = `/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets`;
  let [before, changedMs] = ["", performance.now()];
  for (;;) {
    const all = await listItems<Pod>(api, pods);
    const here = all.filter(({ spec }) => spec.nodeName === nodeName);
    const state = all.map(({ metadata, spec }) => `${metadata.name}@${spec.nodeName ?? ""}`).join();
    if (state !== before) [before, changedMs] = [state, performance.now()];
    if (here.length === 0 || performance.now() - changedMs > patienceMs) return all;
    const allowed = (await listItems<Pdb>(api, budgets)).reduce(
      (sum, { status }) => sum + (status?.disruptionsAllowed ?? 0),
      0,
    );
    for (const pod of here.filter((each) => !isTerminating(each)).slice(0, allowed)) {
      await evict(api, pod);
    }
    await delay(200);
  }
};
