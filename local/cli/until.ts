/** Reads `--until`: a time, a day, or a span from now. */
import type { Command } from "commander";
import { dataOf } from "./api/client.ts";
import type { Context } from "./context.ts";
import { Failure } from "./failure.ts";

export interface UntilOptions {
  readonly until: string;
}

export const addUntil = (command: Command, what: string): Command =>
  command.requiredOption(
    "--until <time>",
    `${what}: a time (2026-12-01T06:00Z), a day (2026-12-01, its begin in UTC) or a span from now (12h, 30d)`,
  );

const hourMs = 3_600_000;
const unitMs: Readonly<Record<string, number>> = { h: hourMs, d: 24 * hourMs };

const spanPattern = /^(\d{1,5})([hd])$/;

const instantOf = (text: string, now: Date): number => {
  const [, count, unit = ""] = spanPattern.exec(text) ?? [];
  if (count !== undefined) return now.getTime() + Number(count) * (unitMs[unit] ?? NaN);
  const isTime = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z)?$/.test(text);
  return isTime ? Date.parse(text) : NaN;
};

/** The API's own: at the laptop its time is a simulated one. */
const nowOf = async ({ api }: Pick<Context, "api">): Promise<Date> =>
  new Date((await dataOf(api.GET("/api/v1/health"))).checked_at);

/** ISO 8601. @throws Failure for what is neither a time, a day nor a span */
export const untilOf = async (
  context: Pick<Context, "api">,
  { until }: UntilOptions,
): Promise<string> => {
  const now = spanPattern.test(until) ? await nowOf(context) : new Date(0);
  const at = instantOf(until, now);
  if (!Number.isNaN(at)) return new Date(at).toISOString();
  throw new Failure("USAGE", `--until ${until} is not a time`, {
    next: "give a day as 2026-12-01, a time as 2026-12-01T06:00Z, or a span as 30d",
  });
};
