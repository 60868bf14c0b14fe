/** `npm run demo -- interruption`: what serves while EC2 takes back what switches have brought. */
import { seededMarket } from "../../cloud/market/seeded.ts";
import { pageWidth, wrap } from "../../terminal/wrap.ts";
import type { ExitCode, Terminal } from "../../terminal/terminal.ts";
import type { DemoOptions } from "../options.ts";
import { stableText } from "../report/stable-document.ts";
import { seededIntroduction, seededNote, seededSetting } from "../seeded.ts";
import { stageOn } from "../stage.ts";
import { hasHeld } from "../story.ts";
import { interruptionLines } from "./interruption-lines.ts";
import { tellInterruption, type InterruptionReport } from "./interruption-story.ts";

const name = "interruption";
const openStage = stageOn("direct");

/** Undefined fields are left out by JSON.stringify. */
const storyJson = (report: InterruptionReport) => {
  const { ending, expectations, error } = report;
  return {
    name,
    mode: "INTERRUPTION",
    ok: hasHeld(report),
    error,
    ...(ending && {
      countdown: ending.moments.map(({ secondsLeft, single, group, pods, calls }) => ({
        seconds_left: secondsLeft,
        single,
        group,
        pods,
        calls,
      })),
      instance: ending.instance,
      group: ending.group,
      nodes: ending.nodes,
      way_back: ending.wayBack && {
        evaluation: ending.wayBack.evaluation,
        after_seconds: ending.wayBack.afterSeconds,
      },
      pools: ending.pools,
      group_whole_after_seconds: ending.groupWholeAfterSeconds,
    }),
    checks: expectations,
  };
};

export const runInterruption = async (
  { seed, isJson, isStable }: DemoOptions,
  terminal: Terminal,
): Promise<ExitCode> => {
  const { paint } = terminal;
  const say = (lines: readonly string[]): void => {
    for (const line of lines) terminal.stdout(`${line}\n`);
  };
  if (!isJson) {
    say([
      paint("strong", "Spot Optimizer: EC2 takes back what three switches have brought"),
      "",
      ...wrap(seededIntroduction(seed), pageWidth),
    ]);
  }
  const setting = { market: seededMarket({ seed }), ...seededSetting(seed, name) };
  const report = await tellInterruption(
    () => openStage(setting),
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
  } else say(interruptionLines(report, paint));
  return hasHeld(report) ? 0 : 1;
};
