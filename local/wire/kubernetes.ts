/** One request to a simulated API server as bytes, one answer as bytes. It answers in JSON, to clients that would take protobuf too. */
import type { KubeAnswer } from "../cloud/kubernetes/api-server.ts";
import type { KubeCluster } from "../cloud/kubernetes/cluster.ts";
import { badRequest, refuse } from "../cloud/kubernetes/refusals.ts";
import type { Watch } from "../cloud/kubernetes/watches.ts";
import { readProtobuf } from "./kubernetes-protobuf.ts";
import type { WireRequest, WireResponse } from "./messages.ts";

export interface KubeWireRequest extends Omit<WireRequest, "body"> {
  readonly body: string | Buffer;
}

export interface KubeResponse extends WireResponse {
  /** Sent line by line instead of the body. */
  readonly watch?: Watch;
}

const protobuf = "application/vnd.kubernetes.protobuf";

const isProtobuf = ({ headers }: KubeWireRequest): boolean =>
  headers["content-type"]?.includes(protobuf) === true;

/** Undefined for a body that can't be read. */
const parse = (request: KubeWireRequest): { readonly value: unknown } | undefined => {
  const { body } = request;
  if (body.length === 0) return { value: undefined };
  try {
    if (!isProtobuf(request)) return { value: JSON.parse(body.toString()) };
    const value = readProtobuf(Buffer.from(body));
    return value === undefined ? undefined : { value };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
};

const notJson = badRequest("the object provided is unrecognized: the body is not JSON");

const unreadable = refuse(415, "UnsupportedMediaType", {
  message:
    "the body of the request was in an unknown format - accepted media types include: application/json",
});

/** Of objects of the cluster: none is changed in place, and each list shows most of them again. */
const texts = new WeakMap<object, string>();

const textOnce = (object: object): string => {
  const known = texts.get(object);
  if (known !== undefined) return known;
  const text = JSON.stringify(object);
  texts.set(object, text);
  return text;
};

const isList = (body: object): body is { readonly items: readonly object[] } =>
  "items" in body && Array.isArray(body.items);

/** As JSON.stringify has it: a list's items come last. */
const textOf = (body: object): string => {
  if (!isList(body)) return JSON.stringify(body);
  const { items, ...head } = body;
  const begin = JSON.stringify(head).slice(0, -1);
  return `${begin}${begin === "{" ? "" : ","}"items":[${items.map(textOnce).join(",")}]}`;
};

const written = ({ code, headers, body, watch }: KubeAnswer): KubeResponse => {
  const isText = typeof body === "string";
  return {
    status: code,
    headers: {
      "content-type": isText ? "text/plain; charset=utf-8" : "application/json",
      ...headers,
    },
    body: isText ? body : textOf(body),
    ...(watch !== undefined && { watch }),
  };
};

/** @throws BrokenConnection where a fault hook broke it, and what the server throws by mistake */
export const exchangeKubernetes = async (
  cluster: Pick<KubeCluster, "answer">,
  request: KubeWireRequest,
): Promise<KubeResponse> => {
  const parsed = parse(request);
  if (parsed === undefined) {
    const { code, headers, body } = isProtobuf(request) ? unreadable : notJson;
    return written({ code, headers, body });
  }
  const { method, path, query, headers } = request;
  return written(await cluster.answer({ method, path, query, headers, body: parsed.value }));
};
