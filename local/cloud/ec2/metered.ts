/** Lets the simulated bill look at what costs money, whenever something may have changed. */
import type { Market } from "../market/market.ts";
import { put, type Release } from "./control-defects.ts";
import type { Ec2Context } from "./context.ts";
import type { RegionState } from "./state.ts";

export interface Metered {
  readonly market: Market;
  /** What is due happens now. */
  settle(): void;
  /** Of all accounts. */
  regions(): readonly RegionState[];
  /** @param listener told the time, milliseconds since the epoch, after whatever may have changed something */
  onChange(listener: (atMs: number) => void): Release;
  now(): number;
}

export const meteredOf = (context: Ec2Context): Metered => ({
  market: context.market,
  settle: () => {
    context.timeline.settle();
  },
  regions: () => [...context.accounts.values()].flatMap((account) => [...account.regions.values()]),
  onChange: (listener) => put(context.happened, listener),
  now: () => context.clock.now(),
});

export const tellHappened = ({ happened }: Ec2Context, atMs: number): void => {
  for (const listener of happened) listener(atMs);
};

/** The same functions; after each is told that something may have changed. */
export const tellAfter = <T extends object>(context: Ec2Context, controls: T): T =>
  Object.fromEntries(
    Object.entries(controls).map(([name, control]: [string, (...given: unknown[]) => unknown]) => [
      name,
      (...given: unknown[]): unknown => {
        const output = control(...given);
        tellHappened(context, context.clock.now());
        return output;
      },
    ]),
  ) as T;
