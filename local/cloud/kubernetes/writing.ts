/** How objects are created, changed and patched: versions, generations, what a client may not change. Source: API conventions, "Metadata". */
import { isDeepStrictEqual } from "node:util";
import { nameEnd, newUid, type Identity, type KubeContext } from "./context.ts";
import { withDefaults } from "./defaults.ts";
import { apiVersionOf, kindOf, type Kind, type Objects, type Plural } from "./kinds.ts";
import {
  secondsOf,
  type KubeObject,
  type Namespace,
  type NodeObject,
  type Pdb,
} from "./objects.ts";
import { applyPatch } from "./patches.ts";
import {
  alreadyExists,
  badRequest,
  invalid,
  notFound,
  otherKind,
  refuse,
  staleVersion,
  type KubeRefusal,
} from "./refusals.ts";

/** One write of a client. */
export interface Write {
  readonly kind: Kind;
  readonly namespace: string;
  readonly name: string;
  readonly subresource: string;
  readonly isDryRun: boolean;
  readonly user: Identity;
}

const locationOf = ({ kind, namespace, name }: Pick<Write, "kind" | "namespace" | "name">) =>
  kind.isNamespaced ? { namespace, name } : { name };

/** @throws KubeRefusal 404 */
export const existing = (
  { store }: KubeContext,
  write: Pick<Write, "kind" | "namespace" | "name">,
): KubeObject => {
  const found = store.get(write.kind.plural, locationOf(write));
  if (found === undefined) throw notFound(write.kind, write.name);
  return found;
};

const isTerminatingNamespace = (namespace: Namespace): boolean =>
  namespace.metadata.deletionTimestamp !== undefined;

