/**
 * API Gateway in front of one function: a REST API (payload version 1) with a proxy resource, as infra deploys it. What a client
 * gets is what API Gateway makes of the function's answer, and not what the function meant.
 *
 * Sources: developer guide of API Gateway, "Lambda proxy integrations" (shape of event and answer, 502 for what is neither),
 * "Binary media types for REST APIs" (base64 is undone only where binaryMediaTypes has the first type of Accept), "Quotas" (payload of
 * 10 MB); developer guide of Lambda, "Quotas" (6 MB each way). How `path` and `requestContext.path` change with stage and base path
 * is not in AWS's documents: it was measured in localstack/localstack#12295.
 */

/** Of the IAM caller: null where none was named. */
interface RestApiIdentity {
  readonly userArn: string | null;
  readonly caller: string | null;
  readonly accountId: string | null;
  readonly cognitoIdentityId: string | null;
}

const nobody: RestApiIdentity = {
  userArn: null,
  caller: null,
  accountId: null,
  cognitoIdentityId: null,
};

/** As far as a function reads it. */
export interface RestApiEvent {
  readonly resource: string;
  readonly httpMethod: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly multiValueHeaders: Readonly<Record<string, string[]>>;
  readonly queryStringParameters: Readonly<Record<string, string>> | null;
  readonly multiValueQueryStringParameters: Readonly<Record<string, string[]>> | null;
  readonly pathParameters: { readonly proxy: string };
  readonly stageVariables: null;
  readonly body: string | null;
  readonly isBase64Encoded: boolean;
  readonly requestContext: {
    readonly stage: string;
    readonly path: string;
    readonly domainName: string;
    readonly resourcePath: string;
    readonly httpMethod: string;
    readonly identity: RestApiIdentity;
  };
}

export interface RestApiResult {
  readonly statusCode: number;
  readonly body: string;
  readonly isBase64Encoded?: boolean | undefined;
  /** A list as a value makes the whole answer unintelligible: it belongs in `multiValueHeaders`. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>> | undefined;
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>> | undefined;
}

/** How clients reach it. */
type RestApiAddress =
  /** `https://….execute-api.…/stage/…`: the stage is in the client's path, and not in the event's. */
  | { readonly kind: "EXECUTE_API" }
  /** A domain of one's own, mapped to the stage, under a base path or none: it stays in both paths. */
  | { readonly kind: "DOMAIN"; readonly basePath?: string };

export interface RestApiOptions {
  readonly handler: (event: RestApiEvent) => Promise<RestApiResult>;
  /** What the proxy resource stands under: `/api/v1`. */
  readonly root: string;
  readonly stage: string;
  readonly address: RestApiAddress;
  readonly binaryMediaTypes?: readonly string[];
  /** The IAM caller; absent: none was named. */
  readonly callerOf?: (request: Request) => Partial<RestApiIdentity>;
  /** †Whether `path` still has the client's percent-encoding is not documented. Default: AS_SENT. */
  readonly path?: "AS_SENT" | "DECODED";
}

const megabyte = 1024 * 1024;
const largestRequestBytes = 10 * megabyte;
const largestInvocationBytes = 6 * megabyte;

/** What API Gateway says itself is not a problem document. */
const own = (status: number, message: string): Response => Response.json({ message }, { status });

const tooLarge = (): Response => own(413, "Request Too Long");
const unintelligible = (): Response => own(502, "Internal server error");

const lastOf = (values: Readonly<Record<string, string[]>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, all]) => [name, all.at(-1) ?? ""]));

const queryOf = (url: URL): Record<string, string[]> | null => {
  const names = new Set(url.searchParams.keys());
  return names.size === 0
    ? null
    : Object.fromEntries([...names].map((name) => [name, url.searchParams.getAll(name)]));
};

const isBinary = (types: readonly string[], type: string | null | undefined): boolean => {
  const asked = type?.split(";")[0]?.trim().toLowerCase();
  return asked !== undefined && types.some((one) => one === "*/*" || one === asked);
};

