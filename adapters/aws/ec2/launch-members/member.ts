/**
 * How each member of an SDK type is treated when a clone is made. The tables beside this file name every member, so
 * that a new version of the SDK neither compiles nor passes its tests until somebody has said what becomes of the new
 * one. They describe the code as it is; the tests set each member in a reading and look for it. A † marks what is from
 * general knowledge, without a source.
 */
import type { IneligibilityCode } from "../../../../core/model/verdict.ts";

/** Of a structure whose members are not all treated alike: these count, member by member. */
interface WithParts {
  readonly parts?: MemberTable;
}

/** The clone gets it as the source has it. */
interface Copied extends WithParts {
  readonly treatment: "copied";
}

/** It becomes a fact: a rule of eligibility, re-validation or candidates may look at it. */
interface Compared extends WithParts {
  readonly treatment: "compared";
}

/** A source that has anything but the default is refused, or a template's member is named as not carried. */
interface Refused extends WithParts {
  readonly treatment: "refused-unless-default";
  readonly reason: string;
  /** The rule that refuses a live instance. */
  readonly code?: IneligibilityCode;
  /** What a template may state without asking for anything; nothing and empty ones go without saying. */
  readonly defaults: readonly unknown[];
}

/** Its value at the source means nothing to the clone. */
interface Irrelevant {
  readonly treatment: "irrelevant";
  readonly reason: string;
}

/** The clone has the default, and does what it is for all the same. The reason says what is otherwise; docs/workflows/linear.md tells it. */
interface Told {
  readonly treatment: "told";
  readonly reason: string;
}

export type Member = Copied | Compared | Refused | Irrelevant | Told;

export type MemberTable = Readonly<Record<string, Member>>;

/** A table of all members of an SDK type, whether optional or not. */
export type MembersOf<Type> = { readonly [Key in keyof Required<Type>]: Member };

export const copied = { treatment: "copied" } as const satisfies Member;

export const copiedIn = (parts: MemberTable) => ({ treatment: "copied", parts }) as const;

export const compared = { treatment: "compared" } as const satisfies Member;

export const comparedIn = (parts: MemberTable) => ({ treatment: "compared", parts }) as const;

/** Of a live instance. */
export const refusedBy = (code: IneligibilityCode, reason: string) =>
  ({ treatment: "refused-unless-default", code, reason, defaults: [] }) as const;

/** Of a live instance: what it has beyond the default its clone would lack. */
export const notCarriedBut = (reason: string, ...defaults: readonly unknown[]) =>
  ({ treatment: "refused-unless-default", code: "NOT_CARRIED", reason, defaults }) as const;

/** Of a template or a request. */
export const refused = (reason: string, ...defaults: readonly unknown[]) =>
  ({ treatment: "refused-unless-default", reason, defaults }) as const;

/** A structure that is nothing but its members. */
export const refusedIn = (reason: string, parts: MemberTable) =>
  ({ treatment: "refused-unless-default", reason, defaults: [], parts }) as const;

export const irrelevant = (reason: string) => ({ treatment: "irrelevant", reason }) as const;

export const told = (reason: string) => ({ treatment: "told", reason }) as const;
