/** Counts a client's requests where they arrive: in the API server's audit log. Source: Kubernetes documentation, "Auditing". */
import { existsSync, readFileSync } from "node:fs";
import * as z from "zod";

export interface AuditedRequest {
  readonly verb: string;
  /** `pods`, `pods/eviction`; the path of what is not a resource. */
  readonly resource: string;
  readonly code: number;
}

const lineSchema = z.object({
  verb: z.string(),
  requestURI: z.string(),
  objectRef: z
    .object({ resource: z.string().optional(), subresource: z.string().optional() })
    .optional(),
  responseStatus: z.object({ code: z.number().optional() }).optional(),
});

export const auditArguments = (policy: string, log: string): readonly string[] => [
  `--audit-policy-file=${policy}`,
  `--audit-log-path=${log}`,
  // A request is in the log before its answer is sent.
  "--audit-log-mode=blocking-strict",
];

const requestOf = (line: string): AuditedRequest => {
  const { verb, requestURI, objectRef, responseStatus } = lineSchema.parse(JSON.parse(line));
  const { resource = requestURI, subresource } = objectRef ?? {};
  return {
    verb,
    resource: subresource === undefined ? resource : `${resource}/${subresource}`,
    code: responseStatus?.code ?? 0,
  };
};

/** Of the audited user, in the order of their answers. */
export const readAudit = (log: string): readonly AuditedRequest[] =>
  existsSync(log)
    ? readFileSync(log, "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map(requestOf)
    : [];
