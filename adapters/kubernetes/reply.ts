/** Reads what the client of Kubernetes threw: an answer of the server that is a refusal, or the reason why there is none. */
import { ApiException } from "@kubernetes/client-node/dist/gen/index.js";
import * as z from "zod";

/** An answer with a status of 4xx or 5xx. */
export interface Reply {
  readonly httpStatus: number;
  /** Of the Status object: `NotFound`, `Conflict` … Empty where the server gives none, as with plain text. */
  readonly reason: string;
  readonly message: string;
  readonly causes: readonly { readonly reason: string; readonly message: string }[];
  /** Of the header. */
  readonly retryAfterSeconds?: number;
  /** The answer was text: the server's own limit, or a proxy's page. */
  readonly isText: boolean;
  /** Under which the server's audit log has the request. */
  readonly auditId?: string;
}

const statusSchema = z.object({
  message: z.string().default(""),
  reason: z.string().default(""),
  details: z
    .object({
      causes: z
        .array(z.object({ reason: z.string().default(""), message: z.string().default("") }))
        .default([]),
    })
    .default({ causes: [] }),
});

/** A webhook, or whatever stands in between, may send a page; what is told of it ends in records and in the workflow's state. */
const longestMessage = 400;

export const shortened = (message: string): string =>
  message.length > longestMessage ? `${message.slice(0, longestMessage)}…` : message;

/** The client hands a body on as it came; of a 401 it hands on none. */
const statusIn = (body: unknown): z.infer<typeof statusSchema> | undefined => {
  if (typeof body !== "string") return undefined;
  try {
    const read = statusSchema.safeParse(JSON.parse(body));
    return read.success ? read.data : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};

type Headers = Readonly<Record<string, string | undefined>>;

/** Seconds; a server may also send a date, which is not read. */
const secondsIn = (header: string | undefined): number | undefined =>
  header !== undefined && /^\d+$/.test(header) ? Number(header) : undefined;

const optional = ({ "retry-after": after, "audit-id": auditId }: Headers) => {
  const retryAfterSeconds = secondsIn(after);
  return {
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    ...(auditId === undefined ? {} : { auditId }),
  };
};

/** Undefined where the server did not answer. */
export const replyIn = (error: unknown): Reply | undefined => {
  if (!(error instanceof ApiException)) return undefined;
  const { body, code, headers } = error as ApiException<unknown>;
  const { reason, message, details } = statusIn(body) ?? {
    reason: "",
    message: typeof body === "string" ? body : "",
    details: undefined,
  };
  return {
    httpStatus: code,
    reason,
    message: shortened(message),
    causes: (details?.causes ?? []).map((cause) => ({
      ...cause,
      message: shortened(cause.message),
    })),
    isText: typeof body === "string" && details === undefined,
    ...optional(headers),
  };
};

const field = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;

/** The connection never was, after as long as one may take. */
export const connectTimeout = "ConnectTimeout";

/** Why no answer came: a code of Node, or the name of the error. Of a time-out the code is a number that says nothing: 23. */
export const silenceCodeOf = (error: unknown): string => {
  const code = field(error, "code");
  if (typeof code === "string") return code;
  const name = field(error, "name");
  return typeof name === "string" ? name : "UnknownError";
};
