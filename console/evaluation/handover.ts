/** Of one instance that moves: who ran, and who had the clients, on the axis of its steps. */
import { shortId } from "../format.ts";
import { downtimeOf, instant, linearOf, type EvaluationRecord } from "./story.ts";
import type { Span } from "./time-line.ts";

interface HandoverBar extends Span {
  readonly kind: "SERVES" | "RUNS" | "DOWN" | "STOPPED";
  readonly text: string;
}

export interface HandoverRow {
  readonly name: string;
  readonly detail: string;
  readonly bars: readonly HandoverBar[];
}

/** Milliseconds since the epoch; those that have not come are the end of the axis. */
interface Moments {
  readonly from: number;
  readonly launched: number;
  readonly frozen: number;
  /** When somebody served again. */
  readonly back: number;
  readonly to: number;
  readonly who: "NOBODY" | "ORIGINAL" | "REPLACEMENT";
}

const bar = (kind: HandoverBar["kind"], text: string, { from, to }: Span) =>
  to > from ? [{ kind, text, from, to }] : [];

const ofOriginal = ({ from, frozen, back, to, who }: Moments): readonly HandoverBar[] => {
  const returns = who === "ORIGINAL" ? back : to;
  return [
    ...bar("SERVES", "serves", { from, to: frozen }),
    ...bar("STOPPED", "stopped, kept", { from: frozen, to: returns }),
    ...bar("SERVES", "serves again", { from: returns, to }),
  ];
};

const ofClients = ({ from, frozen, back, to, who }: Moments): readonly HandoverBar[] => [
  ...bar("SERVES", "at the original", { from, to: frozen }),
  ...bar("DOWN", "nobody", { from: frozen, to: back }),
  ...(who === "NOBODY" ? [] : bar("SERVES", `at the ${who.toLowerCase()}`, { from: back, to })),
];

const ofReplacement = ({ launched, back, to, who }: Moments): readonly HandoverBar[] => {
  const until = who === "NOBODY" ? to : back;
  return [
    ...bar("RUNS", "runs, proves itself", { from: launched, to: until }),
    ...(who === "REPLACEMENT" ? bar("SERVES", "serves", { from: until, to }) : []),
  ];
};

const whoServes = (record: EvaluationRecord): Moments["who"] => {
  const progress = linearOf(record);
  if (progress?.restored_at !== undefined) return "ORIGINAL";
  return progress?.serving_at === undefined ? "NOBODY" : "REPLACEMENT";
};

/** Empty: nothing was launched, or more than one moves. */
export const handover = (record: EvaluationRecord, { from, to }: Span): readonly HandoverRow[] => {
  const [swap] = record.swaps;
  const launched = instant(swap?.replacement?.launched_at);
  if (linearOf(record) === undefined || swap?.replacement === undefined || launched === undefined) {
    return [];
  }
  const down = downtimeOf(record, to) ?? { from: to, to };
  const who = whoServes(record);
  const moments: Moments = { from, launched, frozen: down.from, back: down.to, to, who };
  const { instance_id: id, pool } = swap.replacement;
  return [
    { name: "Original", detail: shortId(swap.original_id), bars: ofOriginal(moments) },
    { name: "Clients", detail: "", bars: ofClients(moments) },
    {
      name: "Replacement",
      detail: `${pool.instance_type} ${shortId(id)}`,
      bars: ofReplacement(moments),
    },
  ];
};
