/** When nobody served: exact, from each change of an instance's state and each call, and never from our own record. */
import type { Platform } from "../platform/platform.ts";
import type { Span } from "./service.ts";

export interface UnservedWatch {
  /** So many seconds of that span; undefined for a subject without an address by which that could be told. */
  secondsIn(span: Span): number | undefined;
  /** Instant at which service came back last; undefined while there is none, and where it never went. */
  readonly backAtMs: number | undefined;
}

interface Change {
  readonly atMs: number;
  readonly isServed: boolean;
}

/** @param allocationId Elastic IP of the original by which its clients come */
export const watchUnserved = (
  platform: Platform,
  { accountId, allocationId }: { readonly accountId: string; readonly allocationId?: string },
): UnservedWatch => {
  const { clock, cloud, ec2 } = platform;
  const changes: Change[] = [];
  const look = (): void => {
    if (allocationId === undefined) return;
    const isServed = ec2.control
      .running(accountId)
      .some(({ allocationIds }) => allocationIds.includes(allocationId));
    if (changes.at(-1)?.isServed !== isServed) changes.push({ atMs: clock.now(), isServed });
  };
  cloud.faults.after(look);
  ec2.control.onEvent(look);
  look();
  const untilOf = (index: number): number => changes[index + 1]?.atMs ?? Infinity;
  return {
    secondsIn: ({ fromMs, toMs }) => {
      if (allocationId === undefined) return undefined;
      const unserved = changes.map(({ atMs, isServed }, index) =>
        isServed ? 0 : Math.min(untilOf(index), toMs) - Math.max(atMs, fromMs),
      );
      return unserved.reduce((sum, ms) => sum + Math.max(0, ms), 0) / 1000;
    },
    get backAtMs() {
      const last = changes.at(-1);
      return last?.isServed === true && changes.length > 1 ? last.atMs : undefined;
    },
  };
};
