/** The rows of a preflight as a table for spreadsheets. */
import type { PreflightRow } from "../../core/model/preflight.ts";
import { csvOf, type Cell } from "./csv.ts";

type Offer = PreflightRow["offers"][number];

const percent = (fraction: number): number => Math.round(fraction * 1000) / 10;
const cents = (usd: number | undefined): Cell =>
  usd === undefined ? undefined : Math.round(usd * 100) / 100;

const spellOffer = ({ instanceType, zoneId, spotHourlyUsd, risk }: Offer): string =>
  `${instanceType} in ${zoneId} at $${spotHourlyUsd.toFixed(4)}/h (risk ${String(percent(risk))} %)`;

const listed = (texts: readonly string[]): string => texts.join("; ");

/** Documented in docs/preflight.md. */
export const preflightColumns: Readonly<Record<string, (row: PreflightRow) => Cell>> = {
  id: ({ id }) => id,
  region: ({ region }) => region,
  mode: ({ mode }) => mode,
  name: ({ name }) => name,
  instance_id: ({ instanceId }) => instanceId,
  instance_type: ({ instanceType }) => instanceType,
  zone: ({ zoneName }) => zoneName,
  target_id: ({ targetId }) => targetId,
  outcome: ({ outcome }) => outcome,
  reason: ({ reason }) => reason,
  sentence: ({ sentence }) => sentence,
  missing: ({ missing }) => listed(missing.map(({ kind, name }) => `${kind} ${name}`)),
  instances: ({ instances }) => instances,
  monthly_usd: ({ monthlyUsd }) => cents(monthlyUsd),
  savings_percent: ({ savingsPercent }) => cents(savingsPercent),
  risk_percent: ({ offers: [best] }) => (best === undefined ? undefined : percent(best.risk)),
  horizon_hours: ({ offers: [best] }) => best?.horizonHours,
  offers: ({ offers }) => listed(offers.map(spellOffer)),
  downtime_seconds: ({ downtimeSeconds }) => downtimeSeconds,
  losses: ({ losses }) => listed(losses),
  later: ({ later }) => listed(later),
  unchecked: ({ unchecked }) => listed(unchecked),
};

export const preflightCsv = (rows: readonly PreflightRow[]): string =>
  csvOf(preflightColumns, rows);