/** Where the proxy resource begins in the client's path; undefined where no resource is met. */
const proxyOf = ({ root, stage, address }: RestApiOptions, path: string) => {
  const base =
    address.kind === "EXECUTE_API"
      ? `/${stage}`
      : address.basePath === undefined
        ? ""
        : `/${address.basePath}`;
  const begin = `${base}${root}/`;
  if (!path.startsWith(begin) || path.length === begin.length) return undefined;
  return { base, proxy: path.slice(begin.length) };
};

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

interface Told {
  readonly body: Uint8Array;
  readonly base: string;
  readonly proxy: string;
}

const eventOf = (options: RestApiOptions, request: Request, told: Told): RestApiEvent => {
  const { root, stage, address, binaryMediaTypes = [] } = options;
  const url = new URL(request.url);
  const asSent = address.kind === "EXECUTE_API" ? `${root}/${told.proxy}` : url.pathname;
  const multiValueHeaders = Object.fromEntries(
    [...request.headers].map(([name, value]) => [name, [value]]),
  );
  const query = queryOf(url);
  const isBase64Encoded =
    told.body.length > 0 && isBinary(binaryMediaTypes, request.headers.get("content-type"));
  const text = isBase64Encoded
    ? Buffer.from(told.body).toString("base64")
    : new TextDecoder("utf-8", { ignoreBOM: true }).decode(told.body);
  return {
    resource: `${root}/{proxy+}`,
    httpMethod: request.method,
    path: options.path === "DECODED" ? decoded(asSent) : asSent,
    headers: lastOf(multiValueHeaders),
    multiValueHeaders,
    queryStringParameters: query === null ? null : lastOf(query),
    multiValueQueryStringParameters: query,
    pathParameters: { proxy: decoded(told.proxy) },
    stageVariables: null,
    body: told.body.length === 0 ? null : text,
    isBase64Encoded,
    requestContext: {
      stage,
      path: url.pathname,
      domainName: url.host,
      resourcePath: `${root}/{proxy+}`,
      httpMethod: request.method,
      identity: { ...nobody, ...options.callerOf?.(request) },
    },
  };
};

const headersOf = ({ headers = {}, multiValueHeaders = {} }: RestApiResult): Headers => {
  const made = new Headers();
  for (const [name, value] of Object.entries(headers)) made.set(name, String(value));
  for (const [name, values] of Object.entries(multiValueHeaders)) {
    made.delete(name);
    for (const value of values) made.append(name, value);
  }
  return made;
};

const hasNoBody = (request: Request, status: number): boolean =>
  request.method === "HEAD" || status === 204 || status === 304;

const answerOf = (options: RestApiOptions, request: Request, result: RestApiResult): Response => {
  const { statusCode: status, body, isBase64Encoded = false } = result;
  const [accepted] = (request.headers.get("accept") ?? "").split(",");
  const isUndone = isBase64Encoded && isBinary(options.binaryMediaTypes ?? [], accepted);
  const sent = isUndone ? Buffer.from(body, "base64") : body;
  return new Response(hasNoBody(request, status) ? null : sent, {
    status,
    headers: headersOf(result),
  });
};

const isIntelligible = (result: RestApiResult): boolean =>
  !Object.values(result.headers ?? {}).some((value) => typeof value !== "string") &&
  JSON.stringify(result).length <= largestInvocationBytes;

const invoke = async (
  options: RestApiOptions,
  event: RestApiEvent,
): Promise<RestApiResult | undefined> => {
  try {
    const result = await options.handler(event);
    return isIntelligible(result) ? result : undefined;
  } catch {
    // API Gateway tells nobody what the function threw.
    return undefined;
  }
};

/** What a client gets for its request. */
export const serveRestApi =
  (options: RestApiOptions) =>
  async (request: Request): Promise<Response> => {
    const found = proxyOf(options, new URL(request.url).pathname);
    if (found === undefined) return own(403, "Missing Authentication Token");
    const body = new Uint8Array(await request.arrayBuffer());
    if (body.length > largestRequestBytes) return tooLarge();
    const event = eventOf(options, request, { body, ...found });
    if (Buffer.byteLength(JSON.stringify(event)) > largestInvocationBytes) return tooLarge();
    const result = await invoke(options, event);
    return result === undefined ? unintelligible() : answerOf(options, request, result);
  };
