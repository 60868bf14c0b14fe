/** What each instance cost in each hour of a day, serving or not: the same sums as in the day's terms, told apart. */
import type { InstanceHours } from "../model/ledger/hours.ts";
import type { InstanceSpan } from "../model/ledger/span.ts";
import { billedTime } from "./billed-time.ts";
import type { PriceBook } from "./prices.ts";
import { costOf } from "./running-cost.ts";
import { cutEvery, hourMs, instantOf, overlap, stretchOfDay, type Stretch } from "./time.ts";

interface HoursInput {
  readonly day: string;
  /** All of the target that the day touches. */
  readonly spans: readonly InstanceSpan[];
  /** When the last complete reading of the place began, ISO 8601. */
  readonly knownUntil: string;
  readonly prices: PriceBook;
}

/** Undefined: it is not billed in that hour. */
const costIn = (
  span: InstanceSpan,
  hour: Stretch,
  { knownUntil, prices }: HoursInput,
): bigint | "UNKNOWN" | undefined => {
  const ends = hour.to;
  const { certain, atMost } = billedTime(span, { knownUntil: instantOf(knownUntil), ends });
  if (overlap({ from: certain.to, to: atMost }, hour) !== undefined) return "UNKNOWN";
  const billed = overlap(certain, hour);
  if (billed === undefined) return undefined;
  const { source, nanoUsd } = costOf(span, billed, prices);
  return source === "unknown" ? "UNKNOWN" : nanoUsd;
};

/** Two stretches of one instance in one hour are one figure. */
const sumIn = (spans: readonly InstanceSpan[], hour: Stretch, input: HoursInput): string => {
  const costs = spans.map((span) => costIn(span, hour, input)).filter((cost) => cost !== undefined);
  if (costs.length === 0) return "-";
  let sum = 0n;
  for (const cost of costs) {
    if (cost === "UNKNOWN") return "?";
    sum += cost;
  }
  return String(sum);
};

const keyOf = ({ instanceId, instanceType, purchase }: InstanceSpan): string =>
  `${instanceId} ${instanceType} ${purchase}`;

/** Of those alone that are billed in some hour of the day. */
export const instanceHours = (input: HoursInput): readonly InstanceHours[] => {
  const hours = cutEvery(stretchOfDay(input.day), { origin: 0, everyMs: hourMs });
  const ran = input.spans.filter(({ state }) => state === "RUNNING");
  return [...Map.groupBy(ran, keyOf).values()].flatMap((spans) => {
    const [first] = spans;
    const costs = hours.map((hour) => sumIn(spans, hour, input));
    if (first === undefined || costs.every((cost) => cost === "-")) return [];
    const { instanceId, instanceType, purchase } = first;
    return [{ instanceId, instanceType, purchase, hours: costs }];
  });
};
