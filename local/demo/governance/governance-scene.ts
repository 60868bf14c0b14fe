/** An account in which waste lies about and something runs that nobody owns, and the product's functions as their schedules call them. */
import type { FunctionName } from "../../../lambdas/access/functions.ts";
import type { LabAccount } from "../../lab/account.ts";
import { hourMs } from "../../lab/schedules.ts";

const minuteMs = 60_000;

/** As the laptop's header names a person; nobody checks it there. */
const as = (name: string) => ({ "spot-optimizer-identity": name });

interface Asked {
  readonly method: "GET" | "POST" | "PUT";
  readonly path: string;
  readonly body?: unknown;
  /** Who asks. */
  readonly by: string;
}

export interface Answered {
  readonly status: number;
  readonly body: unknown;
}

export const ask = async ({ api }: LabAccount, { by, ...asked }: Asked): Promise<Answered> => {
  const { status, text } = await api.send({ ...asked, headers: as(by) });
  return { status, body: JSON.parse(text) as unknown };
};

/** @throws Error where the API refuses */
export const must = async (account: LabAccount, asked: Asked): Promise<unknown> => {
  const { status, body } = await ask(account, asked);
  if (status < 300) return body;
  throw new Error(`${asked.method} ${asked.path} answered ${String(status)}.`);
};

/** A schedule: the function, and how often it comes. */
export interface Coming {
  readonly name: FunctionName;
  readonly everyMinutes: number;
}

/** Lets the hours pass while the functions come, and tells after each round. */
export const pass = async (
  { clock, platform }: LabAccount,
  hours: number,
  {
    coming,
    afterEach,
  }: { readonly coming: readonly Coming[]; readonly afterEach?: () => Promise<void> },
): Promise<void> => {
  const step = Math.min(...coming.map(({ everyMinutes }) => everyMinutes));
  const beganMs = clock.now();
  for (let minute = step; minute <= hours * 60; minute += step) {
    await clock.run({ atMostMs: beganMs + minute * minuteMs });
    for (const { name, everyMinutes } of coming) {
      if (minute % everyMinutes === 0) await platform.functions.invoke(name, {});
    }
    await afterEach?.();
  }
};

export const hoursSince = (sinceMs: number, nowMs: number): number =>
  Math.round(((nowMs - sinceMs) / hourMs) * 100) / 100;
