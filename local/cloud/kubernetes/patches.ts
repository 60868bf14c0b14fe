/**
 * The three kinds of patch that kubectl and the clients send. Source: RFC 7386 (merge), RFC 6902 (JSON), and Kubernetes documentation,
 * "Update API Objects in Place Using kubectl patch" (strategic).
 */
import { isDeepStrictEqual } from "node:util";
import { badRequest, refuse } from "./refusals.ts";

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const mergePatch = (target: unknown, patch: unknown): unknown => {
  if (!isObject(patch)) return patch;
  const result: Record<string, unknown> = { ...(isObject(target) ? target : {}) };
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) Reflect.deleteProperty(result, name);
    else result[name] = mergePatch(result[name], value);
  }
  return result;
};

/** Lists that are merged, and the member that names their items. Source: API reference, "patch strategy". Others are replaced. */
const mergeKeys: Readonly<Record<string, string>> = {
  conditions: "type",
  addresses: "type",
  containers: "name",
  initContainers: "name",
  volumes: "name",
  env: "name",
  ports: "containerPort",
  ownerReferences: "uid",
  topologySpreadConstraints: "topologyKey",
};

const mergeItems = (
  target: unknown,
  patch: readonly unknown[],
  key: string,
): readonly unknown[] => {
  let items = Array.isArray(target) ? [...(target as readonly unknown[])] : [];
  for (const change of patch) {
    if (!isObject(change)) continue;
    const { $patch: directive, ...wanted } = change;
    if (directive === "replace") items = [];
    const place = items.findIndex((item) => isObject(item) && item[key] === wanted[key]);
    if (directive === "delete") items = items.filter((_, index) => index !== place);
    else if (wanted[key] === undefined) continue;
    else if (place === -1) items.push(strategicPatch({}, wanted));
    else items[place] = strategicPatch(items[place], wanted);
  }
  return items;
};

const mergeMember = (name: string, before: unknown, value: unknown): unknown => {
  if (!Array.isArray(value)) return strategicPatch(before, value);
  const list = value as readonly unknown[];
  const key = mergeKeys[name];
  if (key !== undefined) return mergeItems(before, list, key);
  // The one list of plain values that is merged.
  if (name !== "finalizers") return list;
  return [...new Set([...(Array.isArray(before) ? (before as readonly unknown[]) : []), ...list])];
};

const withoutItems = (before: unknown, gone: unknown): readonly unknown[] => {
  const removed = new Set(Array.isArray(gone) ? (gone as readonly unknown[]) : []);
  const list = Array.isArray(before) ? (before as readonly unknown[]) : [];
  return list.filter((item) => !removed.has(item));
};

const deletion = "$deleteFromPrimitiveList/";

const strategicPatch = (target: unknown, patch: unknown): unknown => {
  if (!isObject(patch)) return patch;
  const base = isObject(target) && patch.$patch !== "replace" ? target : {};
  const result: Record<string, unknown> = { ...base };
  for (const [name, value] of Object.entries(patch)) {
    if (name.startsWith(deletion)) {
      const list = name.slice(deletion.length);
      result[list] = withoutItems(result[list], value);
    } else if (name.startsWith("$")) continue;
    else if (value === null) Reflect.deleteProperty(result, name);
    else result[name] = mergeMember(name, result[name], value);
  }
  return result;
};

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly value?: unknown;
  readonly from?: string;
}

/** The client is not told why. */
const failed = (): Error =>
  refuse(422, "Invalid", {
    message: "the server rejected our request due to an error in our request",
    details: {},
  });

const pointer = (path: string): readonly string[] => {
  if (path !== "" && !path.startsWith("/")) throw failed();
  return path
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
};

const readAt = (document: unknown, path: string): unknown => {
  let value = document;
  for (const part of pointer(path)) {
    if (Array.isArray(value)) value = (value as readonly unknown[])[Number(part)];
    else value = isObject(value) ? value[part] : undefined;
  }
  return value;
};

type Leaf = (holder: unknown, part: string) => unknown;

/** The document with one place changed; what leads there is copied. */
const changeAt = (document: unknown, parts: readonly string[], leaf: Leaf): unknown => {
  const [part, ...rest] = parts;
  if (part === undefined) return leaf(undefined, "");
  if (rest.length === 0) return leaf(document, part);
  if (Array.isArray(document)) {
    const list = [...(document as readonly unknown[])];
    if (list[Number(part)] === undefined) throw failed();
    list[Number(part)] = changeAt(list[Number(part)], rest, leaf);
    return list;
  }
  if (!isObject(document) || document[part] === undefined) throw failed();
  return { ...document, [part]: changeAt(document[part], rest, leaf) };
};

const put =
  (value: unknown, isNew: boolean): Leaf =>
  (holder, part) => {
    if (part === "" && holder === undefined) return value;
    if (Array.isArray(holder)) {
      const list = [...(holder as readonly unknown[])];
      list.splice(part === "-" ? list.length : Number(part), isNew ? 0 : 1, value);
      return list;
    }
    if (!isObject(holder)) throw failed();
    if (!isNew && holder[part] === undefined) throw failed();
    return { ...holder, [part]: value };
  };

const take: Leaf = (holder, part) => {
  if (Array.isArray(holder)) {
    const list = holder as readonly unknown[];
    if (list[Number(part)] === undefined) throw failed();
    return list.filter((_, index) => index !== Number(part));
  }
  if (!isObject(holder) || holder[part] === undefined) throw failed();
  const { [part]: _, ...rest } = holder;
  return rest;
};

const apply = (document: unknown, { op, path, value, from = "" }: Operation): unknown => {
  const parts = pointer(path);
  switch (op) {
    case "add":
      return changeAt(document, parts, put(value, true));
    case "replace":
      return changeAt(document, parts, put(value, false));
    case "remove":
      return changeAt(document, parts, take);
    case "test":
      if (isDeepStrictEqual(readAt(document, path), value)) return document;
      throw failed();
    case "copy":
      return changeAt(document, parts, put(readAt(document, from), true));
    case "move": {
      const moved = readAt(document, from);
      return changeAt(changeAt(document, pointer(from), take), parts, put(moved, true));
    }
    default:
      throw failed();
  }
};

const isOperation = (value: unknown): value is Operation =>
  isObject(value) && typeof value.op === "string" && typeof value.path === "string";

const jsonPatch = (target: unknown, patch: unknown): unknown => {
  if (!Array.isArray(patch) || !patch.every(isOperation)) {
    throw badRequest(
      "error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp",
    );
  }
  return patch.reduce<unknown>(apply, target);
};

const byType: Readonly<Record<string, (target: unknown, patch: unknown) => unknown>> = {
  "application/merge-patch+json": mergePatch,
  "application/strategic-merge-patch+json": strategicPatch,
  "application/json-patch+json": jsonPatch,
};

/** @throws KubeRefusal 400, 415 or 422 */
export const applyPatch = <Type>(
  target: Type,
  { contentType, patch }: { readonly contentType: string; readonly patch: unknown },
): Type => {
  const patched = byType[contentType.split(";")[0]?.trim() ?? ""];
  if (patched === undefined) {
    throw refuse(415, "UnsupportedMediaType", {
      message: "415: Unsupported Media Type",
      details: {},
    });
  }
  // What it becomes is checked by the rules of its kind.
  return patched(target, patch) as Type;
};
