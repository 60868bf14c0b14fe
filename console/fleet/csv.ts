/** The rows that are shown as a table for spreadsheets, in UTC and with whole figures. */
import type { FleetRow } from "./rows.ts";

const columns = [
  "target_id",
  "name",
  "mode",
  "account_id",
  "region",
  "instance_id",
  "members",
  "standing",
  "instance_type",
  "zone_id",
  "pools",
  "risk",
  "max_risk",
  "pays_hourly_usd",
  "on_demand_hourly_usd",
  "saves_monthly_usd",
  "saves_basis",
  "verdict",
  "reason",
  "sentence",
  "judged_at",
] as const satisfies readonly (keyof FleetRow)[];

/** What a spreadsheet would take for a formula: names come from whoever may tag an instance. */
const isFormula = /^[=+\-@\t\r]/;

const cell = (value: FleetRow[keyof FleetRow]): string => {
  if (value === null) return "";
  if (typeof value !== "string") return String(value);
  const text = isFormula.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** RFC 4180. */
export const csvOf = (rows: readonly FleetRow[]): string =>
  [columns.join(","), ...rows.map((row) => columns.map((name) => cell(row[name])).join(","))]
    .map((line) => `${line}\r\n`)
    .join("");
