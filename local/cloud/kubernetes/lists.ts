/** Lists in pages. Source: Kubernetes documentation, "API concepts", "Retrieving large results sets in chunks", "Resource versions". */
import type { KubeContext } from "./context.ts";
import { apiVersionOf, type Kind } from "./kinds.ts";
import type { KubeObject } from "./objects.ts";
import { badRequest, expired } from "./refusals.ts";
import { parseFieldSelector, parseLabelSelector } from "./selectors.ts";

interface KubeList {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly resourceVersion: string;
    readonly continue?: string;
    readonly remainingItemCount?: number;
  };
  readonly items: readonly KubeObject[];
}

interface Cursor {
  /** Of the first page: all pages show the objects as they were then. */
  readonly version: number;
  /** Key of the last object that was shown. */
  readonly after: string;
}

/** A list whose names and kinds are told by its items' kind. */
const keyOf = ({ metadata }: KubeObject): string => `${metadata.namespace ?? ""}/${metadata.name}`;

const encode = ({ version, after }: Cursor): string =>
  Buffer.from(
    JSON.stringify({ v: "meta.k8s.io/v1", rv: version, start: `${after}\u0000` }),
  ).toString("base64url");

const decode = (token: string): Cursor => {
  try {
    const { v, rv, start } = JSON.parse(Buffer.from(token, "base64url").toString("utf8")) as {
      readonly v?: unknown;
      readonly rv?: unknown;
      readonly start?: unknown;
    };
    if (v === "meta.k8s.io/v1" && typeof rv === "number" && typeof start === "string") {
      return { version: rv, after: start.replace(/\0$/, "") };
    }
  } catch {
    // Said below.
  }
  throw badRequest(`invalid continue token: continue key is not valid: ${token}`);
};

/** Whether the query's selectors select it. @throws KubeRefusal 400 */
export const selectionOf = (
  { plural }: Kind,
  query: URLSearchParams,
): ((object: KubeObject) => boolean) => {
  const byLabel = parseLabelSelector(query.get("labelSelector") ?? "");
  const byField = parseFieldSelector(plural, query.get("fieldSelector") ?? "");
  return (object) => byLabel(object) && byField(object);
};

/** Of a cursor that goes on with the objects as they are now. Source: API concepts, "410 Gone responses" of lists. */
const inconsistent = -1;

const tooOld =
  "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.";

const objectsAt = (
  { store }: KubeContext,
  { plural }: Kind,
  cursor: Cursor | undefined,
): readonly KubeObject[] => {
  if (cursor === undefined) return store.list(plural);
  const isNow = [store.version, inconsistent].includes(cursor.version);
  const then = isNow ? store.list(plural) : store.listAt(plural, cursor.version);
  if (then === undefined) {
    throw expired(tooOld, encode({ version: inconsistent, after: cursor.after }));
  }
  return then.filter((object) => keyOf(object) > cursor.after);
};

/** At version 0 the watch cache answers, which knows no pages. */
const limitOf = (query: URLSearchParams): number => {
  const limit = Number(query.get("limit") ?? "0");
  return limit > 0 && query.get("resourceVersion") !== "0" ? limit : Infinity;
};

/** @throws KubeRefusal 400 or 410 */
export const listObjects = (
  context: KubeContext,
  {
    kind,
    namespace,
    name,
  }: { readonly kind: Kind; readonly namespace: string; readonly name?: string },
  query: URLSearchParams,
): KubeList => {
  const token = query.get("continue") ?? "";
  const cursor = token === "" ? undefined : decode(token);
  const isSelected = selectionOf(kind, query);
  const isNow = cursor === undefined || cursor.version === inconsistent;
  const version = isNow ? context.store.version : cursor.version;
  const all = objectsAt(context, kind, cursor).filter(
    (object) =>
      (namespace === "" || object.metadata.namespace === namespace) &&
      (name === undefined || object.metadata.name === name) &&
      isSelected(object),
  );
  const items = all.slice(0, limitOf(query));
  const last = items.at(-1);
  const isWhole = items.length === all.length || last === undefined;
  return {
    apiVersion: apiVersionOf(kind),
    kind: `${kind.kind}List`,
    metadata: {
      resourceVersion: String(version),
      ...(!isWhole && {
        continue: encode({ version, after: keyOf(last) }),
        remainingItemCount: all.length - items.length,
      }),
    },
    items,
  };
};
