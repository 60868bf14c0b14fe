/**
 * Label and field selectors: of a query (`a=b,c in (d,e),!f`) and of an object (`matchLabels`). Source: Kubernetes documentation,
 * "Labels and Selectors", "Field Selectors".
 */
import type { Plural } from "./kinds.ts";
import type { KubeObject, Labels, LabelSelector, Requirement } from "./objects.ts";
import { badRequest } from "./refusals.ts";

type Operator = (value: string | undefined, values: readonly string[]) => boolean;

const operators: Readonly<Record<string, Operator>> = {
  In: (value, values) => value !== undefined && values.includes(value),
  NotIn: (value, values) => value === undefined || !values.includes(value),
  Exists: (value) => value !== undefined,
  DoesNotExist: (value) => value === undefined,
  Gt: (value, [bound]) => value !== undefined && Number(value) > Number(bound),
  Lt: (value, [bound]) => value !== undefined && Number(value) < Number(bound),
};

const holds = ({ key, operator, values = [] }: Requirement, labels: Labels): boolean =>
  operators[operator]?.(labels[key], values) ?? false;

export const allHold = (requirements: readonly Requirement[], labels: Labels = {}): boolean =>
  requirements.every((requirement) => holds(requirement, labels));

/** None selects nothing, an empty one everything. */
export const selects = (selector: LabelSelector | undefined, labels: Labels = {}): boolean => {
  if (selector === undefined) return false;
  const equal = Object.entries(selector.matchLabels ?? {}).every(
    ([key, value]) => labels[key] === value,
  );
  return equal && allHold(selector.matchExpressions ?? [], labels);
};

/** At the commas that stand outside of brackets. */
const parts = (text: string): readonly string[] =>
  text
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim())
    .filter((part) => part !== "");

const setRequirement = (part: string): Requirement | undefined => {
  const [, key = "", operator, list = ""] = /^(\S+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(part) ?? [];
  if (operator === undefined) return undefined;
  const values = list.split(",").map((value) => value.trim());
  return { key, operator: operator === "in" ? "In" : "NotIn", values };
};

const comparison = (part: string): Requirement | undefined => {
  const [, key = "", operator, value = ""] =
    /^([^!=\s]+)\s*(==|=|!=)\s*([^!=\s]*)$/.exec(part) ?? [];
  if (operator === undefined) return undefined;
  return { key, operator: operator === "!=" ? "NotIn" : "In", values: [value] };
};

const existence = (part: string): Requirement | undefined => {
  const [, not, key] = /^(!?)([^!=\s()]+)$/.exec(part) ?? [];
  if (key === undefined) return undefined;
  return { key, operator: not === "!" ? "DoesNotExist" : "Exists" };
};

const requirementOf = (part: string): Requirement => {
  const requirement = setRequirement(part) ?? comparison(part) ?? existence(part);
  if (requirement === undefined) throw badRequest(`unable to parse requirement: ${part}`);
  return requirement;
};

/** @throws KubeRefusal 400 */
export const parseLabelSelector = (text: string): ((object: KubeObject) => boolean) => {
  const requirements = parts(text).map(requirementOf);
  return ({ metadata }) => allHold(requirements, metadata.labels);
};

const everywhere = ["metadata.name", "metadata.namespace"];

/** Source: Kubernetes documentation, "Field Selectors", "Supported fields". */
const fields: Readonly<Partial<Record<Plural, readonly string[]>>> = {
  pods: [
    "spec.nodeName",
    "spec.restartPolicy",
    "spec.schedulerName",
    "spec.serviceAccountName",
    "spec.hostNetwork",
    "status.phase",
    "status.podIP",
    "status.nominatedNodeName",
  ],
  nodes: ["spec.unschedulable"],
  namespaces: ["status.phase"],
  replicasets: ["status.replicas"],
  jobs: ["status.successful"],
  events: [
    "involvedObject.kind",
    "involvedObject.namespace",
    "involvedObject.name",
    "involvedObject.uid",
    "involvedObject.apiVersion",
    "involvedObject.resourceVersion",
    "involvedObject.fieldPath",
    "reason",
    "reportingComponent",
    "source",
    "type",
  ],
};

/** What is not set is empty; a flag that is not set is false. */
const valueAt = (object: unknown, path: string): string => {
  let value: unknown = object;
  for (const name of path.split(".")) {
    value =
      typeof value === "object" && value !== null
        ? (value as Readonly<Record<string, unknown>>)[name]
        : undefined;
  }
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return path === "spec.unschedulable" || path === "spec.hostNetwork" ? "false" : "";
};

/** @throws KubeRefusal 400 for a field by which that resource is not selected */
export const parseFieldSelector = (
  plural: Plural,
  text: string,
): ((object: KubeObject) => boolean) => {
  const wanted = parts(text).map((part) => {
    const [, path = "", operator, value = ""] = /^([^!=]+)(==|=|!=)(.*)$/.exec(part) ?? [];
    if (operator === undefined) {
      throw badRequest(`invalid selector: '${text}'; can't understand '${part}'`);
    }
    if (![...everywhere, ...(fields[plural] ?? [])].includes(path)) {
      throw badRequest(`field label not supported: ${path}`);
    }
    return { path, value, isEqual: operator !== "!=" };
  });
  return (object) =>
    wanted.every(({ path, value, isEqual }) => (valueAt(object, path) === value) === isEqual);
};
