/**
 * How objects go: pods within their grace, others at once, with finalizers when the last of these is gone. Source: Kubernetes
 * documentation, "Pod Lifecycle", "Termination of Pods"; "Finalizers"; API reference, DeleteOptions.
 */
import type { KubeContext } from "./context.ts";
import { kinds, type Kind } from "./kinds.ts";
import { isOver, secondsOf, type KubeObject, type Pod } from "./objects.ts";
import { conflict, otherUid, type Status } from "./refusals.ts";
import { existing, replaceObject, type Write } from "./writing.ts";

export interface DeleteOptions {
  readonly gracePeriodSeconds?: number | undefined;
  readonly preconditions?:
    | { readonly uid?: string | undefined; readonly resourceVersion?: string | undefined }
    | undefined;
}

/** @throws KubeRefusal 409 */
export const checkPreconditions = (
  kind: Kind,
  { metadata }: KubeObject,
  { preconditions = {} }: DeleteOptions,
): void => {
  const { uid, resourceVersion } = preconditions;
  if (uid !== undefined && uid !== metadata.uid) {
    throw otherUid(kind, metadata.name, { wanted: uid, found: metadata.uid });
  }
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    throw conflict(
      kind,
      metadata.name,
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`,
    );
  }
};

/** Seconds. A pod that runs nowhere, or no longer, goes at once. */
const graceOf = (object: Pod, wanted: number | undefined): number => {
  if (object.spec.nodeName === undefined || isOver(object)) return 0;
  return Math.max(0, wanted ?? object.spec.terminationGracePeriodSeconds ?? 30);
};

/** A second deletion can only shorten the grace. */
const terminating = (
  context: KubeContext,
  object: KubeObject,
  graceSeconds: number,
): KubeObject => {
  const known = object.metadata.deletionGracePeriodSeconds;
  if (known !== undefined && known <= graceSeconds) return object;
  const first = object.metadata.deletionTimestamp;
  const beganMs =
    first === undefined || known === undefined
      ? context.time.now()
      : Date.parse(first) - known * 1000;
  return {
    ...object,
    metadata: {
      ...object.metadata,
      deletionTimestamp: secondsOf(beganMs + graceSeconds * 1000),
      deletionGracePeriodSeconds: graceSeconds,
    },
  };
};

/** Marks it as going, or takes it away. Returns it as it stands then. */
export const remove = (
  context: KubeContext,
  kind: Kind,
  {
    object,
    gracePeriodSeconds,
  }: { readonly object: KubeObject; readonly gracePeriodSeconds?: number | undefined },
): { readonly object: KubeObject; readonly isGone: boolean } => {
  const graceSeconds = kind.plural === "pods" ? graceOf(object as Pod, gracePeriodSeconds) : 0;
  const after = terminating(context, object, graceSeconds);
  const isHeld = graceSeconds > 0 || (object.metadata.finalizers ?? []).length > 0;
  if (kind.plural === "namespaces") return removeNamespace(context, kind, after);
  if (!isHeld) {
    context.store.remove(kind.plural, object.metadata);
    return { object: after, isGone: true };
  }
  return { object: replaceObject(context, kind, { before: object, after }), isGone: false };
};

/** Its contents go first; it goes with the last of them. */
const removeNamespace = (
  context: KubeContext,
  kind: Kind,
  namespace: KubeObject,
): { readonly object: KubeObject; readonly isGone: boolean } => {
  const { name } = namespace.metadata;
  const before = context.store.get("namespaces", { name }) ?? namespace;
  const after = { ...namespace, status: { phase: "Terminating" } };
  const { deletionGracePeriodSeconds: _, ...metadata } = after.metadata;
  const held = replaceObject(context, kind, {
    before,
    after: { ...after, metadata: { ...metadata, deletionGracePeriodSeconds: 1 } },
  });
  for (const each of kinds) {
    if (!each.isNamespaced) continue;
    for (const object of context.store.list(each.plural, name)) remove(context, each, { object });
  }
  finishNamespace(context, name);
  return { object: held, isGone: context.store.get("namespaces", { name }) === undefined };
};

/** Takes a namespace away that is being deleted and is empty by now. */
export const finishNamespace = (context: KubeContext, name: string): void => {
  const { store } = context;
  if (store.get("namespaces", { name })?.metadata.deletionTimestamp === undefined) return;
  const isEmpty = kinds.every(
    ({ isNamespaced, plural }) => !isNamespaced || store.list(plural, name).length === 0,
  );
  if (isEmpty) store.remove("namespaces", { name });
};

/** @returns the object while something holds it, else a Status. @throws KubeRefusal 404 or 409 */
export const deleteObject = (
  context: KubeContext,
  write: Write & { readonly admit: (object: KubeObject) => void },
  options: DeleteOptions,
): KubeObject | Status => {
  const { kind } = write;
  const object = existing(context, write);
  checkPreconditions(kind, object, options);
  write.admit(object);
  const answer = write.isDryRun
    ? { object, isGone: true }
    : remove(context, kind, { object, gracePeriodSeconds: options.gracePeriodSeconds });
  if (!answer.isGone || kind.plural === "pods") return answer.object;
  const { group } = kind;
  const { name, uid } = object.metadata;
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Success",
    details: { name, ...(group !== "" && { group }), kind: kind.plural, uid },
    code: 200,
  };
};
