/** `npm run demo -- governance`: waste that persons agree to delete, and an instance that nobody owns. */
import { seededMarket } from "../../cloud/market/seeded.ts";
import type { ExitCode, Terminal } from "../../terminal/terminal.ts";
import { pageWidth, wrap } from "../../terminal/wrap.ts";
import type { DemoOptions } from "../options.ts";
import { stableText } from "../report/stable-document.ts";
import { seededIntroduction, seededNote, seededSetting } from "../seeded.ts";
import { stageOn } from "../stage.ts";
import { countOf } from "../../cli/report/course.ts";
import { hasHeld } from "../story.ts";
import { tellEnforcer, type EnforcerReport } from "./enforcer-story.ts";
import { enforcerLines, wasteLines } from "./governance-lines.ts";
import { tellWaste, type WasteReport } from "./waste-story.ts";
import { everyPart } from "../../platform/customer-account.ts";

const openStage = stageOn("direct");

const cents = (usd: number): number => Math.round(usd * 100) / 100;

/** Undefined fields are left out by JSON.stringify. */
const wasteJson = (report: WasteReport) => {
  const { ending, expectations, error } = report;
  return {
    name: "waste",
    mode: "WASTE",
    ok: hasHeld(report),
    error,
    ...(ending && {
      status: ending.deleted.status,
      mutating_calls: countOf(ending.calls),
      scan_mutating_calls: countOf(ending.scanChanges),
      monthly_savings_usd: cents(
        (ending.deleted.monthly_usd ?? 0) + (ending.released.monthly_usd ?? 0),
      ),
      monthly_waste_usd: ending.total.monthly_usd,
      findings: ending.findings.map((finding) => ({
        kind: finding.kind,
        resource_id: finding.resource_id,
        days: finding.days,
        monthly_usd: finding.monthly_usd,
        owner: finding.owner,
        why: finding.why,
        effect: finding.effect,
        undo: finding.undo,
        bounds_hash: finding.bounds_hash,
      })),
      consents: ending.said,
      approvals: ending.approvals,
      deletion: {
        calls: ending.deleted.deletion?.calls.map(({ action }) => action),
        snapshot_id: ending.deleted.deletion?.snapshot_id,
        snapshot_until: ending.deleted.deletion?.snapshot_until,
        bin_exits_at: ending.deleted.deletion?.bin_exits_at,
        saves_from: ending.deleted.deletion?.saves_from,
        undo: ending.deleted.undo,
      },
      left_alone: { resource_id: ending.left.resource_id, why: ending.left.closed?.why },
      released: ending.released.resource_id,
      mutating_calls_by_name: ending.calls,
    }),
    checks: expectations,
  };
};

const enforcerJson = (report: EnforcerReport) => {
  const { ending, expectations, error } = report;
  return {
    name: "enforcer",
    mode: "ENFORCER",
    ok: hasHeld(report),
    error,
    ...(ending && {
      status: ending.finding.status,
      mutating_calls: countOf(ending.calls),
      running: ending.running,
      cap: ending.cap,
      instance_id: ending.instanceId,
      grace: ending.finding.grace,
      moments: ending.moments,
      notices: ending.notices,
      exempt: { instance_id: ending.exempt.instance_id, status: ending.exempt.status },
      mutating_calls_by_name: ending.calls,
    }),
    checks: expectations,
  };
};

export const runGovernance = async (
  { seed, isJson, isStable }: DemoOptions,
  terminal: Terminal,
): Promise<ExitCode> => {
  const { paint } = terminal;
  const say = (lines: readonly string[]): void => {
    if (!isJson) for (const line of lines) terminal.stdout(`${line}\n`);
  };
  say([
    paint("strong", "Spot Optimizer: waste, and what nobody owns"),
    "",
    ...wrap(seededIntroduction(seed), pageWidth),
  ]);
  const stageOf = (name: string) => () =>
    openStage({
      market: seededMarket({ seed }),
      ...seededSetting(seed, name),
      parameters: everyPart,
    });
  const progress = isJson ? () => undefined : terminal.progress;
  const waste = await tellWaste(stageOf("waste"), progress);
  say(wasteLines(waste, paint));
  const enforcer = await tellEnforcer(stageOf("enforcer"), progress);
  say(enforcerLines(enforcer, paint));
  const isOk = hasHeld(waste) && hasHeld(enforcer);
  if (isJson) {
    const document = {
      ok: isOk,
      seed,
      market: seededNote(seed),
      stories: [wasteJson(waste), enforcerJson(enforcer)],
    };
    const text = `${JSON.stringify(document, undefined, 2)}\n`;
    terminal.stdout(isStable ? stableText(text) : text);
  }
  return isOk ? 0 : 1;
};
