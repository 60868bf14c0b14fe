/** What every screen shows: whether the API works, and whether anything may be switched. */
import { effect } from "@preact/signals";
import { serverSaid } from "../clock.ts";
import { pollWhole } from "./polled.ts";
import type { Schemas } from "./types.ts";

const everyMs = (): number => 10_000;

export const health = pollWhole<Schemas["Health"]>("/health", everyMs);

export const killSwitch = pollWhole<Schemas["KillSwitch"]>("/kill-switch", everyMs);

effect(() => {
  const { value } = health.reading.value;
  if (value !== undefined) serverSaid(value.checked_at);
});

const fiveMinutesMs = 300_000;

/** Of this month, of all accounts. */
export const savings = pollWhole<Schemas["SavingsOfMonth"]>("/savings", () => fiveMinutesMs);
