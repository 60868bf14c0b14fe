/** When nobody served: exact, from each change of an instance's state and each call, and never from our own record. */
import type { Platform } from "../platform/platform.ts";
import type { Span } from "./service.ts";

export interface UnservedWatch {
  /** So many seconds of that span nothing ran there; undefined for a subject without an address by which that could be told. */
  secondsIn(span: Span): number | undefined;
  /** So many seconds nothing ran there, or its application did not answer the load balancers. */
  unansweredSecondsIn(span: Span): number;
  /** Instant at which the load balancers were answered again last; undefined while they are not, and where they always were. */
  readonly answeredAtMs: number | undefined;
  /** Instants at which service went. */
  readonly lossesAtMs: readonly number[];
  /** Instant at which service came back last; undefined while there is none, and where it never went. */
  readonly backAtMs: number | undefined;
}

interface Change {
  readonly atMs: number;
  readonly isServed: boolean;
}

const secondsOf = (changes: readonly Change[], { fromMs, toMs }: Span): number => {
  const untilOf = (index: number): number => changes[index + 1]?.atMs ?? Infinity;
  const unserved = changes.map(({ atMs, isServed }, index) =>
    isServed ? 0 : Math.min(untilOf(index), toMs) - Math.max(atMs, fromMs),
  );
  return unserved.reduce((sum, ms) => sum + Math.max(0, ms), 0) / 1000;
};

const lastBack = (changes: readonly Change[]): number | undefined => {
  const last = changes.at(-1);
  return last?.isServed === true && changes.length > 1 ? last.atMs : undefined;
};

/** @param allocationId Elastic IP of the original by which its clients come */
export const watchUnserved = (
  platform: Platform,
  { accountId, allocationId }: { readonly accountId: string; readonly allocationId?: string },
): UnservedWatch => {
  const { clock, cloud, ec2, elb } = platform;
  const changes: Change[] = [];
  const answers: Change[] = [];
  const note = (kept: Change[], isServed: boolean): void => {
    if (kept.at(-1)?.isServed !== isServed) kept.push({ atMs: clock.now(), isServed });
  };
  const look = (): void => {
    if (allocationId === undefined) return;
    const holder = ec2.control.holderOf(accountId, allocationId);
    note(changes, holder !== undefined);
    note(answers, holder !== undefined && elb.isAnswering(holder));
  };
  cloud.faults.after(look);
  ec2.control.onEvent(look);
  look();
  return {
    secondsIn: (span) => (allocationId === undefined ? undefined : secondsOf(changes, span)),
    unansweredSecondsIn: (span) => secondsOf(answers, span),
    get answeredAtMs() {
      return lastBack(answers);
    },
    get lossesAtMs() {
      return changes.filter(({ isServed }) => !isServed).map(({ atMs }) => atMs);
    },
    get backAtMs() {
      return lastBack(changes);
    },
  };
};
