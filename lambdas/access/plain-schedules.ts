/** Functions that are called every so many minutes, with an empty event, and need nothing of their own: infra and the laptop call them alike. */
import type { FunctionName } from "./functions.ts";

export interface PlainSchedule {
  readonly name: FunctionName;
  readonly everyMinutes: number;
  readonly description: string;
}

/** Each finds by itself which account and region is due: unclaimed things are looked for every six hours, instances without an owner each hour, waste once a day; savings are stated every six hours. */
export const plainSchedules = [
  {
    name: "schedule-find-unclaimed",
    everyMinutes: 15,
    description: "Lists what carries our tags in customers' accounts and nothing claims",
  },
  {
    name: "schedule-off-board",
    everyMinutes: 5,
    description: "Carries out what was agreed to about accounts that leave",
  },
  {
    name: "enforce-scan-place",
    everyMinutes: 5,
    description: "Flags what runs without an owner in the accounts that have turned that on",
  },
  {
    name: "enforce-carry-out",
    everyMinutes: 5,
    description: "Tells the owners of what was flagged, and stops what is due",
  },
  {
    name: "waste-scan-place",
    everyMinutes: 15,
    description: "Looks for waste in the accounts that have turned it on",
  },
  {
    name: "waste-carry-out",
    everyMinutes: 5,
    description: "Deletes what persons have agreed to, step by step",
  },
  {
    name: "ledger-note-spans",
    everyMinutes: 15,
    description: "Notes what runs for each target, for the savings ledger",
  },
  {
    name: "ledger-state-days",
    everyMinutes: 60,
    description: "States what each target's days have saved",
  },
] as const satisfies readonly PlainSchedule[];

/** It is given a bus, a key and the API's address. */
export const deliverSchedule = {
  name: "notice-deliver",
  everyMinutes: 1,
  description: "Delivers notices to topics, webhooks and our own bus",
} as const satisfies PlainSchedule;

/** It is given the namespace of our metrics. */
export const measureSchedule = {
  name: "schedule-measure",
  everyMinutes: 15,
  description: "Measures what goes on and what waits, for the dashboard and its alarms",
} as const satisfies PlainSchedule;

/** It starts evaluations besides, for which it is given more. Each time it looks twice. */
export const watchSchedule = {
  name: "schedule-watch-requests",
  everyMinutes: 1,
  description: "Reads the status of Spot requests of PROD targets with data, twice a minute",
} as const;

/** As a laptop calls them: what they are given of their own is not its matter. */
export const allSchedules = [
  ...plainSchedules,
  deliverSchedule,
  measureSchedule,
  watchSchedule,
] as const;
