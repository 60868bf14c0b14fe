/** How a resource stands by one reading: used, kept by somebody, or looking like waste, with what there is to say of it. */
import type { KeptReason } from "../model/waste/finding.ts";
import type { WastePrices } from "../model/waste/price.ts";

/** Something that is charged for it; `times`: hours, GB, IOPS … of the price's unit in a month. */
export interface Charge {
  readonly times: number;
  /** Undefined where the list has no such row, or more than one that could be meant. */
  readonly price: (
    prices: WastePrices,
  ) => { readonly usd: number; readonly unit: string } | undefined;
}

export interface Waste {
  /** Why it is waste. */
  readonly why: string;
  /** What deletion would do. */
  readonly effect: string;
  /** How it is undone. */
  readonly undo: string;
  /** What can't be asked of anybody, in words. */
  readonly unchecked: readonly string[];
  readonly charges: readonly Charge[];
  readonly label?: string;
  /** Another resource whose finding has these charges in it. */
  readonly countedWith?: string;
}

export type Judgement =
  /** It is not waste now: its days begin anew. */
  | { readonly kind: "USED"; readonly because: string }
  /** Whatever its days are, it is not offered. */
  | { readonly kind: "KEPT"; readonly reasons: readonly [KeptReason, ...KeptReason[]] }
  | { readonly kind: "IDLE"; readonly waste: Waste };

export const used = (because: string): Judgement => ({ kind: "USED", because });

/** Kept where somebody keeps it, else what looks like waste. */
export const unlessKept = (reasons: readonly KeptReason[], waste: () => Waste): Judgement => {
  const [first, ...others] = reasons;
  return first === undefined
    ? { kind: "IDLE", waste: waste() }
    : { kind: "KEPT", reasons: [first, ...others] };
};

/** The reasons whose condition holds. */
export const reasonsOf = (
  rules: readonly (readonly [boolean, KeptReason["code"], string])[],
): readonly KeptReason[] =>
  rules.flatMap(([holds, code, sentence]) => (holds ? [{ code, sentence }] : []));

/** What AWS tells of one resource alone, asked once its days are over. */
export type LookUp =
  | { readonly kind: "CLEAR" }
  | { readonly kind: "KEPT"; readonly reasons: readonly KeptReason[] }
  /** It was used between two readings: its days begin anew. */
  | { readonly kind: "USED"; readonly because: string }
  /** Something could not be read: nothing is concluded. */
  | { readonly kind: "UNKNOWN"; readonly reasons: readonly KeptReason[] };
