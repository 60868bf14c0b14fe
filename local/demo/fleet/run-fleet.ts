/** `npm run demo -- fleet`: 300 mixed instances, three groups and a cluster. */
import { seededMarket } from "../../cloud/market/seeded.ts";
import { pageWidth, wrap } from "../../terminal/wrap.ts";
import type { ExitCode, Terminal } from "../../terminal/terminal.ts";
import type { DemoOptions } from "../options.ts";
import { stableText } from "../report/stable-document.ts";
import { seededIntroduction, seededNote, seededSetting } from "../seeded.ts";
import { stageOn } from "../stage.ts";
import { countOf } from "../../cli/report/course.ts";
import { hasHeld } from "../story.ts";
import { fleetLines, savedMonthly } from "./fleet-lines.ts";
import { tellFleet, type FleetReport } from "./fleet-story.ts";

const name = "fleet";

/** Judging hundreds reads megabytes, which would stand in XML for most of the time. The other stories go through it. */
const openStage = stageOn("direct");

const cents = (amount: number): number => Math.round(amount * 100) / 100;

/** Undefined fields are left out by JSON.stringify. */
const storyJson = (report: FleetReport) => {
  const { ending, expectations, error } = report;
  return {
    name,
    mode: "FLEET",
    ok: hasHeld(report),
    error,
    ...(ending && {
      status: ending.preflight.status,
      mutating_calls: countOf(ending.mutatingCalls),
      preflight_mutating_calls: countOf(ending.preflightChanges),
      monthly_savings_usd: cents(savedMonthly(ending)),
      preflight_calls: ending.preflightCalls,
      subjects: ending.subjects.length,
      preflight: ending.preflight,
      registered: ending.registered,
      sweeps: ending.sweeps,
      acted: ending.acted.map(({ monthlyUsd, ...acted }) => ({
        ...acted,
        monthly_usd: cents(monthlyUsd),
      })),
    }),
    checks: expectations,
  };
};

const say = (terminal: Terminal, lines: readonly string[]): void => {
  for (const line of lines) terminal.stdout(`${line}\n`);
};

export const runFleet = async (options: DemoOptions, terminal: Terminal): Promise<ExitCode> => {
  const { seed, isJson, isStable } = options;
  const { paint } = terminal;
  if (!isJson) {
    say(terminal, [
      paint("strong", "Spot Optimizer: a fleet, judged before anything is registered"),
      "",
      ...wrap(seededIntroduction(seed), pageWidth),
    ]);
  }
  const setting = { market: seededMarket({ seed }), ...seededSetting(seed, name) };
  const report = await tellFleet(
    () => openStage(setting),
    seed,
    isJson ? () => undefined : terminal.progress,
  );
  if (isJson) {
    const document = {
      ok: hasHeld(report),
      seed,
      market: seededNote(seed),
      stories: [storyJson(report)],
    };
    const text = `${JSON.stringify(document, undefined, 2)}\n`;
    terminal.stdout(isStable ? stableText(text) : text);
  } else say(terminal, fleetLines(report, paint));
  return hasHeld(report) ? 0 : 1;
};
