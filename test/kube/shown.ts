/** The part of a reply that must be the same, with what differs from run to run taken out: names that are drawn, UIDs, times. */
import { isDeepStrictEqual } from "node:util";
import type { Reply } from "../../local/kube/api.ts";
import type { Pdb } from "../../local/cloud/kubernetes/objects.ts";

/** Words that mean the same on both sides. */
const steady = (text: string): string =>
  text
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "<uid>")
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, "<time>")
    .replaceAll(/\b(web|other|db)-[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, "$1-<end>");

/** After its first line a message may show what differs, in Go's words. */
const firstLines = (_: string, value: unknown): unknown =>
  typeof value === "string" ? value.split("\n")[0] : value;

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(steady(text), firstLines);
  } catch (error) {
    if (error instanceof SyntaxError) return steady(text.trim());
    throw error;
  }
};

interface Status {
  readonly kind?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: { readonly causes?: readonly object[] };
}

/** Some faults are found twice. */
const once = (causes: readonly object[]): readonly object[] =>
  causes.filter(
    (cause, index) => causes.findIndex((each) => isDeepStrictEqual(each, cause)) === index,
  );

const shownDetails = ({ causes, ...details }: NonNullable<Status["details"]>): object => ({
  ...details,
  ...(causes !== undefined && { causes: once(causes) }),
});

export interface Shown {
  readonly status: number;
  readonly type: string;
  readonly retryAfter?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: object;
  /** Of what is not a Status: its kind, or the text. */
  readonly body?: unknown;
}

const partsOf = (body: unknown): Partial<Shown> => {
  if (typeof body !== "object" || body === null) return { body };
  const { kind, reason, message, details } = body as Status;
  if (kind !== "Status") return { body: kind };
  return {
    ...(reason !== undefined && { reason }),
    ...(message !== undefined && { message }),
    ...(details !== undefined && { details: shownDetails(details) }),
  };
};

export const shown = ({ status, headers, text }: Reply): Shown => {
  const retryAfter = headers["retry-after"];
  return {
    status,
    type: (headers["content-type"] ?? "").split(";")[0] ?? "",
    ...(retryAfter !== undefined && { retryAfter }),
    ...partsOf(parsed(text)),
  };
};

/** What decisions read of a budget. */
export const shownBudget = ({ metadata, status }: Pdb): object => {
  const { disruptionsAllowed, currentHealthy, desiredHealthy, expectedPods } = status ?? {};
  const condition = status?.conditions?.find(({ type }) => type === "DisruptionAllowed");
  return {
    counts: { disruptionsAllowed, currentHealthy, desiredHealthy, expectedPods },
    isObserved: status?.observedGeneration === metadata.generation,
    condition: condition?.status,
    reason: condition?.reason,
    message: condition?.message,
    disrupted: Object.keys(status?.disruptedPods ?? {}).length,
  };
};
