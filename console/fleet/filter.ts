/**
 * Which rows of the fleet are shown: words joined by AND, each in any text of the row, or in one field: `reason:X`, `account:Y`,
 * `risk>5` in per cent, or exactly `standing=ON_SPOT,SWITCHED`. And one of the groups above the table.
 */
import { isActing, type FleetRow } from "./rows.ts";

type Test = (row: FleetRow) => boolean;

const modes: Readonly<Record<FleetRow["mode"], string>> = {
  LINEAR: "instance",
  CLUSTER: "group",
  KUBERNETES: "nodes",
};

const text = (value: string | null): string => (value ?? "").toLowerCase();

/** What a word may name, by the name of the field. */
const fields: Readonly<Record<string, (row: FleetRow) => string>> = {
  account: ({ account_id: account }) => text(account),
  mode: ({ mode }) => `${text(mode)} ${modes[mode]}`,
  name: ({ name }) => text(name),
  id: ({ target_id: target, instance_id: instance }) => `${text(target)} ${text(instance)}`,
  reason: ({ reason, sentence }) => `${text(reason)} ${text(sentence)}`,
  region: ({ region }) => text(region),
  standing: ({ standing }) => text(standing).replaceAll("_", " "),
  type: ({ instance_type: type }) => text(type),
  verdict: ({ verdict }) => text(verdict).replaceAll("_", " "),
  zone: ({ zone_id: zone }) => text(zone),
};

/** In the unit in which they are shown. */
const figures: Readonly<Record<string, (row: FleetRow) => number | null>> = {
  risk: ({ risk }) => (risk === null ? null : risk * 100),
  saves: ({ saves_monthly_usd: saves }) => saves,
  pays: ({ pays_hourly_usd: pays }) => pays,
  members: ({ members }) => members,
};

const comparison = /^([a-z]+)([<>])(-?\d+(?:\.\d+)?)$/;

const byFigure = (word: string): Test | undefined => {
  const [, name = "", sign, limit] = comparison.exec(word) ?? [];
  const figure = Object.hasOwn(figures, name) ? figures[name] : undefined;
  if (figure === undefined) return undefined;
  return (row) => {
    const value = figure(row);
    if (value === null) return false;
    return sign === ">" ? value > Number(limit) : value < Number(limit);
  };
};

const byField = (word: string): Test | undefined => {
  const colon = word.indexOf(":");
  const name = word.slice(0, Math.max(0, colon));
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  const wanted = word.slice(colon + 1).replaceAll("_", " ");
  if (field === undefined) return undefined;
  return (row) => field(row).replaceAll("_", " ").includes(wanted);
};

/** As the API spells them. */
const exact: Readonly<Record<string, (row: FleetRow) => string | null>> = {
  account: ({ account_id: account }) => account,
  basis: ({ saves_basis: basis }) => basis,
  mode: ({ mode }) => mode,
  reason: ({ reason }) => reason,
  region: ({ region }) => region,
  standing: ({ standing }) => standing,
  type: ({ instance_type: type }) => type,
  verdict: ({ verdict }) => verdict,
  zone: ({ zone_id: zone }) => zone,
};

/** One of several: they are where totals lead to. */
const byExact = (word: string): Test | undefined => {
  const [name = "", list] = word.split("=", 2);
  const field = Object.hasOwn(exact, name) ? exact[name] : undefined;
  if (field === undefined || list === undefined) return undefined;
  const wanted = new Set(list.split(","));
  return (row) => wanted.has(text(field(row)));
};

const all = Object.values(fields);

/** Of each row once: letters are typed faster than ten thousand rows are spelled. */
const spelled = new WeakMap<FleetRow, string>();

const textOf = (row: FleetRow): string => {
  const known = spelled.get(row) ?? all.map((field) => field(row)).join("\n");
  spelled.set(row, known);
  return known;
};

/** Rows at a time, in about two milliseconds: what somebody does meanwhile does not wait for longer. */
const atOnce = 500;

/**
 * Spells rows ahead, so that the first letter that is typed does not wait for all of them.
 *
 * @param later runs what it is given after what else is to be done, and returns how to call that off
 * @returns ends it
 */
export const spellAhead = (
  rows: readonly FleetRow[],
  later: (run: () => void) => () => void,
): (() => void) => {
  const left = rows.filter((row) => !spelled.has(row));
  let callOff = (): void => undefined;
  const goOn = (): void => {
    for (const row of left.splice(0, atOnce)) textOf(row);
    if (left.length > 0) callOff = later(goOn);
  };
  if (left.length > 0) callOff = later(goOn);
  return () => {
    callOff();
  };
};

const anywhere =
  (word: string): Test =>
  (row) =>
    textOf(row).includes(word);

/** @param filter as it is typed */
export const matches = (filter: string): Test => {
  const tests = filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "")
    .map((word) => byFigure(word) ?? byExact(word) ?? byField(word) ?? anywhere(word));
  return (row) => tests.every((test) => test(row));
};

/** Above the table, each with how many it has. */
export const groups = {
  all: { name: "All", has: () => true },
  spot: { name: "On Spot", has: ({ standing }) => standing === "ON_SPOT" },
  "on-demand": { name: "On-Demand", has: ({ standing }) => standing === "ON_DEMAND" },
  shadow: { name: "Shadow", has: ({ is_shadow_mode: isShadow }) => isShadow },
  acting: { name: "Acting now", has: isActing },
} satisfies Readonly<Record<string, { readonly name: string; readonly has: Test }>>;

export type GroupName = keyof typeof groups;

export const isGroup = (name: string | null): name is GroupName =>
  name !== null && Object.hasOwn(groups, name);
