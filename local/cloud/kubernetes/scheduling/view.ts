/** What the scheduler looks at while it places: nodes, and the pods that take room there. */
import type { KubeContext } from "../context.ts";
import { isOver, type NodeObject, type Pod } from "../objects.ts";

export interface View {
  readonly context: KubeContext;
  readonly nodes: readonly NodeObject[];
  /** Those that are over take no room. */
  readonly podsOn: ReadonlyMap<string, Pod[]>;
}

export const viewOf = (context: KubeContext): View => {
  const podsOn = new Map<string, Pod[]>();
  for (const pod of context.store.list("pods")) {
    const { nodeName } = pod.spec;
    if (nodeName === undefined || isOver(pod)) continue;
    const there = podsOn.get(nodeName);
    if (there === undefined) podsOn.set(nodeName, [pod]);
    else there.push(pod);
  }
  return { context, nodes: context.store.list("nodes"), podsOn };
};

export const podsAt = ({ podsOn }: View, { metadata }: NodeObject): readonly Pod[] =>
  podsOn.get(metadata.name) ?? [];
