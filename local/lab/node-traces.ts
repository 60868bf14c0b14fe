/** What an evaluation leaves on nodes: those that were there are as they were, and those that are new bear none of our marks. */
import type { NodeObject, Taint } from "../cloud/kubernetes/objects.ts";
import { unschedulableTaint } from "../cloud/kubernetes/scheduling/taints.ts";

/** Follows from being cordoned, and is put by Kubernetes. */
const isOwners = ({ key }: Taint): boolean =>
  key !== unschedulableTaint && !key.startsWith("node.kubernetes.io/");

const inOrder = (labels: Readonly<Record<string, string>> = {}): string =>
  JSON.stringify(Object.entries(labels).sort(([one], [other]) => one.localeCompare(other)));

const settingsOf = ({ metadata, spec }: NodeObject): Readonly<Record<string, string>> => ({
  cordon: String(spec.unschedulable === true),
  labels: inOrder(metadata.labels),
  annotations: inOrder(metadata.annotations),
  taints: JSON.stringify(
    (spec.taints ?? []).filter(isOwners).map(({ key, value, effect }) => [key, value, effect]),
  ),
});

const changesOf = (was: NodeObject, is: NodeObject): readonly string[] => {
  const [before, after] = [settingsOf(was), settingsOf(is)];
  return Object.keys(before)
    .filter((name) => before[name] !== after[name])
    .map(
      (name) =>
        `${is.metadata.name}: ${name} was ${before[name] ?? ""} and is ${after[name] ?? ""}`,
    );
};

const exclusionLabel = "node.kubernetes.io/exclude-from-external-load-balancers";

const leftOn = ({ metadata, spec }: NodeObject): readonly string[] => [
  ...Object.keys(metadata.annotations ?? {}).map((key) => `the annotation ${key}`),
  ...(metadata.labels?.[exclusionLabel] === undefined ? [] : [`the label ${exclusionLabel}`]),
  ...(spec.unschedulable === true ? ["a cordon"] : []),
];

/** Empty: nothing is left. Nodes are the same by their uids. */
export const tracesOn = (
  before: readonly NodeObject[],
  after: readonly NodeObject[],
): readonly string[] => {
  const first = new Map(before.map((node) => [node.metadata.uid, node]));
  return after.flatMap((node) => {
    const was = first.get(node.metadata.uid);
    if (was !== undefined) return changesOf(was, node);
    return leftOn(node).map((what) => `${node.metadata.name} is new, and bears ${what}`);
  });
};