/** Nothing new comes into a namespace that is deleted: an eviction is a creation too. @throws KubeRefusal 403 or 404 */
export const checkNamespace = (
  { store }: KubeContext,
  { kind, namespace, name }: Pick<Write, "kind" | "namespace" | "name">,
): void => {
  if (!kind.isNamespaced) return;
  const found = store.get("namespaces", { name: namespace });
  if (found === undefined) throw notFound(kindOf("namespaces"), namespace);
  if (!isTerminatingNamespace(found)) return;
  const why = `because it is being terminated`;
  throw refuse(403, "Forbidden", {
    message: `${kind.plural} "${name}" is forbidden: unable to create new content in namespace ${namespace} ${why}`,
    details: {
      name,
      kind: kind.plural,
      causes: [
        {
          reason: "NamespaceTerminating",
          message: `namespace ${namespace} is being terminated`,
          field: "metadata.namespace",
        },
      ],
    },
  });
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** @throws KubeRefusal 400 for what is not such an object */
const parsed = (kind: Kind, body: unknown): KubeObject => {
  if (!isRecord(body)) throw badRequest("the request has no body that is an object");
  if (typeof body.kind === "string" && body.kind !== kind.kind) {
    const apiVersion = typeof body.apiVersion === "string" ? body.apiVersion : undefined;
    throw otherKind({ apiVersion, kind: body.kind }, kind);
  }
  const metadata = isRecord(body.metadata) ? body.metadata : {};
  return { ...body, metadata } as unknown as KubeObject;
};

/** Names of objects: DNS subdomains. Source: Kubernetes documentation, "Object Names and IDs". */
const namePattern = /^[a-z0-9]([-a-z0-9.:]*[a-z0-9])?$/;

const checkName = (kind: Kind, name: string): void => {
  if (name === "") {
    throw invalid(kind, "", {
      field: "metadata.name",
      message: "Required value: name or generateName is required",
    });
  }
  if (name.length > 253 || !namePattern.test(name)) {
    throw invalid(kind, name, {
      field: "metadata.name",
      message: `Invalid value: "${name}": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
    });
  }
};

/** The object as it would be created, with all that the server fills in. */
const created = (
  context: KubeContext,
  kind: Kind,
  place: { namespace: string; body: KubeObject },
): KubeObject => {
  const { metadata, ...rest } = place.body;
  // A client may leave out what the type promises of stored objects.
  const given: Partial<KubeObject["metadata"]> = metadata;
  const name =
    given.name ?? (given.generateName === undefined ? "" : given.generateName + nameEnd(context));
  checkName(kind, name);
  return withDefaults(kind.plural, {
    ...rest,
    apiVersion: apiVersionOf(kind),
    kind: kind.kind,
    metadata: {
      ...metadata,
      name,
      ...(kind.isNamespaced && { namespace: place.namespace }),
      uid: newUid(context),
      creationTimestamp: secondsOf(context.time.now()),
      ...(kind.hasGeneration && { generation: 1 }),
    },
  });
};

export const otherNamespace = (): KubeRefusal =>
  badRequest(
    "the namespace of the provided object does not match the namespace sent on the request",
  );

/** @throws KubeRefusal 400, 403, 404, 409 or 422 */
export const createObject = (
  context: KubeContext,
  write: Omit<Write, "name" | "subresource"> & { readonly admit: (object: KubeObject) => void },
  body: unknown,
): KubeObject => {
  const { kind, namespace, isDryRun } = write;
  const wanted = parsed(kind, body);
  const object = created(context, kind, { namespace, body: wanted });
  const { name } = object.metadata;
  if (kind.isNamespaced && (wanted.metadata.namespace ?? namespace) !== namespace) {
    throw otherNamespace();
  }
  checkNamespace(context, { kind, namespace, name });
  write.admit(object);
  if (context.store.get(kind.plural, locationOf({ kind, namespace, name })) !== undefined) {
    throw alreadyExists(kind, name);
  }
  return isDryRun ? object : context.store.put(kind.plural, object);
};

const immutable = (
  kind: Kind,
  name: string,
  { field, value }: { readonly field: string; readonly value: string },
): KubeRefusal =>
  invalid(kind, name, { field, message: `Invalid value: "${value}": field is immutable` });

const checkMetadata = (kind: Kind, before: KubeObject, after: KubeObject): void => {
  const { name, uid, resourceVersion } = before.metadata;
  const wanted: Partial<KubeObject["metadata"]> = after.metadata;
  const value = wanted.uid ?? uid;
  if (value !== uid) throw immutable(kind, name, { field: "metadata.uid", value });
  const wantedName = wanted.name ?? name;
  if (wantedName !== name) {
    throw badRequest(
      `the name of the object (${wantedName}) does not match the name on the URL (${name})`,
    );
  }
  // An empty one asks for no check.
  if (![undefined, "", resourceVersion].includes(wanted.resourceVersion)) {
    throw staleVersion(kind, name);
  }
};

/** Source: API reference, Node: `providerID`, once set, stays. */
const checkNode = (kind: Kind, before: KubeObject, after: KubeObject): void => {
  const [was, is] = [before as NodeObject, after as NodeObject];
  const { providerID } = was.spec;
  if (providerID !== undefined && is.spec.providerID !== providerID) {
    throw invalid(kind, before.metadata.name, {
      field: "spec.providerID",
      message: 'Forbidden: node updates may not change providerID except from "" to valid',
    });
  }
};

/** Of a pod's spec a client may change images, tolerations (more of them) and deadlines. Source: API reference, Pod, "pod updates". */
const checkPod = (kind: Kind, before: KubeObject, after: KubeObject): void => {
  const [was, is] = [before.spec as { nodeName?: string }, after.spec as { nodeName?: string }];
  if (was.nodeName !== is.nodeName) {
    throw invalid(kind, before.metadata.name, {
      field: "spec",
      message:
        "Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)",
    });
  }
};

/** Source: API reference, PodDisruptionBudgetStatus: no count is negative. */
const checkBudget = (kind: Kind, before: KubeObject, after: KubeObject): void => {
  const allowed = (after as Pdb).status?.disruptionsAllowed ?? 0;
  if (allowed >= 0) return;
  throw invalid(kind, before.metadata.name, {
    field: "status.disruptionsAllowed",
    message: `Invalid value: ${String(allowed)}: must be greater than or equal to 0`,
  });
};

const checks: Readonly<Partial<Record<Plural, typeof checkNode>>> = {
  nodes: checkNode,
  pods: checkPod,
  poddisruptionbudgets: checkBudget,
};

/** A map or list whose last entry was taken away is no longer there. */
const withoutEmpty = ({
  labels,
  annotations,
  finalizers,
  ...rest
}: KubeObject["metadata"]): KubeObject["metadata"] => ({
  ...rest,
  ...(labels !== undefined && Object.keys(labels).length > 0 && { labels }),
  ...(annotations !== undefined && Object.keys(annotations).length > 0 && { annotations }),
  ...(finalizers !== undefined && finalizers.length > 0 && { finalizers }),
});

/** Of the object as it is wanted, the part that this path writes. */
const writtenPart = (
  { kind, subresource }: Pick<Write, "kind" | "subresource">,
  before: KubeObject,
  after: KubeObject,
): KubeObject => {
  const { uid, creationTimestamp, generation, deletionTimestamp } = before.metadata;
  const metadata = {
    ...withoutEmpty(after.metadata),
    name: before.metadata.name,
    uid,
    creationTimestamp,
    resourceVersion: before.metadata.resourceVersion,
    ...(before.metadata.namespace !== undefined && { namespace: before.metadata.namespace }),
    ...(generation !== undefined && { generation }),
    ...(deletionTimestamp !== undefined && { deletionTimestamp }),
  };
  const { status: statusBefore } = before;
  if (subresource === "status") {
    return { ...before, metadata, ...(after.status !== undefined && { status: after.status }) };
  }
  const { apiVersion, kind: kindName } = before;
  const whole = { ...after, apiVersion, kind: kindName, metadata };
  if (!kind.hasStatus) return whole;
  const { status: _, ...rest } = whole;
  return statusBefore === undefined ? rest : { ...rest, status: statusBefore };
};

/** Writes what a controller or a client made of an object: with its generation, and gone where nothing holds it any longer. */
export const replaceObject = (
  { store }: KubeContext,
  { plural, hasGeneration }: Kind,
  { before, after }: { readonly before: KubeObject; readonly after: KubeObject },
): KubeObject => {
  if (isDeepStrictEqual(before, after)) return before;
  const isChanged = hasGeneration && !isDeepStrictEqual(before.spec, after.spec);
  const generation = (before.metadata.generation ?? 0) + 1;
  const object = isChanged ? { ...after, metadata: { ...after.metadata, generation } } : after;
  if (isReleased(object)) {
    store.remove(plural, object.metadata);
    return object;
  }
  return store.put(plural, object);
};

/** Its deletion waited for finalizers, and the last one is gone; a pod's also for its grace. */
const isReleased = ({ metadata }: KubeObject): boolean =>
  metadata.deletionTimestamp !== undefined &&
  (metadata.finalizers ?? []).length === 0 &&
  (metadata.deletionGracePeriodSeconds ?? 0) === 0;

/** @throws KubeRefusal 400, 404, 409, 415 or 422 */
export const updateObject = (
  context: KubeContext,
  write: Write & { readonly admit: (object: KubeObject) => void },
  change: (before: KubeObject) => unknown,
): KubeObject => {
  const { kind, name, isDryRun } = write;
  const before = existing(context, write);
  const after = parsed(kind, change(before));
  checkMetadata(kind, before, after);
  const written = writtenPart(write, before, after);
  checks[kind.plural]?.(kind, before, written);
  write.admit(written);
  if (!isDryRun) return replaceObject(context, kind, { before, after: written });
  return { ...written, metadata: { ...written.metadata, name } };
};

export const patchObject = (
  context: KubeContext,
  write: Parameters<typeof updateObject>[1],
  patch: { readonly contentType: string; readonly patch: unknown },
): KubeObject => updateObject(context, write, (before) => applyPatch(before, patch));

/** What a controller writes: the object as it makes it, if it is there. */
export const change = <Name extends Plural>(
  context: KubeContext,
  plural: Name,
  object: Objects[Name],
): void => {
  const before = context.store.get(plural, object.metadata);
  if (before === undefined) return;
  replaceObject(context, kindOf(plural), { before, after: object });
};
