/** Reads the parts that several objects of Kubernetes have. What the API always sends is asked for, never guessed. */
import type {
  V1LabelSelector,
  V1NodeSelectorTerm,
  V1ObjectMeta,
  V1OwnerReference,
} from "@kubernetes/client-node/dist/gen/index.js";
import type {
  Condition,
  LabelSelector,
  Labels,
  NodeSelectorTerm,
} from "../../core/model/kubernetes/object.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import { withoutUndefined } from "../aws/without-undefined.ts";

/** @throws BrokenFacts */
export const told = <Value>(value: Value | undefined, what: string): Value => {
  if (value !== undefined) return value;
  throw new SpotOptimizerError("BrokenFacts", `The cluster did not tell ${what}.`);
};

/** RFC 3339. */
export const timeOf = (date: Date | undefined): string | undefined => date?.toISOString();

interface Identity {
  readonly name: string;
  readonly uid: string;
  readonly createdAt: string;
}

/** @param kind for messages: `a pod` */
export const identityOf = (metadata: V1ObjectMeta | undefined, kind: string): Identity => {
  const name = told(metadata?.name, `the name of ${kind}`);
  return {
    name,
    uid: told(metadata?.uid, `the uid of ${name}`),
    createdAt: told(timeOf(metadata?.creationTimestamp), `when ${name} was created`),
  };
};

/** Those of the annotations that a rule names. */
export const annotationsIn = (
  metadata: V1ObjectMeta | undefined,
  read: readonly string[],
): Labels =>
  Object.fromEntries(
    Object.entries(metadata?.annotations ?? {}).filter(([name]) => read.includes(name)),
  );

export const controllerIn = (metadata: V1ObjectMeta | undefined): V1OwnerReference | undefined =>
  metadata?.ownerReferences?.find(({ controller }) => controller === true);

interface ConditionShown {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: Date;
}

/** A status that is not known is Unknown, never True. */
const statusOf = (status: string): Condition["status"] =>
  status === "True" || status === "False" ? status : "Unknown";

export const conditionsOf = (
  conditions: readonly ConditionShown[] | undefined,
): readonly Condition[] =>
  (conditions ?? []).map(({ type, status, reason, message, lastTransitionTime }) =>
    withoutUndefined({
      type,
      status: statusOf(status),
      reason,
      message,
      lastTransitionTime: timeOf(lastTransitionTime),
    }),
  );

type Requirements = NonNullable<LabelSelector["matchExpressions"]>;

const requirementsOf = (
  shown: readonly { readonly key: string; readonly operator: string; readonly values?: string[] }[],
): Requirements =>
  shown.map(({ key, operator, values }) => withoutUndefined({ key, operator, values }));

/** An empty one matches everything, an absent one nothing: the difference is kept. */
export const selectorOf = (shown: V1LabelSelector | undefined): LabelSelector | undefined => {
  if (shown === undefined) return undefined;
  const { matchLabels, matchExpressions } = shown;
  return withoutUndefined({
    matchLabels,
    matchExpressions: matchExpressions === undefined ? undefined : requirementsOf(matchExpressions),
  });
};

export const termOf = (shown: V1NodeSelectorTerm): NodeSelectorTerm => {
  const { matchExpressions, matchFields } = shown;
  return withoutUndefined({
    matchExpressions: matchExpressions === undefined ? undefined : requirementsOf(matchExpressions),
    matchFields: matchFields === undefined ? undefined : requirementsOf(matchFields),
  });
};
