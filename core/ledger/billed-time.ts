/** For which time an instance is billed: by the second, sixty at each start, whole hours of SUSE, and not at all where EC2 takes it in its first hour. */
import type { InstanceSpan } from "../model/ledger/span.ts";
import { hourMs, instantOf, type Stretch } from "./time.ts";

/** Source: Amazon EC2 User Guide, "Stop and start Amazon EC2 instances". */
const leastMs = 60_000;

/** Billed by the hour. Source: Amazon EC2 User Guide, "Billing for interrupted Spot Instances". */
const isHourly = ({ product }: Pick<InstanceSpan, "product">): boolean =>
  product.startsWith("SUSE Linux");

/**
 * @param endMs when it ended
 * @returns until when it is billed: `startMs` where it costs nothing
 */
const billedUntil = (
  span: Pick<InstanceSpan, "end" | "product" | "purchase">,
  { from, to }: Stretch,
): number => {
  const isTaken = span.purchase === "SPOT" && span.end?.by === "EC2";
  if (isTaken && to - from < hourMs) return from;
  if (!isHourly(span)) return Math.max(to, from + leastMs);
  const hours = (to - from) / hourMs;
  return from + (isTaken ? Math.floor(hours) : Math.max(1, Math.ceil(hours))) * hourMs;
};

export interface BilledTime {
  readonly certain: Stretch;
  /** It may be billed as long as that. The same where all is known. */
  readonly atMost: number;
}

/**
 * @param knownUntil last instant of which anything is known: what runs on is billed until then for certain
 * @param ends until then it may have run, where nothing says that it has ended
 */
export const billedTime = (
  span: Pick<InstanceSpan, "startedAt" | "end" | "product" | "purchase">,
  { knownUntil, ends }: { readonly knownUntil: number; readonly ends: number },
): BilledTime => {
  const from = instantOf(span.startedAt);
  if (span.end === undefined) {
    const to = Math.max(from, Math.min(knownUntil, ends));
    // How it ends is not known yet: its minimum is.
    const certain = { from, to: Math.max(to, from + leastMs) };
    return { certain, atMost: Math.max(certain.to, ends) };
  }
  const earliest = Math.max(from, instantOf(span.end.earliest));
  const latest = Math.max(earliest, instantOf(span.end.latest));
  return {
    certain: { from, to: billedUntil(span, { from, to: earliest }) },
    atMost: billedUntil(span, { from, to: latest }),
  };
};
