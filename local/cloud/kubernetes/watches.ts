/** Watches: the changes after a version, and those that come. Source: Kubernetes documentation, "API concepts", "Efficient detection of changes". */
import type { KubeContext } from "./context.ts";
import type { Kind } from "./kinds.ts";
import { listObjects, selectionOf } from "./lists.ts";
import type { KubeObject } from "./objects.ts";
import { expired } from "./refusals.ts";
import type { Change } from "./store.ts";
import { tableOf } from "./tables.ts";

interface WatchEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "ERROR";
  readonly object: object;
}

/** Sends what has happened, then what happens, until the returned function is called. */
export type Watch = (send: (event: WatchEvent) => void) => () => void;

interface Watched {
  readonly kind: Kind;
  readonly namespace: string;
  readonly query: URLSearchParams;
  readonly asTable: boolean;
}

/** An object that comes to be selected is added, one that is no longer selected is deleted: for this watch. */
const typeFor = (
  { type, before, object }: Change,
  isSelected: (object: KubeObject) => boolean,
): WatchEvent["type"] | undefined => {
  const [was, is] = [before !== undefined && isSelected(before), isSelected(object)];
  if (type === "DELETED") return was ? "DELETED" : undefined;
  if (is) return was ? "MODIFIED" : "ADDED";
  return was ? "DELETED" : undefined;
};

const tooOld = (version: number, compacted: number): object =>
  expired(`too old resource version: ${String(version)} (${String(compacted)})`).body as object;

/** @throws KubeRefusal 400 for a selector that can't be read */
export const watchOf = (context: KubeContext, watched: Watched): Watch => {
  const { kind, namespace, query, asTable } = watched;
  const { store, time } = context;
  const isOfQuery = selectionOf(kind, query);
  const isSelected = (object: KubeObject): boolean =>
    (namespace === "" || object.metadata.namespace === namespace) && isOfQuery(object);
  const shown = (object: KubeObject): object =>
    asTable ? tableOf(kind.plural, [object], { nowMs: time.now() }) : object;
  const from = Number(query.get("resourceVersion") ?? "");
  return (send) => {
    const tell = (change: Change): void => {
      if (change.plural !== kind.plural) return;
      const type = typeFor(change, isSelected);
      if (type !== undefined) send({ type, object: shown(change.object) });
    };
    if (from === 0) {
      const { items } = listObjects(context, { kind, namespace }, selectorsOf(query));
      for (const object of items) send({ type: "ADDED", object: shown(object) });
      return store.onChange(tell);
    }
    const missed = store.since(from);
    if (missed === undefined) {
      send({ type: "ERROR", object: tooOld(from, store.compacted) });
      return () => undefined;
    }
    for (const change of missed) tell(change);
    return store.onChange(tell);
  };
};

const selectorsOf = (query: URLSearchParams): URLSearchParams =>
  new URLSearchParams(
    [...query.entries()].filter(([name]) => name === "labelSelector" || name === "fieldSelector"),
  );
