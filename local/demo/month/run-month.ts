/** `npm run demo -- month`: what a month has saved, what its owner was told, and an alarm. */
import type { ExitCode, Terminal } from "../../terminal/terminal.ts";
import { pageWidth, wrap } from "../../terminal/wrap.ts";
import type { DemoOptions } from "../options.ts";
import { stableText } from "../report/stable-document.ts";
import { monthLines } from "./month-lines.ts";
import { shadowRows } from "./shadow-lines.ts";
import { termRows } from "./term-rows.ts";
import { tellMonth, type MonthEnding, type MonthReport } from "./month-story.ts";

const monthDays = 30;

const cents = (usd: number): number => Math.round(usd * 100) / 100;

/** In cents and minutes: what follows from how long a call takes does not show. */
const savingsJson = (ending: MonthEnding) => {
  const { total } = ending.savings;
  const { low, high, is_range: isRange } = total.net_usd;
  return {
    targets: total.targets,
    terms: termRows(ending).map((row) => ({ ...row, usd: cents(row.usd) })),
    gross_usd: cents(total.gross_usd),
    net_usd: { low: cents(low), high: cents(high), is_range: isRange },
    downtime_minutes: Math.round(total.downtime_seconds / 60),
    shadow: shadowRows(ending).map(({ name, decisions, hours, saved_usd: saved, brier }) => ({
      capacity: name,
      decisions,
      hours,
      would_have_saved_usd: cents(saved.likely),
      brier,
    })),
  };
};

/** Undefined fields are left out by JSON.stringify. */
const monthJson = ({ ending, expectations, error }: MonthReport) => ({
  name: "month",
  error,
  ...(ending && {
    days: ending.days,
    happened: ending.happened,
    savings: savingsJson(ending),
    notices: ending.notices.map(({ kind, error: reason, times, sentence, next_step: next }) => ({
      kind,
      reason,
      times,
      sentence,
      next_step: next,
    })),
    messages_taken: ending.taken,
    alarm: ending.alarm,
  }),
  checks: expectations,
});

/** @param days default: a month */
export const runMonth = async (
  { seed, isJson, isStable }: DemoOptions,
  terminal: Terminal,
  days = monthDays,
): Promise<ExitCode> => {
  const { paint } = terminal;
  const say = (lines: readonly string[]): void => {
    if (!isJson) for (const line of lines) terminal.stdout(`${line}\n`);
  };
  say([
    paint("strong", "Spot Optimizer: what a month has saved"),
    "",
    ...wrap(
      `Three instances on a simulated AWS, ${String(days)} days of virtual time. Two are switched, taken back by EC2, recovered and brought back, and some switches are undone; the third is in shadow mode, and ` +
        "stopped each night. What is paid, by the hour and with its rounding, the simulated cloud bills by itself: npm run bench -- ledger holds the two against each other.",
      pageWidth,
    ),
  ]);
  const report = await tellMonth(seed, days);
  say(monthLines(report, paint));
  const isOk = report.ending !== undefined && report.expectations.every(({ held }) => held);
  if (isJson) {
    const json = `${JSON.stringify({ ok: isOk, seed, stories: [monthJson(report)] }, undefined, 2)}\n`;
    terminal.stdout(isStable ? stableText(json) : json);
  }
  return isOk ? 0 : 1;
};
